// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// The state roots this host computed, and those that final headers claim for states to come.
struct StateRoots {
    /// What is known of the state at a height.
    enum Knowledge: Equatable {
        case notExecuted, forgotten
        case root(Digest)
    }

    /// What a final header says about a state not yet executed.
    struct Claim {
        let height: BlockHeight
        let root: Digest
        let block: Digest
    }

    private var roots: [(height: BlockHeight, root: Digest)] = []
    private var claims: [Claim] = []

    /// The newest executed height, if any was told.
    var newest: BlockHeight? { roots.last?.height }

    /// What is known of the state at a height.
    func knowledge(of height: BlockHeight) -> Knowledge {
        guard let newest, height <= newest else { return .notExecuted }
        guard let known = roots.last(where: { $0.height <= height }), known.height == height
        else { return .forgotten }
        return .root(known.root)
    }

    /// Takes a root; heights must rise, others are ignored.
    ///
    /// - Returns: The claims of final headers about this state.
    mutating func execute(_ height: BlockHeight, root: Digest) -> [Claim] {
        if let newest, height <= newest { return [] }
        roots.append((height, root))
        if roots.count > ConsensusLimits.stateRootsMax { roots.removeFirst() }
        let due = claims.filter { $0.height == height }
        claims.removeAll { $0.height <= height }
        return due
    }

    /// Remembers what a final header says about a state to come.
    mutating func expect(_ claim: Claim) {
        claims.append(claim)
        if claims.count > ConsensusLimits.stateRootsMax { claims.removeFirst() }
    }
}
