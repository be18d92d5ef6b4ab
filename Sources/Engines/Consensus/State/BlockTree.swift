// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// The last final block, as what follows needs it.
struct FinalPoint {
    let height: BlockHeight
    let slot: Slot
    let hash: Digest
    let timestamp: Timestamp
    /// The state its header carries; none is carried at the genesis.
    let state: CarriedState
    /// The final certificate of this very block, if it has one.
    let certificate: Certificate?

    /// The genesis: height 0 in slot 0, with the zero hash.
    static let genesis = FinalPoint(
        height: BlockHeight(0), slot: Slot(0), hash: .zero, timestamp: Timestamp(0),
        state: CarriedState(height: BlockHeight(0), root: .zero), certificate: nil)

    private init(
        height: BlockHeight, slot: Slot, hash: Digest, timestamp: Timestamp, state: CarriedState,
        certificate: Certificate?
    ) {
        self.height = height
        self.slot = slot
        self.hash = hash
        self.timestamp = timestamp
        self.state = state
        self.certificate = certificate
    }

    init(_ final: FinalizedBlock) {
        let header = final.block.header
        self.init(
            height: header.height, slot: header.slot, hash: final.block.hash,
            timestamp: header.timestamp, state: CarriedState(header),
            certificate: final.proof.descendants.isEmpty ? final.proof.certificate : nil)
    }
}

/// A state as a header carries it.
struct CarriedState: Equatable {
    let height: BlockHeight
    let root: Digest

    init(height: BlockHeight, root: Digest) {
        self.height = height
        self.root = root
    }

    init(_ header: BlockHeader) { self.init(height: header.stateHeight, root: header.stateRoot) }
}

/// The blocks above the last final one, by hash.
struct BlockTree {
    private var proposals: [Digest: Proposal] = [:]

    /// The stored proposal of a hash.
    subscript(hash: Digest) -> Proposal? { proposals[hash] }

    /// Stores a proposal.
    mutating func insert(_ proposal: Proposal) { proposals[proposal.block.hash] = proposal }

    /// Drops blocks.
    mutating func remove(_ hashes: [Digest]) {
        for hash in hashes { proposals[hash] = nil }
    }

    /// How many blocks are stored.
    var count: Int { proposals.count }

    /// The blocks after `final` up to the one named, oldest first.
    ///
    /// - Returns: Nothing when one is missing or the way does not pass through `final`.
    func path(to hash: Digest, from final: FinalPoint) -> [Block]? {
        var path: [Block] = []
        var next = hash
        while next != final.hash {
            guard let block = proposals[next]?.block, block.header.slot > final.slot
            else { return nil }
            path.append(block)
            next = block.header.parent
        }
        path.reverse()
        return path
    }
}
