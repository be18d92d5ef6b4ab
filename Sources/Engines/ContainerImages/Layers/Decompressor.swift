// SPDX-License-Identifier: Apache-2.0
import CZlib
import CZstd
import Glibc

/// A layer's file as its bytes before compression: gzip (RFC 1952, of any number of members), zstd
/// (RFC 8878), or neither, told by the first bytes.
final class Decompressor {
    /// How much memory a stream may ask for: windows of 128 MiB, the most that `zstd` itself
    /// makes without being told to.
    static let windowLogMax: Int32 = 27

    private enum Method {
        case none
        case gzip(UnsafeMutablePointer<z_stream>)
        case zstd(OpaquePointer)
    }

    private let file: SystemFile
    private var method = Method.none
    private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
    private var place = 0
    private var end = 0
    private var isWhole = true

    /// How many bytes of the file were used.
    private(set) var consumed: Int64 = 0

    /// Opens a file.
    init(_ path: String) throws(ImageFailure) {
        file = try SystemFile(path, O_RDONLY)
        try refill()
        let magic = input[..<min(4, end)]
        if magic.starts(with: [0x1F, 0x8B]) {
            method = .gzip(try Self.inflater())
        } else if magic.elementsEqual([0x28, 0xB5, 0x2F, 0xFD]) || Self.isSkippable(magic) {
            guard let stream = ZSTD_createDStream() else { throw Self.noMemory }
            ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, Self.windowLogMax)
            method = .zstd(stream)
        }
    }

    deinit {
        input.deallocate()
        switch method {
        case .none: break
        case .gzip(let stream):
            inflateEnd(stream)
            stream.deallocate()
        case .zstd(let stream): ZSTD_freeDStream(stream)
        }
    }

    /// Fills a part of a buffer; 0 at the end.
    ///
    /// - Throws: ``ImageFailure/badLayer(entry:reason:)`` for broken or cut compression.
    func read(_ buffer: UnsafeMutableRawBufferPointer) throws(ImageFailure) -> Int {
        while true {
            if place == end { try refill() }
            if end == 0 {
                guard isWhole else { throw Self.broken("the compressed stream is cut off") }
                return 0
            }
            let count =
                switch method {
                case .none: copy(into: buffer)
                case .gzip(let stream): try inflate(stream, into: buffer)
                case .zstd(let stream): try decompress(stream, into: buffer)
                }
            if count > 0 { return count }
        }
    }

    private func refill() throws(ImageFailure) {
        place = 0
        end = try file.read(input)
        consumed += Int64(end)
    }

    private func copy(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffer.count, end - place)
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: input[place..<place + count]))
        place += count
        return count
    }

    private func inflate(
        _ stream: UnsafeMutablePointer<z_stream>, into buffer: UnsafeMutableRawBufferPointer
    ) throws(ImageFailure) -> Int {
        // The last member ended: another begins, or zeros pad the file.
        if isWhole, consumed > Int64(end) || place > 0 {
            guard input[place] != 0 else {
                place += 1
                return 0
            }
            inflateReset(stream)
        }
        isWhole = false
        let start = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.next_in = start.map { $0 + place }
        stream.pointee.avail_in = UInt32(end - place)
        stream.pointee.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(clamping: buffer.count)
        let room = Int(stream.pointee.avail_out)
        let result = CZlib.inflate(stream, Z_NO_FLUSH)
        place = end - Int(stream.pointee.avail_in)
        guard result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR else {
            throw Self.broken("the gzip stream is broken")
        }
        isWhole = result == Z_STREAM_END
        return room - Int(stream.pointee.avail_out)
    }

    private func decompress(
        _ stream: OpaquePointer, into buffer: UnsafeMutableRawBufferPointer
    ) throws(ImageFailure) -> Int {
        var source = ZSTD_inBuffer(src: input.baseAddress, size: end, pos: place)
        var target = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
        let result = ZSTD_decompressStream(stream, &target, &source)
        guard ZSTD_isError(result) == 0 else { throw Self.broken("the zstd stream is broken") }
        place = source.pos
        isWhole = result == 0
        return target.pos
    }

    private static func inflater() throws(ImageFailure) -> UnsafeMutablePointer<z_stream> {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 16 more than the window's bits: gzip alone.
        let result = inflateInit2_(
            stream, 16 + MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard result == Z_OK else {
            stream.deallocate()
            throw noMemory
        }
        return stream
    }

    // Frames of zstd that carry no data: 0x184D2A50 to 5F, little-endian.
    private static func isSkippable(_ magic: Slice<UnsafeMutableRawBufferPointer>) -> Bool {
        let bytes = Array(magic)
        return bytes.count == 4 && bytes[0] & 0xF0 == 0x50
            && bytes[1...].elementsEqual([0x2A, 0x4D, 0x18])
    }

    private static func broken(_ reason: String) -> ImageFailure {
        .badLayer(entry: "", reason: reason)
    }

    private static let noMemory = ImageFailure.failed(
        path: "", errno: ENOMEM, message: "no memory to decompress")
}
