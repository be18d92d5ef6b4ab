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
