// SPDX-License-Identifier: Apache-2.0

/// What bounds a machine's memory and its answers (CONSENSUS-17).
public enum ConsensusLimits {
    /// The most slots between the last final slot and the current one: 4096.
    ///
    /// With the skip timeout at its cap of a minute, 1024 failed windows last a day. Certificates
    /// of 128 validators for all of them hold 4096 * 9 KiB = 36 MiB.
    public static let undecidedSlotsMax: UInt64 = 4096
    /// How far ahead of the current slot votes and certificates are kept: 16 windows.
    public static let slotsAheadMax: UInt64 = 64
    /// How far ahead of the current slot proposals are kept: one window.
    public static let proposalsAheadMax: UInt64 = 4
    /// How many slots after the last final one a leader may still fill with a payload.
    ///
    /// Beyond them it proposes empty blocks, so that a chain that does not become final does not
    /// grow in bytes.
    public static let filledSlotsMax: UInt64 = 16
    /// How many slots after the last final one a voter accepts a payload in: twice what leaders
    /// use, because their last final block may be newer. Two blocks of 4 MiB a slot: 256 MiB.
    public static let acceptedFilledSlotsMax: UInt64 = 32
    /// How many final slots are remembered for evidence.
    public static let evidenceSlotsMax: UInt64 = 8
    /// How many state roots are remembered: leaders that lag further are not voted for.
    public static let stateRootsMax = 1024
    /// Every so many heights a node says which state it has come to: 41 bytes for each peer, less
    /// than a two-hundredth of what the votes of 16 blocks of four validators take.
    public static let stateWordHeights: UInt64 = 16
    /// How many final blocks may await execution before catch-up pauses: four answers.
    public static let unexecutedBlocksMax: UInt64 = 256
    /// How many connected peers are remembered.
    public static let peersMax = 1024
    /// How many certificates answer one status: eight windows.
    public static let certificatesPerStatusMax: UInt64 = 32
    /// How many slot requests of one peer are answered between two stall timers.
    public static let slotAnswersMax = 16
    /// How many slots' own votes are sent again when nothing moves.
    public static let repeatedSlotsMax: UInt64 = 8
    /// How many validators, from the leader on, spread a certificate when it forms.
    public static let relaysMax = 4
}
