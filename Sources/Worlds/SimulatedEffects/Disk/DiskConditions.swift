// SPDX-License-Identifier: Apache-2.0

/// How a node's disk behaves.
public struct DiskConditions: Sendable, Equatable {
    /// The least time a durable write takes.
    public var syncMicrosecondsMin: UInt64
    /// The most time a durable write takes, at least the least.
    public var syncMicrosecondsMax: UInt64
    /// Whether a crash may leave a write that was under way done, or done in part, instead of
    /// never leaving it.
    public var keepsTornWrites: Bool
    /// Of a million syncs, how many lie: a crash before the next true one takes back what they
    /// promised. A disk that does this breaks the promise of ``Disk``; it is there to see what
    /// that does.
    public var syncsLostPerMillion: UInt64
    /// The most bytes all files, logs and stores may hold.
    public var bytesMax: UInt64

    /// A disk that keeps its promises.
    public init(
        syncMicrosecondsMin: UInt64 = 300, syncMicrosecondsMax: UInt64 = 1200,
        keepsTornWrites: Bool = true, syncsLostPerMillion: UInt64 = 0, bytesMax: UInt64 = .max
    ) {
        self.syncMicrosecondsMin = syncMicrosecondsMin
        self.syncMicrosecondsMax = syncMicrosecondsMax
        self.keepsTornWrites = keepsTornWrites
        self.syncsLostPerMillion = syncsLostPerMillion
        self.bytesMax = bytesMax
    }
}
