// SPDX-License-Identifier: Apache-2.0

/// What bounds a lane machine's memory and its answers (LANES-15).
public enum LaneLimits {
    /// How far a lane may run ahead of its last ordered batch, and how many batches of one lane
    /// one cut may order: at 20 batches a second, more than three seconds.
    public static let windowMax: UInt64 = 64
    /// How many batches one cut may order among so many lanes: at least one of each, and at most
    /// 64 MiB in all.
    public static func batchesPerCutMax(lanes: Int) -> Int { max(64, lanes) }
    /// How far an owner may run ahead of its last available batch.
    public static let unavailableBatchesMax: UInt64 = 16
    /// The bytes all owners together may have waiting for execution: 256 MiB.
    public static let ownedBytesMax = 256 << 20
    /// The most of them one owner may have: sixteen full batches.
    public static let laneBytesMax = 16 * Batch.payloadBytesMax
    /// Bytes of batches that cannot be linked yet, over all lanes: 64 MiB.
    public static let looseBytesMax = 64 << 20
    /// Bytes of fetched batches of final cuts behind the oldest unfinished one: 64 MiB.
    public static let fetchedBytesMax = 64 << 20
    /// Bytes a leader aims to order in one cut: 32 MiB. Every lane gets an equal share and at
    /// least one batch, so with 128 lanes a cut may order 64 MiB.
    public static let cutBytesMax = 32 << 20
    /// How many cuts may wait for a verdict: two for each slot a voter accepts payloads in.
    public static let waitingCutsMax = 64
    /// How many connected peers are remembered.
    public static let peersMax = 1024
    /// How many useless messages of one peer are borne between two looks; then it is not heard
    /// until the next. 64 bad signatures cost 6 ms where none of them can be batched.
    public static let faultsPerLookMax = 64
    /// How many requests of one peer are answered between two looks: 32 answers of at most 4.5 MiB.
    public static let answersPerLookMax = 32
    /// How many batches of several final cuts are asked for together: full ones fill one answer.
    public static let batchesPerAskMax: UInt64 = 8
    /// How many answers that come too late are borne for a lane: four rounds of asking.
    public static let lateAnswersMax = 4 * askedAtOnceMax
    /// How many peers are asked at once when earlier ones did not answer.
    public static let askedAtOnceMax = 4

    /// What one owner may have waiting for execution among so many lanes.
    ///
    /// At 128 lanes 2 MiB, four full batches; up to 32 lanes 8 MiB.
    public static func ownedBytesMax(lanes: Int) -> Int {
        min(laneBytesMax, ownedBytesMax / max(1, lanes))
    }

    /// What a node holds of one lane: twice what its owner uses, because the owner may know of a
    /// later order. All lanes together stay within 512 MiB.
    public static func heldBytesMax(lanes: Int) -> Int { 2 * ownedBytesMax(lanes: lanes) }
}
