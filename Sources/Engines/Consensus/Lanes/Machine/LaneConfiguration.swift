// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// How long a lane machine waits, in milliseconds.
public struct LaneTiming: Sendable, Hashable {
    /// The shortest time between two vectors.
    public var tickMilliseconds: UInt64 = 10
    /// How long a batch may fill while the one before is not available.
    public var batchMilliseconds: UInt64 = 50
    /// How long to wait for a batch that should arrive by itself, and for the first answer.
    public var fetchMilliseconds: UInt64 = 150
    /// Where that wait, doubled each time, stops growing.
    public var fetchMillisecondsMax: UInt64 = 2_000
    /// How often a machine looks whether anything stands still, and repeats itself if so.
    public var lookMilliseconds: UInt64 = 250

    /// The default times.
    public init() {}
}

/// What all lane machines of one epoch share.
public struct LaneConfiguration: Sendable, Hashable {
    /// The chain.
    public let chain: ChainID
    /// The epoch.
    public let epoch: Epoch
    /// The owners of the lanes, by their places.
    public let validators: ValidatorSet
    /// How long to wait.
    public var timing: LaneTiming

    /// Gathers the parts.
    public init(
        chain: ChainID, epoch: Epoch, validators: ValidatorSet, timing: LaneTiming = LaneTiming()
    ) {
        self.chain = chain
        self.epoch = epoch
        self.validators = validators
        self.timing = timing
    }

    /// The stake whose word makes a batch available: above a third, so that one of those who gave
    /// it is honest (LANES-8).
    public var availableStake: UInt128 { validators.totalStake / 3 + 1 }
}
