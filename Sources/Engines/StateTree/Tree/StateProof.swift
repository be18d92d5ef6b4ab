// SPDX-License-Identifier: Apache-2.0
import Cryptography
public import Vocabulary

/// What a root says about one key, checkable by anybody who trusts the root (STATE-5).
///
/// About 32 bytes a level: 24 levels, 0.8 KB, for ten million keys.
public struct StateProof: Hashable, Sendable {
    /// What lies at the end of the path.
    public enum End: Hashable, Sendable {
        /// The key's own leaf.
        case included(valueHash: Digest)
        /// Nothing: the key has no value.
        case empty
        /// The only leaf of this subtree, of another key: the key has no value.
        case otherLeaf(key: Digest, valueHash: Digest)
    }

    /// The hash beside each step of the path, from the root down.
    public let siblings: [Digest]
    /// What lies at the end of the path.
    public let end: End

    /// The most levels a path can have: the bits of a key.
    public static let siblingsMax = 256

    /// The most bytes an encoding can have: 2 of count, 256 × 32 of siblings, 65 of end.
    public static let bytesMax = 2 + siblingsMax * Bytes32.count + 1 + 2 * Bytes32.count

    /// Joins the parts of a proof.
    public init(siblings: [Digest], end: End) {
        precondition(siblings.count <= Self.siblingsMax, "a path has at most 256 steps")
        self.siblings = siblings
        self.end = end
    }

    /// The hash of the proven value, or nothing when the proof is one of absence.
    public var valueHash: Digest? {
        if case .included(let valueHash) = end { return valueHash }
        return nil
    }

    /// Checks that under `root` the state key holds exactly `value`, or nothing when it is nil.
    ///
    /// - Throws: ``ProofFailure`` naming the first thing that does not hold.
    public func verify(root: Digest, key: [UInt8], value: [UInt8]?) throws(ProofFailure) {
        try verify(
            root: root, path: SparseMerkleTree.path(of: key),
            valueHash: value.map { SHA256.hash($0) })
    }

    /// Checks the same for a tree key and a value hash.
    ///
    /// - Throws: ``ProofFailure`` naming the first thing that does not hold.
    public func verify(root: Digest, path: Digest, valueHash: Digest?) throws(ProofFailure) {
        var hash = try endHash(path: path, valueHash: valueHash)
        for depth in siblings.indices.reversed() {
            hash =
                path.raw.bit(depth)
                ? NodeHash.inner(left: siblings[depth], right: hash)
                : NodeHash.inner(left: hash, right: siblings[depth])
        }
        guard hash == root else { throw .wrongRoot(computed: hash) }
    }

    private func endHash(path: Digest, valueHash: Digest?) throws(ProofFailure) -> Digest {
        switch end {
        case .included(let proven):
            guard let valueHash else { throw .present }
            guard valueHash == proven else { throw .otherValue }
            return NodeHash.leaf(key: path, valueHash: proven)
        case .empty:
            guard valueHash == nil else { throw .absent }
            return .zero
        case .otherLeaf(let key, let other):
            guard valueHash == nil else { throw .absent }
            guard key != path, Self.agree(key, path, bits: siblings.count) else {
                throw .otherPath
            }
            return NodeHash.leaf(key: key, valueHash: other)
        }
    }

    private static func agree(_ first: Digest, _ second: Digest, bits: Int) -> Bool {
        (0..<bits).allSatisfy { first.raw.bit($0) == second.raw.bit($0) }
    }
}

/// Why a state proof does not hold.
public enum ProofFailure: Error, Equatable, Sendable {
    /// The path leads to this root and not to the expected one.
    case wrongRoot(computed: Digest)
    /// The proof shows a value where none was claimed.
    case present
    /// The proof shows that there is no value where one was claimed.
    case absent
    /// The proof is of another value.
    case otherValue
    /// The proof's leaf does not lie on the key's path, or is the key's own.
    case otherPath
}

extension StateProof: CanonicalCodable {
    /// Appends the siblings, then the end.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeList(siblings)
        switch end {
        case .included(let valueHash):
            encoder.writeTag(0)
            encoder.write(valueHash)
        case .empty:
            encoder.writeTag(1)
        case .otherLeaf(let key, let valueHash):
            encoder.writeTag(2)
            encoder.write(key)
            encoder.write(valueHash)
        }
    }

    /// Reads at most ``siblingsMax`` siblings, then the end.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        siblings = try decoder.readList(limit: Self.siblingsMax)
        let tag = try decoder.readTag()
        switch tag {
        case 0: end = try .included(valueHash: decoder.read())
        case 1: end = .empty
        case 2: end = try .otherLeaf(key: decoder.read(), valueHash: decoder.read())
        default: throw .unknownTag(tag)
        }
    }
}
