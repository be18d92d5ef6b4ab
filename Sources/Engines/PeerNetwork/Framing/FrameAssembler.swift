// SPDX-License-Identifier: Apache-2.0

/// Puts the chunks of a stream together again, however the stream is cut.
///
/// Memory: at most one unfinished frame a class, each within the limit, and never more than has
/// arrived: a length that is only announced reserves nothing.
///
/// Source: specs/transport.md TRANSPORT-8 to TRANSPORT-10.
struct FrameAssembler: Sendable {
    private struct Partial {
        var header: ChunkHeader
        var bytes: [UInt8]
    }

    /// A chunk that has not wholly arrived, with all that its frame has brought.
    private struct Current {
        var header: ChunkHeader
        /// How much of the chunk is still to come.
        var missing: Int
        var bytes: [UInt8]
    }

    private let messageBytesMax: Int
    private var partials: [Partial?] = [nil, nil, nil]
    /// A header that has not wholly arrived.
    private var head: [UInt8] = []
    private var current: Current?

    /// Takes messages of up to `messageBytesMax` bytes.
    init(messageBytesMax: Int) {
        self.messageBytesMax = messageBytesMax
    }

    /// Takes what has arrived and appends the frames it completes.
    ///
    /// - Throws: ``DisconnectReason/malformedRecord``,
    ///   ``DisconnectReason/messageTooLong(length:limit:)``; nothing may be given to it after.
    mutating func receive(
        _ bytes: [UInt8], into frames: inout [Frame]
    ) throws(DisconnectReason) {
        var position = 0
        while let frame = try next(bytes, &position) { frames.append(frame) }
    }

    /// Takes bytes from `position` on until they complete a frame; nothing when they are used up.
    ///
    /// - Throws: As ``receive(_:into:)``.
    mutating func next(
        _ bytes: [UInt8], _ position: inout Int
    ) throws(DisconnectReason) -> Frame? {
        while position < bytes.count {
            if current == nil {
                guard let header = try takeHeader(bytes, &position) else { return nil }
                let end = position + header.count
                // Most frames are one chunk that has wholly arrived: they are copied once.
                if header.isFirst, header.isLast, end <= bytes.count {
                    try check(first: header)
                    guard header.total == header.count else { throw .malformedRecord }
                    defer { position = end }
                    return frame(header, Array(bytes[position..<end]))
                }
                try begin(header)
            }
            if let frame = try take(bytes, &position) { return frame }
        }
        return nil
    }

    private mutating func takeHeader(
        _ bytes: [UInt8], _ position: inout Int
    ) throws(DisconnectReason) -> ChunkHeader? {
        if head.isEmpty, bytes.count - position >= ChunkHeader.byteCount {
            defer { position += ChunkHeader.byteCount }
            guard let header = ChunkHeader(bytes, at: position) else { throw .malformedRecord }
            return header
        }
        let count = min(ChunkHeader.byteCount - head.count, bytes.count - position)
        head += bytes[position..<position + count]
        position += count
        guard head.count == ChunkHeader.byteCount else { return nil }
        defer { head = [] }
        guard let header = ChunkHeader(head, at: 0) else { throw .malformedRecord }
        return header
    }

    private mutating func begin(_ header: ChunkHeader) throws(DisconnectReason) {
        let slot = Int(header.priority.rawValue)
        guard header.isFirst else {
            guard let partial = partials[slot], partial.header.agrees(with: header) else {
                throw .malformedRecord
            }
            partials[slot] = nil
            current = Current(header: header, missing: header.count, bytes: partial.bytes)
            return
        }
        try check(first: header)
        current = Current(header: header, missing: header.count, bytes: [])
    }

    // Appends what there is of the present chunk; gives the frame that ends with it.
    private mutating func take(
        _ bytes: [UInt8], _ position: inout Int
    ) throws(DisconnectReason) -> Frame? {
        guard var chunk = current else { return nil }
        current = nil
        let count = min(chunk.missing, bytes.count - position)
        chunk.bytes += bytes[position..<position + count]
        chunk.missing -= count
        position += count
        guard chunk.bytes.count + chunk.missing <= chunk.header.total else {
            throw .malformedRecord
        }
        guard chunk.missing == 0 else {
            current = chunk
            return nil
        }
        guard chunk.header.isLast else {
            // A chunk that brings nothing and ends nothing would let many of them cost time for no
            // progress; one that already brings all must say that it is the last.
            guard chunk.header.count > 0, chunk.bytes.count < chunk.header.total else {
                throw .malformedRecord
            }
            partials[Int(chunk.header.priority.rawValue)] = Partial(
                header: chunk.header, bytes: chunk.bytes)
            return nil
        }
        guard chunk.bytes.count == chunk.header.total else { throw .malformedRecord }
        return frame(chunk.header, chunk.bytes)
    }

    private func frame(_ header: ChunkHeader, _ bytes: [UInt8]) -> Frame {
        Frame(
            kind: header.kind, channel: header.channel, priority: header.priority, bytes: bytes)
    }

    // What a frame's first chunk says of the whole. A control frame is one chunk of known length,
    // and may stand between the chunks of others.
    private func check(first header: ChunkHeader) throws(DisconnectReason) {
        let prefix = header.kind.prefixBytes
        guard !header.kind.isControl else {
            guard header.isLast, header.total == prefix, header.count == prefix else {
                throw .malformedRecord
            }
            return
        }
        guard partials[Int(header.priority.rawValue)] == nil, header.total >= prefix else {
            throw .malformedRecord
        }
        guard header.total - prefix <= messageBytesMax else {
            throw .messageTooLong(length: header.total - prefix, limit: messageBytesMax)
        }
    }
}
