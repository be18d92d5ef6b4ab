// SPDX-License-Identifier: Apache-2.0
import Cryptography
public import Vocabulary

/// A chunk's name: a keyed hash of its content (SNAPSHOT-2).
public struct ChunkID: Identifier32 {
    /// The bytes.
    public let raw: Bytes32
    /// Names bytes.
    public init(_ raw: Bytes32) { self.raw = raw }
}

/// The secret of one tenant, from which all keys of its snapshots come. It never prints itself.
///
/// Whoever lacks it cannot tell what a chunk holds, nor whether it holds something known: names,
/// ciphertexts and the places where content is cut all depend on it (SNAPSHOT-2).
public struct SnapshotKey: Sendable {
    /// Names chunks.
    let naming: KeyedHash
    /// Gives each chunk a key of its own.
    private let sealing: [UInt8]
    /// Says where content is cut.
    let gear: GearTable

    /// The bytes of a key.
    public static let count = Bytes32.count

    /// Takes 32 random bytes.
    ///
    /// - Returns: Nothing when there are fewer or more.
    public init?(_ secret: [UInt8]) {
        guard secret.count == Self.count else { return nil }
        func derived(_ purpose: String) -> [UInt8] {
            HKDF.derive(
                from: secret, salt: [], info: Array("atoll/snapshot/1/\(purpose)".utf8),
                count: Bytes32.count)
        }
        naming = KeyedHash(key: derived("names"))
        sealing = derived("chunks")
        gear = GearTable(seed: derived("boundaries"))
    }

    /// The name of some content.
    func name(of content: UnsafeRawBufferPointer) -> ChunkID {
        ChunkID(naming.hash(content))
    }

    /// The chunk of some content. Each has a key of its own, so the nonce is zero (CRYPTO-7): the
    /// same name means the same content.
    func seal(_ content: [UInt8], as id: ChunkID) -> [UInt8] {
        ChaCha20Poly1305.seal(
            content, key: key(of: id), nonce: Self.nonce, associatedData: id.raw.bytes)
    }

    /// The content of a chunk, checked against its name.
    ///
    /// - Throws: ``SnapshotFailure/damaged(_:)``.
    func open(_ chunk: [UInt8], as id: ChunkID) throws(SnapshotFailure) -> [UInt8] {
        guard chunk.count <= ContentChunker.chunkBytesMax + ChaCha20Poly1305.tagCount,
            let content = try? ChaCha20Poly1305.open(
                chunk, key: key(of: id), nonce: Self.nonce, associatedData: id.raw.bytes),
            content.withUnsafeBytes({ name(of: $0) }) == id
        else { throw .damaged(id) }
        return content
    }

    private static let nonce = [UInt8](repeating: 0, count: ChaCha20Poly1305.nonceCount)

    private func key(of id: ChunkID) -> Bytes32 {
        HMACSHA256.authenticate(id.raw.bytes, key: sealing)
    }
}

extension SnapshotKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// That it is a key, and nothing of it.
    public var description: String { "SnapshotKey" }

    /// The same.
    public var debugDescription: String { description }

    /// Nothing, so that dump() shows nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
