// SPDX-License-Identifier: Apache-2.0
import Cryptography

/// The bytes of a layer's archive, in order and hashed, within limits: what the configuration's
/// `diff_ids` name (IMAGE-6).
final class LayerStream {
    /// What a layer may become whatever it was: 64 MiB.
    static let freeBytes: Int64 = 64 << 20

    private let source: Decompressor
    private let limits: ImageLimits
    private var hasher = SHA256()
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
    private var place = 0
    private var end = 0

    /// How many bytes came out.
    private(set) var produced: Int64 = 0

    /// Opens a layer's file.
    init(_ path: String, limits: ImageLimits) throws(ImageFailure) {
        source = try Decompressor(path)
        self.limits = limits
    }

    deinit { buffer.deallocate() }

    /// The next bytes, at most `limit`, where they lie until the next call; none at the end.
    func next(limit: Int) throws(ImageFailure) -> UnsafeRawBufferPointer {
        if place == end {
            place = 0
            end = try source.read(buffer)
            produced += Int64(end)
            try checkSize()
            hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<end]))
        }
        let count = min(limit, end - place)
        defer { place += count }
        return UnsafeRawBufferPointer(rebasing: buffer[place..<place + count])
    }

    /// Exactly `count` bytes, or nothing when the stream ended before the first.
    ///
    /// - Throws: ``ImageFailure/badLayer(entry:reason:)`` when it ends in the middle.
    func take(_ count: Int) throws(ImageFailure) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            let piece = try next(limit: count - bytes.count)
            if piece.isEmpty {
                if bytes.isEmpty { return nil }
                throw .badLayer(entry: "", reason: "the archive is cut off")
            }
            bytes.append(contentsOf: piece)
        }
        return bytes
    }

    /// Passes over bytes.
    func skip(_ count: Int64) throws(ImageFailure) {
        var rest = count
        while rest > 0 {
            let piece = try next(limit: Int(min(rest, 1 << 20)))
            guard !piece.isEmpty else {
                throw .badLayer(entry: "", reason: "the archive is cut off")
            }
            rest -= Int64(piece.count)
        }
    }

    /// Passes over what follows content; false when the stream ends before it.
    func skipPadding(_ count: Int64) throws(ImageFailure) -> Bool {
        var rest = count
        while rest > 0 {
            let piece = try next(limit: Int(rest))
            if piece.isEmpty { return false }
            rest -= Int64(piece.count)
        }
        return true
    }

    /// Reads to the end, and gives the name of all that came out.
    func finish() throws(ImageFailure) -> ContentDigest {
        while try !next(limit: 1 << 20).isEmpty {}
        var copy = SHA256()
        swap(&copy, &hasher)
        return ContentDigest(copy.finish())
    }

    private func checkSize() throws(ImageFailure) {
        guard produced <= limits.layerBytes + Self.freeBytes else {
            throw .tooLarge("bytes of a layer", limit: limits.layerBytes)
        }
        guard produced <= Self.freeBytes + source.consumed * limits.expansion else {
            throw .tooLarge("expansion of a layer", limit: limits.expansion)
        }
    }
}
