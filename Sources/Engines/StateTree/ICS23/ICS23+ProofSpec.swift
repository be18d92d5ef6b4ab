// SPDX-License-Identifier: Apache-2.0

extension ICS23 {
    /// Which steps the proofs of a tree may have.
    public struct ProofSpec: Hashable, Sendable {
        /// The one step a leaf may have.
        public let leaf: LeafOperation
        /// The steps inner nodes may have.
        public let inner: InnerSpec
        /// The most steps after the leaf's.
        public let depthMax: Int
        /// Whether keys are compared by their hash, as the tree orders them.
        public let comparesHashedKeys: Bool
    }

    /// The steps of inner nodes with two children, the left one first.
    ///
    /// The standard also knows nodes with more children, in other orders and with prefixes of
    /// several lengths; no tree here has them.
    public struct InnerSpec: Hashable, Sendable {
        /// Hashes a node.
        public let hash: HashOperation
        /// The bytes before the first child.
        public let prefixLength: Int
        /// The bytes of a child.
        public let childSize: Int
        /// What stands for a child that is not there.
        public let emptyChild: [UInt8]

        /// Which child a step goes up from, 0 or 1, told by the lengths of what stands around it;
        /// nothing when they fit neither.
        func branch(of step: InnerOperation) -> Int? {
            switch (step.prefix.count - prefixLength, step.suffix.count) {
            case (0, childSize): 0
            case (childSize, 0): 1
            default: nil
            }
        }

        /// Whether nothing lies on a side (0 left, 1 right) of every step of a path.
        func isOutermost(_ path: some Sequence<InnerOperation>, side: Int) -> Bool {
            path.allSatisfy { step in
                guard let branch = branch(of: step) else { return false }
                return branch == side || sibling(of: step) == emptyChild
            }
        }

        private func sibling(of step: InnerOperation) -> [UInt8] {
            step.suffix.isEmpty ? Array(step.prefix.dropFirst(prefixLength)) : step.suffix
        }
    }
}

extension ICS23.ProofSpec {
    /// The state tree's proofs of state keys and values as they are: the standard's `SmtSpec`
    /// (STATE-30). A key or value without any byte cannot be proven in it.
    public static let state = ICS23.ProofSpec(
        leaf: ICS23.LeafOperation(
            hash: .sha256, prehashKey: .sha256, prehashValue: .sha256, length: .none, prefix: [0]),
        inner: .stateTree, depthMax: StateProof.siblingsMax, comparesHashedKeys: true)

    /// The state tree's proofs of the SHA-256 of state keys and values (STATE-31): the tree itself
    /// can make all of these, those of absence too.
    public static let stateDigests = ICS23.ProofSpec(
        leaf: ICS23.LeafOperation(
            hash: .sha256, prehashKey: .none, prehashValue: .none, length: .require32, prefix: [0]),
        inner: .stateTree, depthMax: StateProof.siblingsMax, comparesHashedKeys: false)

    /// What a key is ordered by.
    func comparable(_ key: [UInt8]) throws(ICS23.Failure) -> [UInt8] {
        comparesHashedKeys ? try leaf.prehashKey.hashOrKeep(key) : key
    }
}

extension ICS23.InnerSpec {
    fileprivate static let stateTree = ICS23.InnerSpec(
        hash: .sha256, prefixLength: 1, childSize: 32,
        emptyChild: [UInt8](repeating: 0, count: 32))
}
