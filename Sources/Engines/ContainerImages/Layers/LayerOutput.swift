// SPDX-License-Identifier: Apache-2.0
import CZlib
import Cryptography
import Glibc
import Vocabulary

/// Bytes compressed with gzip on their way into a store, under a name known only at their end.
///
/// The member's header has no time and no name, so the same bytes give the same content.
final class LayerOutput {
    /// How hard zlib tries: its own middle way.
    static let level: Int32 = 6

    private let store: ContentStore
    private let file: SystemFile
    private let stream: UnsafeMutablePointer<z_stream>
    private var hasher = SHA256()
    private var count: Int64 = 0
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)

    init(_ store: ContentStore) throws(ImageFailure) {
        self.store = store
        // Unique among processes by the number, within one by the descriptor that is free now.
        var clock = timespec()
        clock_gettime(CLOCK_MONOTONIC, &clock)
        let name = "\(store.root)/ingest/layer.\(getpid()).\(clock.tv_sec).\(clock.tv_nsec)"
        file = try SystemFile(name, O_RDWR | O_CREAT | O_EXCL)
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let result = deflateInit2_(
            stream, Self.level, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        guard result == Z_OK else {
            _ = unlink(name)
            throw .failed(path: name, errno: ENOMEM, message: "no memory to compress")
        }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
        buffer.deallocate()
        // Gone already when it was finished: it has its place then.
        _ = unlink(file.path)
    }

    func append(_ bytes: [UInt8]) throws(ImageFailure) {
        try bytes.withUnsafeBufferPointer { (bytes) throws(ImageFailure) in
            stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress)
            stream.pointee.avail_in = UInt32(bytes.count)
            while stream.pointee.avail_in > 0 { _ = try step(Z_NO_FLUSH) }
        }
    }

    func finish() throws(ImageFailure) -> Descriptor {
        stream.pointee.avail_in = 0
        while try step(Z_FINISH) != Z_STREAM_END {}
        try file.sync()
        let digest = ContentDigest(Self.end(&hasher))
        let descriptor = Descriptor(
            mediaType: MediaType.layer + "+gzip", digest: digest, size: count)
        try SystemFolder.move(file.path, to: store.path(of: digest))
        return descriptor
    }

    // What is stored cannot be consumed; an empty hash takes its place.
    private static func end(_ hasher: inout SHA256) -> Digest {
        var ended = SHA256()
        swap(&ended, &hasher)
        return ended.finish()
    }

    private func step(_ flush: Int32) throws(ImageFailure) -> Int32 {
        stream.pointee.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(buffer.count)
        let result = deflate(stream, flush)
        let made = buffer.count - Int(stream.pointee.avail_out)
        let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<made])
        try file.write(bytes)
        hasher.update(bytes)
        count += Int64(made)
        return result
    }
}
