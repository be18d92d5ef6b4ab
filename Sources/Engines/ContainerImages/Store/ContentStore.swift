// SPDX-License-Identifier: Apache-2.0
import Glibc
import JSONText

/// Content by its name, in one folder that is an OCI image layout: `blobs/sha256/…`,
/// `oci-layout`, and `index.json` with the references (OCI image specification 1.1,
/// image-layout.md; IMAGE-4).
///
/// Every file in `blobs` is whole and has the hash it is called by: content is written beside it,
/// in `ingest`, and moved there when its hash is right. So any number of processes may read and
/// write at once. Calls block; call them from a thread that may.
public struct ContentStore: Sendable {
    /// The folder.
    public let root: String

    /// Opens a folder, and makes what is missing of it.
    ///
    /// - Throws: ``ImageFailure/failed(path:errno:message:)``, ``ImageFailure/full(path:)``,
    ///   ``ImageFailure/badDocument(_:reason:)`` for a layout of another version.
    public init(opening root: String) throws(ImageFailure) {
        self.root = root
        try SystemFolder.create("\(root)/blobs/\(ContentDigest.algorithm)")
        try SystemFolder.create("\(root)/ingest")
        let mark = "\(root)/oci-layout"
        do throws(ImageFailure) {
            let json = try JSON.document(
                try Self.read(mark, bytesMax: 4_096), "oci-layout", bytesMax: 4_096)
            guard json["imageLayoutVersion"]?.text == "1.0.0" else {
                throw .badDocument("oci-layout", reason: "another version than 1.0.0")
            }
        } catch ImageFailure.notFound {
            try Self.replace(mark, with: Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8))
        } catch {
            throw error
        }
    }

    /// Where content lies when it is here.
    public func path(of digest: ContentDigest) -> String {
        "\(root)/blobs/\(ContentDigest.algorithm)/\(digest.digits)"
    }

    /// How many bytes content has, or nothing when it is not here.
    public func size(of digest: ContentDigest) -> Int64? {
        var status = stat()
        return stat(path(of: digest), &status) == 0 ? Int64(status.st_size) : nil
    }

    /// A small document, its hash checked again.
    ///
    /// - Throws: ``ImageFailure/notFound(_:)``, ``ImageFailure/tooLarge(_:limit:)``,
    ///   ``ImageFailure/wrongDigest(expected:found:)``: the disk gave other bytes than it got.
    public func read(_ digest: ContentDigest, bytesMax: Int) throws(ImageFailure) -> [UInt8] {
        let bytes: [UInt8]
        do throws(ImageFailure) {
            bytes = try Self.read(path(of: digest), bytesMax: bytesMax)
        } catch ImageFailure.notFound {
            throw .notFound(digest.description)
        }
        let found = ContentDigest(of: bytes)
        guard found == digest else { throw .wrongDigest(expected: digest, found: found) }
        return bytes
    }

    /// Stores a small document.
    ///
    /// - Returns: A pointer to it.
    public func put(_ bytes: [UInt8], mediaType: String) throws(ImageFailure) -> Descriptor {
        let descriptor = Descriptor(mediaType: mediaType, of: bytes)
        guard size(of: descriptor.digest) == nil else { return descriptor }
        let writer: ContentWriter
        do throws(ImageFailure) {
            writer = try ContentWriter(into: self, descriptor, isResumed: false)
        } catch ImageFailure.busy {
            // Somebody else is writing the same bytes; a document is small enough to write aside.
            writer = try ContentWriter(aside: self, descriptor)
        }
        try writer.append(bytes)
        try writer.finish()
        return descriptor
    }

    /// Removes content.
    public func remove(_ digest: ContentDigest) throws(ImageFailure) {
        try SystemFolder.remove(path(of: digest))
    }

    /// The names of all content, in order.
    public func digests() throws(ImageFailure) -> [ContentDigest] {
        var all: [ContentDigest] = []
        for name in try SystemFolder.names("\(root)/blobs/\(ContentDigest.algorithm)") {
            if let digest = try? ContentDigest("\(ContentDigest.algorithm):\(name)") {
                all.append(digest)
            }
        }
        return all
    }

    static func read(_ path: String, bytesMax: Int) throws(ImageFailure) -> [UInt8] {
        let file = try SystemFile(path, O_RDONLY)
        let count = try file.count()
        guard count <= Int64(bytesMax) else { throw .tooLarge(path, limit: Int64(bytesMax)) }
        return try file.bytes(upTo: Int(count))
    }

    /// Replaces a file so that after a crash it is wholly old or wholly new.
    static func replace(_ path: String, with bytes: [UInt8]) throws(ImageFailure) {
        let beside = "\(path).\(getpid()).new"
        do throws(ImageFailure) {
            let file = try SystemFile(beside, O_WRONLY | O_CREAT | O_TRUNC)
            try bytes.withUnsafeBufferPointer { (bytes) throws(ImageFailure) in
                try file.write(UnsafeRawBufferPointer(bytes))
            }
            try file.sync()
        } catch {
            _ = unlink(beside)
            throw error
        }
        try SystemFolder.move(beside, to: path)
    }
}
