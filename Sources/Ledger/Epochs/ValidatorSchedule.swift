// SPDX-License-Identifier: Apache-2.0
public import Consensus
public import Vocabulary

/// Who decides in which epoch, found by following the chain from its genesis.
///
/// It stands in one epoch at a time and goes forward only, so it holds one set, however long the
/// chain is. A value: who needs two places keeps two copies.
public struct ValidatorSchedule: Sendable, Hashable {
    /// The chain.
    public let chain: ChainID
    /// Where checkpoints lie and epochs end.
    public let lengths: EpochLengths
    /// The epoch it stands in.
    public private(set) var epoch = Epoch(0)
    /// The epoch's first slot.
    public private(set) var firstSlot = Slot(1)
    /// The epoch's validators.
    public private(set) var validators: ValidatorSet

    /// Begins in epoch 0, with the validators of the genesis.
    ///
    /// - Throws: ``ValidatorSetError`` when they are no set that could agree on anything.
    public init(of genesis: Genesis) throws(ValidatorSetError) {
        chain = genesis.chain
        lengths = genesis.parameters.epochs
        validators = try ValidatorSet(of: genesis)
    }

    /// Who leads which slot of the epoch.
    public var leaders: LeaderSchedule {
        LeaderSchedule(chain: chain, epoch: epoch, firstSlot: firstSlot, validators: validators)
    }

    /// Checks that a block is final, by the validators of its epoch.
    ///
    /// - Throws: ``FinalityError``; ``FinalityError/otherEpoch(_:)`` for one of another epoch.
    public func verify(_ block: FinalizedBlock) throws(FinalityError) {
        guard block.block.header.epoch == epoch else { throw .otherEpoch(0) }
        try block.verify(validators: validators, chain: chain)
    }

    /// Goes on to the epoch after a block's, whose validators the caller has read from the state it
    /// computed, or proved before.
    ///
    /// - Parameter last: The header of the last block of the epoch before.
    public mutating func enter(after last: BlockHeader, validators next: ValidatorSet) {
        epoch = last.epoch.advanced(by: 1)
        firstSlot = last.slot.advanced(by: 1)
        validators = next
    }
}
