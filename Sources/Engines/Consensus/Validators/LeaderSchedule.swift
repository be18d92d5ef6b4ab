// SPDX-License-Identifier: Apache-2.0
import Cryptography
public import Vocabulary

/// Who leads which slot of one epoch (CONSENSUS-3).
public struct LeaderSchedule: Hashable, Sendable {
    /// The chain.
    public let chain: ChainID
    /// The epoch.
    public let epoch: Epoch
    /// The epoch's first slot; windows are counted from the one it lies in.
    public let firstSlot: Slot
    /// Who may lead.
    public let validators: ValidatorSet

    /// Gathers the parts.
    public init(chain: ChainID, epoch: Epoch, firstSlot: Slot, validators: ValidatorSet) {
        self.chain = chain
        self.epoch = epoch
        self.firstSlot = firstSlot
        self.validators = validators
    }

    /// The place of the validator that leads a slot.
    ///
    /// The same for all slots of a window. As many windows as there are validators make a round,
    /// in which each leads in proportion to its stake, rounded up or down; so nobody leads many
    /// windows in a row without the stake for it. Cost: one hash and a walk over the list.
    public func leader(of slot: Slot) -> Int {
        let count = UInt64(validators.count)
        let totalStake = validators.totalStake
        let first = ValidatorSet.window(of: firstSlot)
        let window = max(ValidatorSet.window(of: slot), first) - first
        let seed = seed(ofRound: window / count)
        let fraction = UInt128(Self.number(seed[0..<8])) << 64 | UInt128(Self.number(seed[8..<16]))
        let stride = Self.coprime(to: count, from: Self.number(seed[16..<24]))
        let start = Self.number(seed[24..<32]) % count
        let turn = (window % count * stride + start) % count
        let shift = fraction.multipliedFullWidth(by: totalStake).high
        return holder(of: (UInt128(turn) * totalStake + shift) / UInt128(count))
    }

    /// The key of the validator that leads a slot.
    public func leaderKey(of slot: Slot) -> PublicKey {
        validators.validators[leader(of: slot)].key
    }

    /// The validator in whose share of the stake `point`, which is below the total, lies.
    private func holder(of point: UInt128) -> Int {
        var rest = point
        for (index, validator) in validators.validators.enumerated() {
            if rest < validator.stake { return index }
            rest -= validator.stake
        }
        preconditionFailure("a point below the total lies in somebody's share")
    }

    private func seed(ofRound round: UInt64) -> [UInt8] {
        var encoder = CanonicalEncoder(capacity: 72)
        encoder.writeFixed(Array("atoll/leader/1".utf8) + [0])
        encoder.write(chain)
        encoder.write(epoch)
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
}
