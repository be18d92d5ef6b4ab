// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Vocabulary

/// Cuts a state into chunks: below the highest nodes whose pairs fit one, so that every node of a
/// network cuts the same state the same way (SYNC-3).
///
/// Takes the pairs in the order of the tree; holds those of one chunk and one more.
public struct SnapshotCutter: Sendable {
    /// A chunk with its place in the tree.
    public struct Piece: Sendable {
        /// Its part of the index.
        public let part: SnapshotPart
        /// Its bytes; none of an empty part.
        public let bytes: [UInt8]
    }

    private struct Entry {
        let path: RawDigest
        let valueHash: RawDigest
        /// Where the pair ends among the bytes that wait.
        let end: Int
    }

    private let chunkBytesMax: Int
    /// Nodes that are still to be cut, the next one last.
    private var ahead: [TreeNode] = [.root]
    private var waiting = PairList()
    private var entries: [Entry] = []

    /// - Parameter chunkBytesMax: At least one largest pair, at most ``StateChunk/bytesMax``.
    public init(chunkBytesMax: Int = StateChunk.bytesMax) { self.chunkBytesMax = chunkBytesMax }

    /// Takes the next pair.
    ///
    /// - Parameter path: The key in the tree, above that of the pair before.
    /// - Returns: Chunks that have become whole.
    public mutating func add(
        path: UnsafeRawBufferPointer, key: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer
    ) -> [Piece] {
        precondition(path.count == RawDigest.bytes, "a path has 32 bytes")
        waiting.append(key, value)
        let entry = Entry(
            path: path.loadUnaligned(as: RawDigest.self), valueHash: .of(value),
            end: waiting.bytes.count)
        entries.append(entry)
        let isInside = ahead.last?.contains(entry.path) ?? false
        return isInside && waiting.bytes.count <= chunkBytesMax ? [] : cut(isEnd: false)
    }

    /// Ends the state; returns the last chunks.
    public mutating func finish() -> [Piece] { cut(isEnd: true) }

    private mutating func cut(isEnd: Bool) -> [Piece] {
        var pieces: [Piece] = []
        while let node = ahead.last {
            let inside = entries.firstIndex { !node.contains($0.path) } ?? entries.count
            let bytes = inside == 0 ? 0 : entries[inside - 1].end
            if bytes > chunkBytesMax {
                ahead.removeLast()
                ahead.append(node.child(true))
                ahead.append(node.child(false))
            } else if isEnd || inside < entries.count {
                ahead.removeLast()
                pieces.append(piece(of: node, entries: inside, bytes: bytes))
            } else {
                break
            }
        }
        return pieces
    }

    /// Takes the first entries out as the chunk of a node.
    private mutating func piece(of node: TreeNode, entries count: Int, bytes: Int) -> Piece {
        var run = LeafRun(capacity: count)
        for entry in entries[..<count] {
            run.append(LeafRecord(key: entry.path, valueHash: entry.valueHash))
        }
        let part = SnapshotPart(
            depth: UInt16(node.depth), hash: run.hash(depth: node.depth), count: UInt32(count),
            bytes: UInt32(bytes))
        let content = Array(waiting.bytes[..<bytes])
        let rest = Array(waiting.bytes[bytes...])
        entries = entries[count...].map {
            Entry(path: $0.path, valueHash: $0.valueHash, end: $0.end - bytes)
        }
        waiting =
            PairList(
                bytes: rest, keyBytesMax: Int(UInt16.max), valueBytesMax: Int(UInt32.max))
            ?? PairList()
        return Piece(part: part, bytes: content)
    }
}
