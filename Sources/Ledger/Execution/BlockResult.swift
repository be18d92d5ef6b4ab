// SPDX-License-Identifier: Apache-2.0
public import Effects
public import Vocabulary

/// What executing one block gave.
public struct BlockResult: Hashable, Sendable {
    /// The block's height, which the state now stands at.
    public let height: BlockHeight
    /// The root of the state after the block.
    public let stateRoot: Digest
    /// Whether the block changed the state at all.
    public let changedState: Bool
    /// One outcome a transaction, in the block's order.
    public let outcomes: [TransactionOutcome]
    /// What happened, in order: transactions first, then what fell due at the end.
    public let events: EventList
    /// The events of each transaction as a range of ``events``, in the block's order.
    public let eventRanges: [Range<Int>]

    /// Which transaction an event belongs to, or nothing for the end of the block.
    public func transaction(ofEvent index: Int) -> Digest? {
        var low = 0
        var high = eventRanges.count
        while low < high {
            let middle = (low + high) / 2
            if eventRanges[middle].upperBound <= index { low = middle + 1 } else { high = middle }
        }
        guard low < eventRanges.count, eventRanges[low].contains(index) else { return nil }
        return outcomes[low].hash
    }
}

/// Why the ledger cannot go on; the executed state stays as it was.
public enum LedgerFailure: Error, Equatable, Sendable {
    /// The disk failed; what was durable stays so.
    case disk(DiskFailure)
    /// The store is not of this chain and layout, or its contents do not give its root.
    case damaged(reason: String)
    /// The genesis file cannot start a chain.
    case genesis(GenesisFailure)
    /// The block is not the next one.
    case wrongHeight(expected: BlockHeight, given: BlockHeight)
    /// The block's time is before its parent's, or it is of another chain.
    case wrongBlock(reason: String)
    /// Executing the block broke an invariant: a fault of this program, so the node must stop.
    case broken([String])
    /// No proof can be made at this height; the oldest possible one is given.
    case heightForgotten(BlockHeight, oldest: BlockHeight)
}
