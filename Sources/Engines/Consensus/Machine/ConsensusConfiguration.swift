// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// How long a machine waits, in milliseconds.
public struct ConsensusTiming: Sendable, Hashable {
    /// The first skip timeout of a window, without the idle time.
    public var skipMilliseconds: UInt64 = 2_000
    /// How long a leader with nothing to propose may wait.
    public var idleMilliseconds: UInt64 = 1_000
    /// Where the skip timeout stops growing.
    public var skipMillisecondsMax: UInt64 = 60_000
    /// How long without progress before a machine repeats itself for the first time.
    public var stallMilliseconds: UInt64 = 500
    /// Where that wait, doubled each time, stops growing.
    public var stallMillisecondsMax: UInt64 = 4_000
    /// How long to wait for a block that should arrive by itself, and for the first answer.
    public var fetchMilliseconds: UInt64 = 150
    /// How long a peer may take to answer a request for final blocks.
    public var catchUpMilliseconds: UInt64 = 2_000

    /// The default times.
    public init() {}
}

/// What all machines of one epoch share.
public struct ConsensusConfiguration: Sendable, Hashable {
    /// Who leads when: with it the chain, the epoch, its first slot and its validators.
    public let schedule: LeaderSchedule
    /// Where checkpoints lie and epochs end.
    public let lengths: EpochLengths
    /// How long to wait.
    public var timing: ConsensusTiming

    /// Gathers the parts.
    public init(
        schedule: LeaderSchedule, lengths: EpochLengths = .standard,
        timing: ConsensusTiming = ConsensusTiming()
    ) {
        self.schedule = schedule
        self.lengths = lengths
        self.timing = timing
    }

    /// Gathers the parts of a chain's first epoch.
    public init(
        chain: ChainID, validators: ValidatorSet, lengths: EpochLengths = .standard,
        timing: ConsensusTiming = ConsensusTiming()
    ) {
        self.init(
            schedule: LeaderSchedule(
                chain: chain, epoch: Epoch(0), firstSlot: Slot(1), validators: validators),
            lengths: lengths, timing: timing)
    }

    /// The chain.
    public var chain: ChainID { schedule.chain }
    /// The epoch.
    public var epoch: Epoch { schedule.epoch }
    /// Who decides.
    public var validators: ValidatorSet { schedule.validators }

    /// How long a slot may take before a validator votes to skip it (CONSENSUS-12).
    ///
    /// Grows by half for every whole window that passed since the one of the last final slot. A
    /// slot after a skipped one of the same window gets an eighth: its leader is likely gone, and
    /// the first slot of every window still gets the full time. So does a slot whose leader is out
    /// of reach, and one that is both gets a thirty-second.
    public func skipTimeoutMilliseconds(
        of slot: Slot, lastFinal: Slot, afterSkip: Bool, leaderIsAway: Bool = false
    ) -> UInt64 {
        let window = ValidatorSet.window(of: slot)
        let progress = ValidatorSet.window(of: lastFinal)
        var failed = window > progress ? window - progress - 1 : 0
        var timeout = timing.skipMilliseconds
        while failed > 0, timeout < timing.skipMillisecondsMax {
            timeout += max(1, timeout / 2)
            failed -= 1
        }
        let full = min(timeout, timing.skipMillisecondsMax) + timing.idleMilliseconds
        switch (afterSkip, leaderIsAway) {
        case (false, false): return full
        case (true, false), (false, true): return max(1, full / 8)
        case (true, true): return max(1, full / 32)
        }
    }
}
