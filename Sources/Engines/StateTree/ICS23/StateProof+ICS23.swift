// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

extension StateProof {
    /// This proof that a state key has a value, for ``ICS23/ProofSpec/state``.
    ///
    /// Nothing when it is a proof of something else, or the value has no bytes. A proof of absence
    /// has no such form: it would have to name its neighbours' state keys and values, which the
    /// tree does not know (STATE-32).
    public func existenceProof(key: [UInt8], value: [UInt8]) -> ICS23.ExistenceProof? {
        guard !key.isEmpty, !value.isEmpty else { return nil }
        guard valueHash == SparseMerkleTree.path(of: value) else { return nil }
        return ICS23.ExistenceProof(
            key: key, value: value, leaf: ICS23.ProofSpec.state.leaf,
            path: steps(along: SparseMerkleTree.path(of: key)))
    }

    /// This proof that a tree key has a value hash, for ``ICS23/ProofSpec/stateDigests``; nothing
    /// when it is one of absence.
    public func existenceProof(path: Digest) -> ICS23.ExistenceProof? {
        guard let valueHash else { return nil }
        return ICS23.ExistenceProof(
            key: path.raw.bytes, value: valueHash.raw.bytes,
            leaf: ICS23.ProofSpec.stateDigests.leaf, path: steps(along: path))
    }

    private func steps(along path: Digest) -> [ICS23.InnerOperation] {
        siblings.indices.reversed().map { depth in
            let sibling = siblings[depth].raw.bytes
            let isRight = path.raw.bit(depth)
            return ICS23.InnerOperation(
                hash: .sha256, prefix: [1] + (isRight ? sibling : []),
                suffix: isRight ? [] : sibling)
        }
    }
}

extension SparseMerkleTree {
    /// Proves what the tree holds under a tree key, for ``ICS23/ProofSpec/stateDigests``.
    ///
    /// A proof of absence names the two leaves that the key would lie between. Nothing for an empty
    /// tree, of which the standard knows no proofs.
    public func commitmentProof(of key: Digest) -> ICS23.CommitmentProof? {
        if let proof = prove(key).existenceProof(path: key) { return .existence(proof) }
        let left = leaf(before: key).flatMap { prove($0.key).existenceProof(path: $0.key) }
        let right = leaf(after: key).flatMap { prove($0.key).existenceProof(path: $0.key) }
        guard left != nil || right != nil else { return nil }
        return .nonExistence(
            ICS23.NonExistenceProof(key: key.raw.bytes, left: left, right: right))
    }
}
