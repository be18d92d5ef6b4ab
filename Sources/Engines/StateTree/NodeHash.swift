// SPDX-License-Identifier: Apache-2.0
import Cryptography
public import Vocabulary

/// How nodes hash (STATE-2): a leaf and an inner node can never have the same preimage.
enum NodeHash {
    /// SHA-256 of 0x00, the key, the value's hash.
    static func leaf(key: Digest, valueHash: Digest) -> Digest { joined(0, key, valueHash) }

    /// SHA-256 of 0x01, the left hash, the right hash.
    static func inner(left: Digest, right: Digest) -> Digest { joined(1, left, right) }

    private static func joined(_ tag: UInt8, _ first: Digest, _ second: Digest) -> Digest {
        var hasher = SHA256()
        withUnsafeBytes(of: tag) { hasher.update($0) }
        hasher.update(first)
        hasher.update(second)
        return hasher.finish()
    }
}

extension SparseMerkleTree {
    /// The tree's key of a state key: its SHA-256, so that nobody chooses where a leaf lies.
    public static func path(of stateKey: [UInt8]) -> Digest { SHA256.hash(stateKey) }
}
