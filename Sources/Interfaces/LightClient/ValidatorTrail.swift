// SPDX-License-Identifier: Apache-2.0
public import Consensus
public import Ledger
public import Validators
public import Vocabulary

/// Who votes in which epoch, as far as a reader has followed the chain (LIGHT-14).
///
/// It begins with the genesis, or with a set the reader trusts, and grows by handovers, each
/// checked with the set before it. Memory: the sets that differ from the one before, at most
/// ``stretchesMax``; beyond it the oldest are forgotten.
public struct ValidatorTrail: Hashable, Sendable {
    /// The most stretches of epochs with one set: 4,096 of 128 seats of 48 bytes are 25 MiB.
    public static let stretchesMax = 4_096

    /// Consecutive epochs with the same set.
    struct Stretch: Hashable, Sendable {
        let first: Epoch
        let validators: ValidatorSet
    }

    /// The chain.
    public let chain: ChainID
    /// Where its epochs end.
    let lengths: EpochLengths
    /// At least one; each begins after the one before and has another set.
    private(set) var stretches: [Stretch]
    /// The last epoch whose set is known.
    public private(set) var newest: Epoch

    /// Begins with the validators that the genesis names.
    ///
    /// - Throws: ``LightFailure/validators(_:)``.
    public init(genesis: Genesis) throws(LightFailure) {
        do {
            let founders = try ValidatorSet(of: genesis)
            self.init(genesis: genesis, trusting: NextSet(epoch: Epoch(0), validators: founders))
        } catch {
            throw .validators(error)
        }
    }

    /// Begins with a set that the reader has from somebody it trusts.
    public init(genesis: Genesis, trusting set: NextSet) {
        self.init(
            genesis: genesis, newest: set.epoch,
            stretches: [Stretch(first: set.epoch, validators: set.validators)])
    }

    /// Takes what was saved.
    init(genesis: Genesis, newest: Epoch, stretches: [Stretch]) {
        chain = genesis.chain
        lengths = genesis.parameters.epochs
        self.stretches = stretches
        self.newest = newest
    }

    /// The first epoch whose set is known.
    public var oldest: Epoch { stretches[0].first }

    /// The set of an epoch, or nothing when it is before ``oldest`` or after ``newest``.
    public func validators(of epoch: Epoch) -> ValidatorSet? {
        guard epoch <= newest else { return nil }
        return stretches.last { $0.first <= epoch }?.validators
    }

    /// The newest set.
    public var newestSet: NextSet {
        guard let last = stretches.last else { preconditionFailure("a trail has a set") }
        return NextSet(epoch: newest, validators: last.validators)
    }

    /// Notes the set of the epoch after the newest.
    mutating func append(_ validators: ValidatorSet) {
        newest = newest.advanced(by: 1)
        guard stretches.last?.validators != validators else { return }
        stretches.append(Stretch(first: newest, validators: validators))
        if stretches.count > Self.stretchesMax { stretches.removeFirst() }
    }
}
