// SPDX-License-Identifier: Apache-2.0
import Consensus
import Ledger
import Vocabulary

/// Checks that blocks follow each other from the genesis on (ARCHIVE-1, ARCHIVE-2).
struct BlockSuccession: Sendable {
    let chain: ChainID
    /// Who decides the next block.
    private(set) var schedule: ValidatorSchedule
    private(set) var height = BlockHeight(0)
    /// The hash of the last block; zeros at the genesis.
    private(set) var last = Digest.zero
    private var slot = Slot(0)
    private var time = Timestamp(0)
    private var state = BlockHeight(0)
    /// The last block of an epoch, until it is known who decides the next.
    private(set) var ended: Block?

    init(genesis: Genesis) throws(ArchiveFailure) {
        chain = genesis.chain
        do {
            schedule = try ValidatorSchedule(of: genesis)
        } catch {
            throw .validators(error)
        }
    }

    /// The height the next block must have.
    var next: BlockHeight { height.advanced(by: 1) }

    /// Reads the next record.
    func block(_ record: [UInt8]) throws(ChainFault) -> FinalizedBlock {
        do {
            return try FinalizedBlock(canonicalBytes: record)
        } catch {
            throw .unreadable(next, error)
        }
    }

    /// Takes a block that follows; its finality is checked apart.
    mutating func take(_ block: Block) throws(ChainFault) {
        let header = block.header
        guard header.chain == chain else { throw .otherChain(next, header.chain) }
        guard header.height == next, header.parent == last, header.parentSlot == slot,
            header.slot > slot, header.timestamp > time, header.stateHeight < header.height
        else { throw .brokenLink(next) }
        guard schedule.lengths.mayCarry(header.stateHeight, after: state) else {
            throw .brokenLink(next)
        }
        guard ended == nil, header.epoch == schedule.epoch else { throw .unknownEpoch(next) }
        guard header.proposer == schedule.leaders.leaderKey(of: header.slot) else {
            throw .wrongLeader(next)
        }
        height = header.height
        last = block.hash
        slot = header.slot
        time = header.timestamp
        state = header.stateHeight
        if schedule.lengths.isAtEnd(header) { ended = block }
    }

    /// Goes on to the next epoch by what is recorded of the end of this one (CONSENSUS-26).
    mutating func enter(_ record: EpochRecord?) throws(ChainFault) {
        guard let ended else { return }
        guard let record, record.header == ended.header, record.ends(schedule) else {
            throw .unknownEpoch(next)
        }
        schedule.enter(after: record.header, validators: record.validators)
        self.ended = nil
    }

    /// The first block that no quorum made final; each costs the signatures of its certificate.
    static func firstNotFinal(
        of blocks: [FinalizedBlock], in schedule: ValidatorSchedule
    ) -> ChainFault? {
        for block in blocks {
            do {
                try schedule.verify(block)
            } catch {
                return .notFinal(block.block.header.height, error)
            }
        }
        return nil
    }
}

/// The roots that executing blocks gave, held against those that later headers vouch for.
struct RootBook {
    /// The roots kept: validators vote for no header with an older state.
    static let rootsMax = ConsensusLimits.stateRootsMax

    private var roots: [Digest] = []
    private var newest: BlockHeight
    /// The newest state that a header has vouched for.
    private(set) var certified: BlockHeight?

    /// Begins with the state executed last.
    init(_ height: BlockHeight, _ root: Digest) {
        newest = height
        roots = [root]
    }

    /// Notes the root of the next height.
    mutating func note(_ root: Digest) {
        newest = newest.advanced(by: 1)
        roots.append(root)
        // In steps, for taking one from the front moves all others.
        if roots.count >= 2 * Self.rootsMax { roots.removeFirst(roots.count - Self.rootsMax) }
    }

    /// The root of a state, when it is kept.
    private func root(at height: BlockHeight) -> Digest? {
        let age = newest.value >= height.value ? newest.value - height.value : .max
        return age < UInt64(roots.count) ? roots[roots.count - 1 - Int(age)] : nil
    }

    /// What a header says of a state that was executed before.
    ///
    /// - Throws: ``ChainFault/wrongRoot(_:in:certified:computed:)``.
    /// - Returns: Whether that state's root is kept.
    mutating func check(_ header: BlockHeader) throws(ChainFault) -> Bool {
        guard let root = root(at: header.stateHeight) else { return false }
        guard root == header.stateRoot else {
            throw .wrongRoot(
                header.stateHeight, in: header.height, certified: header.stateRoot,
                computed: root)
        }
        if certified.map({ $0 < header.stateHeight }) ?? true { certified = header.stateHeight }
        return true
    }
}
