// SPDX-License-Identifier: Apache-2.0
import Cryptography
public import Vocabulary

/// One validator: the key it signs with and the stake its votes weigh.
public struct Validator: CanonicalCodable, Hashable {
    /// The key its votes and proposals are signed with.
    public let key: PublicKey
    /// Its weight; at least 1.
    public let stake: UInt128

    /// Gives a key its weight.
    public init(key: PublicKey, stake: UInt128) {
        self.key = key
        self.stake = stake
    }

    /// Appends the key, then the stake.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(key)
        encoder.write(stake)
    }

    /// Reads the key, then the stake.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        key = try decoder.read()
        stake = try decoder.read()
    }
}

/// Why a list of validators cannot govern a chain.
public enum ValidatorSetError: Error, Equatable, Sendable {
    /// The list is empty.
    case empty
    /// The list is longer than ``ValidatorSet/validatorsMax``.
    case tooMany(Int)
    /// A key stands in the list twice.
    case repeatedKey(PublicKey)
    /// A validator has no stake.
    case noStake(PublicKey)
    /// The stakes add up to more than ``ValidatorSet/totalStakeMax``.
    case tooMuchStake
}

/// Those who decide: an ordered list of keys and stakes (CONSENSUS-1).
///
/// A validator is named on the wire by its place in this list.
public struct ValidatorSet: Sendable, Hashable {
    /// The most validators: 128 signatures of 64 bytes keep a certificate under 9 KiB.
    public static let validatorsMax = 128
    /// The most stake, 2^120 - 1: 128 times the total still fits 128 bits.
    public static let totalStakeMax: UInt128 = (1 << 120) - 1
    /// Slots in a row that one validator leads.
    public static let slotsPerWindow: UInt64 = 4

    /// The validators in order.
    public let validators: [Validator]
    /// The sum of all stakes.
    public let totalStake: UInt128

    /// Checks a list of validators.
    ///
    /// - Throws: ``ValidatorSetError`` naming the first rule that the list breaks.
    public init(_ validators: [Validator]) throws(ValidatorSetError) {
        guard !validators.isEmpty else { throw .empty }
        guard validators.count <= Self.validatorsMax else { throw .tooMany(validators.count) }
        var total: UInt128 = 0
        var seen: Set<PublicKey> = []
        for validator in validators {
            guard seen.insert(validator.key).inserted else { throw .repeatedKey(validator.key) }
            guard validator.stake > 0 else { throw .noStake(validator.key) }
            let (sum, overflow) = total.addingReportingOverflow(validator.stake)
            guard !overflow, sum <= Self.totalStakeMax else { throw .tooMuchStake }
            total = sum
        }
        self.validators = validators
        totalStake = total
    }

    /// How many validators there are.
    public var count: Int { validators.count }

    /// The stake that decides: `floor(2W/3) + 1` (CONSENSUS-2).
    public var quorum: UInt128 { totalStake * 2 / 3 + 1 }

    /// The place of a key in the list, or nothing.
    public func index(of key: PublicKey) -> Int? {
        validators.firstIndex { $0.key == key }
    }

    /// The window a slot lies in; slots 0 to 3 are window 0.
    public static func window(of slot: Slot) -> UInt64 { slot.value / slotsPerWindow }

    /// The place of the validator that leads a slot (CONSENSUS-3).
    ///
    /// The same for all slots of a window. As many windows as there are validators make a round,
    /// in which each leads in proportion to its stake, rounded up or down; so nobody leads many
    /// windows in a row without the stake for it. Cost: one hash and a walk over the list.
    public func leader(of slot: Slot, chain: ChainID) -> Int {
        let count = UInt64(validators.count)
        let window = Self.window(of: slot)
        let seed = Self.seed(ofRound: window / count, chain: chain)
        let fraction = UInt128(Self.number(seed[0..<8])) << 64 | UInt128(Self.number(seed[8..<16]))
        let stride = Self.coprime(to: count, from: Self.number(seed[16..<24]))
        let first = Self.number(seed[24..<32]) % count
        let turn = (window % count * stride + first) % count
        let shift = fraction.multipliedFullWidth(by: totalStake).high
        return holder(of: (UInt128(turn) * totalStake + shift) / UInt128(count))
    }

    /// The validator in whose share of the stake `point`, which is below the total, lies.
    private func holder(of point: UInt128) -> Int {
        var rest = point
        for (index, validator) in validators.enumerated() {
            if rest < validator.stake { return index }
            rest -= validator.stake
        }
        preconditionFailure("a point below the total lies in somebody's share")
    }

    private static func seed(ofRound round: UInt64, chain: ChainID) -> [UInt8] {
        var encoder = CanonicalEncoder(capacity: 64)
        encoder.writeFixed(Array("atoll/leader/1".utf8) + [0])
        encoder.write(chain)
        encoder.write(round)
        return SHA256.hash(encoder.bytes).raw.bytes
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    }

    /// The first number from `draw` modulo `count` on, in a circle, that shares no factor with it.
    private static func coprime(to count: UInt64, from draw: UInt64) -> UInt64 {
        var candidate = draw % count
        while greatestCommonDivisor(candidate, count) != 1 { candidate = (candidate + 1) % count }
        return candidate
    }

    private static func greatestCommonDivisor(_ left: UInt64, _ right: UInt64) -> UInt64 {
        var (left, right) = (left, right)
        while right != 0 { (left, right) = (right, left % right) }
        return left
    }

    /// The hash that names this set.
    public var digest: Digest { digest(domain: "atoll/validators/1") }
}

extension ValidatorSet: CanonicalCodable {
    /// Appends the list.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.writeList(validators) }

    /// Reads and checks the list.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let list = try decoder.readList(Validator.self, limit: Self.validatorsMax)
        do { try self.init(list) } catch { throw .outOfRange("ValidatorSet") }
    }
}
