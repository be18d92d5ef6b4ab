// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// The two lengths that divide a chain into checkpoints and epochs (CONSENSUS-23, CONSENSUS-24).
///
/// They hold from the genesis on and never change.
public struct EpochLengths: Hashable, Sendable {
    /// How many heights lie between two checkpoints; within ``checkpointBlocksRange``.
    public let checkpointBlocks: UInt64
    /// How many checkpoints an epoch has; within ``epochCheckpointsRange``.
    public let epochCheckpoints: UInt64

    /// At least 2: a header takes the state at most to the next checkpoint, so with 1 a state that
    /// once lay two blocks behind would never come nearer. At most 2^20, some days of blocks.
    public static let checkpointBlocksRange: ClosedRange<UInt64> = 2...1 << 20
    /// At most 2^16: with the longest checkpoints 2^28 epochs fit the heights.
    public static let epochCheckpointsRange: ClosedRange<UInt64> = 1...1 << 16

    /// A checkpoint every 1,024 blocks, an epoch of 16: about half an hour at ten blocks a second.
    public static let standard = EpochLengths(checkpointBlocks: 1_024, epochCheckpoints: 16)

    /// Takes lengths; those outside their ranges are brought to the nearer end.
    public init(checkpointBlocks: UInt64, epochCheckpoints: UInt64) {
        self.checkpointBlocks = Self.held(checkpointBlocks, in: Self.checkpointBlocksRange)
        self.epochCheckpoints = Self.held(epochCheckpoints, in: Self.epochCheckpointsRange)
    }

    private static func held(_ number: UInt64, in range: ClosedRange<UInt64>) -> UInt64 {
        min(max(number, range.lowerBound), range.upperBound)
    }

    /// Whether a height is a checkpoint's; the genesis is none.
    public func isCheckpoint(_ height: BlockHeight) -> Bool {
        height.value > 0 && height.value.isMultiple(of: checkpointBlocks)
    }

    /// The first checkpoint above a height; the largest number when there is none.
    public func checkpoint(after height: BlockHeight) -> BlockHeight {
        BlockHeight(Self.product(height.value / checkpointBlocks + 1, checkpointBlocks))
    }

    /// The height whose state ends an epoch and names the validators of the next.
    public func cut(of epoch: Epoch) -> BlockHeight {
        let blocks = checkpointBlocks * epochCheckpoints
        return BlockHeight(Self.product(epoch.advanced(by: 1).value, blocks))
    }

    /// The epoch that is cut at a height, or nothing when the height cuts none.
    public func epoch(cutAt height: BlockHeight) -> Epoch? {
        let blocks = checkpointBlocks * epochCheckpoints
        guard height.value > 0, height.value.isMultiple(of: blocks) else { return nil }
        return Epoch(height.value / blocks - 1)
    }

    /// Whether a header is the last of its epoch, or one of the fillers after it.
    public func isAtEnd(_ header: BlockHeader) -> Bool {
        header.stateHeight >= cut(of: header.epoch)
    }

    /// Whether a header may take the state from one height to another: no checkpoint lies between
    /// them, and it does not go back.
    public func mayCarry(_ state: BlockHeight, after parentState: BlockHeight) -> Bool {
        state >= parentState && state <= checkpoint(after: parentState)
    }

    private static func product(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let (product, overflow) = left.multipliedReportingOverflow(by: right)
        return overflow ? .max : product
    }
}
