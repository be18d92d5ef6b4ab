// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Glibc
import Vocabulary

/// Content on its way into a store: hashed as it comes, in its place only when it is what its name
/// says (IMAGE-5). After its end it is not used again.
///
/// What was written stays when the writer is let go without an end, so that a later one goes on
/// there; content that turned out wrong is removed.
public final class ContentWriter {
    /// What is awaited.
    public let descriptor: Descriptor
    /// How many bytes are there.
    public private(set) var count: Int64 = 0
    private let store: ContentStore
    private let file: SystemFile
    private var hasher = SHA256()

    /// Goes on where an earlier writer of the same content stopped, or begins.
    ///
    /// What is there already is read and hashed again.
    ///
    /// - Parameter isResumed: Whether bytes of an earlier writer are kept.
    /// - Throws: ``ImageFailure/busy(path:)`` while another writer has it.
    public convenience init(
        into store: ContentStore, _ descriptor: Descriptor, isResumed: Bool = true
    ) throws(ImageFailure) {
        try self.init(
            store, descriptor, at: "\(store.root)/ingest/\(descriptor.digest.digits)",
            isResumed: isResumed)
    }

    /// Writes beside whoever writes the same content.
    convenience init(aside store: ContentStore, _ descriptor: Descriptor) throws(ImageFailure) {
        try self.init(
            store, descriptor,
            at: "\(store.root)/ingest/\(descriptor.digest.digits).\(getpid())", isResumed: false)
    }

    private init(
        _ store: ContentStore, _ descriptor: Descriptor, at path: String, isResumed: Bool
    ) throws(ImageFailure) {
        self.store = store
        self.descriptor = descriptor
        file = try SystemFile(path, O_RDWR | O_CREAT)
        try file.lock()
        if isResumed { try takeUp() }
        guard ftruncate(file.number, Int(count)) == 0,
            lseek(file.number, Int(count), SEEK_SET) >= 0
        else {
            throw .fromSystem(path)
        }
    }

    /// Adds bytes.
    ///
    /// - Throws: ``ImageFailure/wrongSize(_:expected:found:)`` beyond the size that was said,
    ///   ``ImageFailure/full(path:)``.
    public func append(_ bytes: UnsafeRawBufferPointer) throws(ImageFailure) {
        guard count + Int64(bytes.count) <= descriptor.size else {
            throw .wrongSize(
                descriptor.digest, expected: descriptor.size, found: count + Int64(bytes.count))
        }
        try file.write(bytes)
        hasher.update(bytes)
        count += Int64(bytes.count)
    }

    /// Adds bytes.
    public func append(_ bytes: [UInt8]) throws(ImageFailure) {
        try bytes.withUnsafeBufferPointer { (bytes) throws(ImageFailure) in
            try append(UnsafeRawBufferPointer(bytes))
        }
    }

    /// Forgets what is there, to begin anew: the other side cannot go on in the middle.
    public func restart() throws(ImageFailure) {
        guard ftruncate(file.number, 0) == 0, lseek(file.number, 0, SEEK_SET) == 0 else {
            throw .fromSystem(file.path)
        }
        hasher = SHA256()
        count = 0
    }

    /// Puts the content into its place, durably.
    ///
    /// - Throws: ``ImageFailure/wrongSize(_:expected:found:)`` when bytes are missing, which stay
    ///   for another writer to complete; ``ImageFailure/wrongDigest(expected:found:)``, after which
    ///   nothing of it is left.
    public func finish() throws(ImageFailure) {
        guard count == descriptor.size else {
            throw .wrongSize(descriptor.digest, expected: descriptor.size, found: count)
        }
        let found = ContentDigest(endHash())
        guard found == descriptor.digest else {
            _ = unlink(file.path)
            throw .wrongDigest(expected: descriptor.digest, found: found)
        }
        try file.sync()
        try SystemFolder.move(file.path, to: store.path(of: descriptor.digest))
    }

    // What is stored cannot be consumed; an empty hash takes its place.
    private func endHash() -> Digest {
        var ended = SHA256()
        swap(&ended, &hasher)
        return ended.finish()
    }

    // Hashes what an earlier writer left; more than there can be is left out.
    private func takeUp() throws(ImageFailure) {
        guard try file.count() <= descriptor.size else { return }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let step = try file.read(buffer)
            guard step > 0 else { return }
            hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<step]))
            count += Int64(step)
        }
    }
}
