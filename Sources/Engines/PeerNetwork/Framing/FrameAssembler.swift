// SPDX-License-Identifier: Apache-2.0

/// Puts the chunks of opened records together again.
///
/// Memory: at most one unfinished frame a class, each within the limit, and never more than has
/// arrived: a length that is only announced reserves nothing.
///
/// Source: specs/transport.md TRANSPORT-10.
struct FrameAssembler: Sendable {
    private struct Partial {
        var header: ChunkHeader
        var bytes: [UInt8]
    }

    private let messageBytesMax: Int
    private var partials: [Partial?] = [nil, nil, nil]

    /// Takes messages of up to `messageBytesMax` bytes.
    init(messageBytesMax: Int) {
        self.messageBytesMax = messageBytesMax
    }

    /// Takes one record's plaintext and appends the frames it completes.
    ///
    /// - Throws: ``DisconnectReason/malformedRecord``,
    ///   ``DisconnectReason/messageTooLong(length:limit:)``.
    mutating func receive(
        _ record: [UInt8], into frames: inout [Frame]
    ) throws(DisconnectReason) {
        guard !record.isEmpty else { throw .malformedRecord }
        var position = 0
        while position < record.count {
            guard let header = ChunkHeader(record, at: position) else { throw .malformedRecord }
            let start = position + ChunkHeader.byteCount
            position = start + header.count
            guard position <= record.count else { throw .malformedRecord }
            try take(header, record[start..<position], into: &frames)
        }
    }

    private mutating func take(
        _ header: ChunkHeader, _ bytes: ArraySlice<UInt8>, into frames: inout [Frame]
    ) throws(DisconnectReason) {
        guard !header.kind.isControl else { return try takeControl(header, bytes, into: &frames) }
        let slot = Int(header.priority.rawValue)
        var partial = try header.isFirst ? begin(header) : resume(header)
        partials[slot] = nil
        partial.bytes += bytes
        guard partial.bytes.count <= header.total else { throw .malformedRecord }
        guard header.isLast else {
            // A chunk that brings nothing and ends nothing would let a record of them cost time
            // for no progress; one that already brings all must say that it is the last.
            guard !bytes.isEmpty, partial.bytes.count < header.total else {
                throw .malformedRecord
            }
            partials[slot] = partial
            return
        }
        guard partial.bytes.count == header.total else { throw .malformedRecord }
        frames.append(
            Frame(
                kind: header.kind, channel: header.channel, priority: header.priority,
                bytes: partial.bytes))
    }

    // A control frame is one chunk of known length; it may stand between the chunks of others.
    private func takeControl(
        _ header: ChunkHeader, _ bytes: ArraySlice<UInt8>, into frames: inout [Frame]
    ) throws(DisconnectReason) {
        guard header.isFirst, header.isLast, header.total == bytes.count,
            header.total == header.kind.prefixBytes
        else { throw .malformedRecord }
        frames.append(
            Frame(
                kind: header.kind, channel: header.channel, priority: header.priority,
                bytes: Array(bytes)))
    }

    private func begin(_ header: ChunkHeader) throws(DisconnectReason) -> Partial {
        guard partials[Int(header.priority.rawValue)] == nil else { throw .malformedRecord }
        let prefix = header.kind.prefixBytes
        guard header.total >= prefix else { throw .malformedRecord }
        guard header.total - prefix <= messageBytesMax else {
            throw .messageTooLong(length: header.total - prefix, limit: messageBytesMax)
        }
        return Partial(header: header, bytes: [])
    }

    private func resume(_ header: ChunkHeader) throws(DisconnectReason) -> Partial {
        guard let partial = partials[Int(header.priority.rawValue)],
            partial.header.kind == header.kind, partial.header.channel == header.channel,
            partial.header.total == header.total
        else { throw .malformedRecord }
        return partial
    }
}
