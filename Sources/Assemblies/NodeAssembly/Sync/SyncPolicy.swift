// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// How a node gets the state when it joins.
public enum SyncMode: String, Sendable, Hashable {
    /// From a snapshot of its peers, when the chain is long enough for that to be quicker.
    case snapshot
    /// By executing every block from the genesis on.
    case full
}

/// How a node makes snapshots, joins from them and forgets old blocks (specs/sync.md).
public struct SyncPolicy: Sendable, Hashable {
    /// How the node gets the state when its folder is empty.
    public var mode: SyncMode
    /// Whether the node keeps every block.
    public var isArchive: Bool
    /// How many blocks below the newest a node that is no archive keeps at least.
    public var keepBlocks: UInt64
    /// How many blocks the chain must be ahead for a snapshot to be taken instead of the blocks.
    public var behindBlocksMin: UInt64
    /// Whether the node makes snapshots at checkpoints.
    public var makesSnapshots: Bool
    /// How many bytes of state are gone through in a second while a snapshot is made.
    public var bytesPerSecond: UInt64
    /// From how many bytes on a snapshot is made at every ``largeEvery``th checkpoint alone.
    public var largeBytes: UInt64
    /// At which checkpoints snapshots of large states are made: 1 is at every one.
    public var largeEvery: UInt64
    /// How long a joining node waits for a peer that tells where it stands, in milliseconds.
    public var patienceMilliseconds: UInt64

    /// How old a chain's genesis must be for anybody to be asked for a snapshot, in milliseconds: a
    /// younger chain is executed as quickly, and its validators begin at once.
    public var youngMilliseconds: UInt64

    /// The standard: whole history at a start, every block kept.
    public init() {
        mode = .full
        isArchive = true
        keepBlocks = 20_000
        behindBlocksMin = 2_000
        makesSnapshots = true
        bytesPerSecond = 32 << 20
        largeBytes = 1 << 30
        largeEvery = 8
        patienceMilliseconds = 5_000
        youngMilliseconds = 600_000
    }

    /// How a node of a network that runs for long is set up: it joins from a snapshot and forgets
    /// blocks that two snapshots stand above.
    public static var pruning: SyncPolicy {
        var policy = SyncPolicy()
        policy.mode = .snapshot
        policy.isArchive = false
        return policy
    }

    /// Whether a snapshot is due at a checkpoint.
    ///
    /// - Parameters:
    ///   - number: The checkpoint's number: its height by the blocks between checkpoints.
    ///   - lastBytes: The bytes of the last snapshot; 0 before the first.
    func isDue(checkpoint number: UInt64, lastBytes: UInt64) -> Bool {
        guard makesSnapshots, number > 0 else { return false }
        return lastBytes < largeBytes || number % max(largeEvery, 1) == 0
    }

    /// Below which height blocks may be forgotten: none that a snapshot on offer needs, none of the
    /// newest.
    ///
    /// - Parameter oldest: The oldest snapshot on offer; nothing is forgotten without two.
    func forgettable(below oldest: BlockHeight?, height: BlockHeight) -> BlockHeight? {
        guard !isArchive, let oldest, height.value > keepBlocks else { return nil }
        return min(oldest, BlockHeight(height.value - keepBlocks))
    }
}
