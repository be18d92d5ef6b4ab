// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// A node of the tree, named by the bits that the keys below it begin with.
public struct TreeNode: Hashable, Sendable {
    /// How many bits: 0 for the root, at most 256.
    public let depth: Int
    /// The lowest key below it: the bits, then zeros.
    public let lowest: Digest

    /// The root.
    public static let root = TreeNode(depth: 0, lowest: .zero)

    init(depth: Int, lowest: Digest) {
        self.depth = depth
        self.lowest = lowest
    }

    /// Its child to one side; the depth must be below 256.
    func child(_ isRight: Bool) -> TreeNode {
        guard isRight else { return TreeNode(depth: depth + 1, lowest: lowest) }
        let depth = depth
        let lowest = lowest.raw.withUnsafeBytes { old in
            Bytes32 { bytes in
                bytes.copyMemory(from: old)
                bytes[depth >> 3] |= 0x80 >> UInt8(depth & 7)
            }
        }
        return TreeNode(depth: depth + 1, lowest: Digest(lowest))
    }

    /// Whether a key begins with its bits.
    func contains(_ key: RawDigest) -> Bool {
        let wanted = RawDigest(lowest)
        return withUnsafeBytes(of: wanted) { wanted in
            withUnsafeBytes(of: key) { key in
                let whole = depth >> 3
                for index in 0..<whole where wanted[index] != key[index] { return false }
                guard depth & 7 != 0 else { return true }
                return (wanted[whole] ^ key[whole]) >> UInt8(8 - depth & 7) == 0
            }
        }
    }
}

/// A piece of a snapshot: all that lies below one node of the tree (SYNC-3).
public struct SnapshotPart: Hashable, Sendable {
    /// The depth of the node; which node it is follows from the parts before it.
    public let depth: UInt16
    /// The hash of the node: zeros when nothing lies below it.
    public let hash: Digest
    /// How many pairs lie below it; said and not proven.
    public let count: UInt32
    /// How many bytes its chunk has; said and not proven.
    public let bytes: UInt32

    /// The bytes of an encoding.
    public static let encodedBytes = 2 + 32 + 4 + 4

    /// States a part.
    public init(depth: UInt16, hash: Digest, count: UInt32, bytes: UInt32) {
        self.depth = depth
        self.hash = hash
        self.count = count
        self.bytes = bytes
    }

    /// Whether there is a chunk of it: what is empty needs none.
    public var hasChunk: Bool { hash != .zero }
}

extension SnapshotPart: CanonicalCodable {
    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(depth)
        encoder.write(hash)
        encoder.write(count)
        encoder.write(bytes)
    }

    /// Reads the fields within their limits.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        depth = try decoder.read()
        hash = try decoder.read()
        count = try decoder.read()
        bytes = try decoder.read()
        guard Int(depth) <= StateProof.siblingsMax else { throw .outOfRange("depth") }
        guard bytes <= StateChunk.bytesMax else {
            throw .tooLong(length: Int(bytes), limit: StateChunk.bytesMax)
        }
    }
}

/// Why a piece of a snapshot is refused.
public enum SnapshotFailure: Error, Equatable, Sendable {
    /// The parts do not cover the tree once: some node is missing, or one is too many.
    case notACover
    /// The parts lead to this root and not to the expected one.
    case wrongRoot(computed: Digest)
    /// The bytes are not whole pairs within their limits.
    case malformed
    /// The pairs do not ascend strictly in the order of the tree.
    case notAscending
    /// A pair lies below another node.
    case outsideNode
    /// The pairs lead to this hash of the node and not to the expected one.
    case wrongHash(computed: Digest)
}
