// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// How far the lanes of an epoch are executed: a function of the final cuts alone (LANES-13).
///
/// The host keeps it beside the executed state; a node that starts from a snapshot needs it.
public struct LaneOrder: Hashable, Sendable {
    /// The last ordered place of each lane, by the owner's place in the validator set.
    public internal(set) var tips: [LaneTip]
    /// Lanes that forked against their order and stay closed until the epoch ends, rising.
    public internal(set) var closed: [UInt16]

    /// The lanes of an epoch before its first block.
    public init(lanes: Int) {
        tips = (0..<lanes).map { .start(of: UInt16($0)) }
        closed = []
    }

    /// Whether a lane is closed.
    public func isClosed(_ lane: UInt16) -> Bool { closed.contains(lane) }

    mutating func close(_ lane: UInt16) {
        guard !isClosed(lane) else { return }
        closed.append(lane)
        closed.sort()
    }
}

extension LaneOrder: CanonicalCodable {
    /// Appends the tips, then the closed lanes.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeList(tips)
        encoder.writeLength(closed.count)
        for lane in closed { encoder.write(lane) }
    }

    /// Reads and checks the lists.
    ///
    /// - Throws: ``CanonicalError/outOfRange(_:)`` when tips are not those of lanes 0, 1, 2 …, or
    ///   closed lanes do not rise or do not exist.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        tips = try decoder.readList(limit: ValidatorSet.validatorsMax)
        closed = []
        for _ in 0..<(try decoder.readLength(limit: ValidatorSet.validatorsMax)) {
            try closed.append(decoder.read(UInt16.self))
        }
        let isWhole = tips.enumerated().allSatisfy { Int($0.element.lane) == $0.offset }
        let isRising = zip(closed, closed.dropFirst()).allSatisfy { $0 < $1 }
        guard isWhole, isRising, closed.allSatisfy({ Int($0) < tips.count }) else {
            throw .outOfRange("LaneOrder")
        }
    }
}
