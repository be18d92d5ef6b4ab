// SPDX-License-Identifier: Apache-2.0

/// Reads archives as POSIX.1-2017 `pax`, `ustar`, GNU tar and Version 7 write them (IMAGE-7).
///
/// Names come out byte for byte as they stand there: a library that goes by locales would not
/// give that (decision 0019). Sparse files are refused by name; no builder of images makes them.
struct TarReader {
    /// The bytes of a block.
    static let blockBytes = 512
    /// The most bytes of an extended header: names and attributes of one entry, 1 MiB.
    static let extensionBytesMax: Int64 = 1 << 20

    private let stream: LayerStream
    /// What is left of the current entry's content, and of the padding after it.
    private var content: Int64 = 0
    private var padding: Int64 = 0
    private var isOver = false

    init(_ stream: LayerStream) { self.stream = stream }

    /// The next entry, after what was left of the one before; nothing at the end.
    mutating func next() throws(ImageFailure) -> TarEntry? {
        try stream.skip(content)
        // Some builders leave out what would follow the last content: padding and end.
        if padding > 0, try !stream.skipPadding(padding) { isOver = true }
        (content, padding) = (0, 0)
        var extensions = TarExtensions()
        while !isOver {
            guard let block = try stream.take(Self.blockBytes) else { break }
            if block.allSatisfy({ $0 == 0 }) { break }
            var header = try TarHeader(block)
            switch header.kind {
            case UInt8(ascii: "x"): try extensions.read(pax: body(of: header))
            // What holds for the whole archive: nothing that images use.
            case UInt8(ascii: "g"): _ = try body(of: header)
            case UInt8(ascii: "L"): extensions.path = try name(in: header)
            case UInt8(ascii: "K"): extensions.target = try name(in: header)
            default:
                extensions.apply(to: &header)
                let entry = try header.entry(attributes: extensions.attributes)
                content = entry.kind == .file ? entry.size : 0
                padding = Self.padding(content)
                return entry
            }
        }
        isOver = true
        return nil
    }

    /// The next bytes of the current entry's content, valid until the next call; none at its end.
    mutating func read() throws(ImageFailure) -> UnsafeRawBufferPointer {
        guard content > 0 else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        let piece = try stream.next(limit: Int(min(content, 1 << 20)))
        guard !piece.isEmpty else { throw .badLayer(entry: "", reason: "the archive is cut off") }
        content -= Int64(piece.count)
        return piece
    }

    private func body(of header: TarHeader) throws(ImageFailure) -> [UInt8] {
        guard header.size <= Self.extensionBytesMax else {
            throw .tooLarge("extended header of a layer", limit: Self.extensionBytesMax)
        }
        let bytes = header.size == 0 ? [] : try stream.take(Int(header.size))
        guard let bytes else { throw .badLayer(entry: "", reason: "the archive is cut off") }
        try stream.skip(Self.padding(header.size))
        return bytes
    }

    private func name(in header: TarHeader) throws(ImageFailure) -> [UInt8] {
        Array(try body(of: header).prefix { $0 != 0 })
    }

    static func padding(_ size: Int64) -> Int64 {
        (Int64(blockBytes) - size % Int64(blockBytes)) % Int64(blockBytes)
    }
}
