// SPDX-License-Identifier: Apache-2.0

/// The eight bytes before each chunk of a frame.
///
/// | byte | meaning |
/// |---|---|
/// | 0 | bits 0-1 class, 2 first chunk, 3 last chunk, 4-7 kind |
/// | 1 | channel |
/// | 2-3 | bytes in this chunk, little-endian |
/// | 4-7 | bytes in the whole frame, little-endian |
///
/// Source: specs/transport.md TRANSPORT-8.
struct ChunkHeader: Hashable, Sendable {
    /// The header's length in bytes.
    static let byteCount = 8

    var kind: FrameKind
    var priority: SendPriority
    var isFirst: Bool
    var isLast: Bool
    var channel: UInt8
    var count: Int
    var total: Int

    /// Appends the eight bytes.
    func write(to record: inout [UInt8]) {
        let flags =
            priority.rawValue | (isFirst ? 4 : 0) | (isLast ? 8 : 0) | kind.rawValue << 4
        let low = UInt64(flags) | UInt64(channel) << 8
        let high = UInt64(UInt16(truncatingIfNeeded: count)) << 16
        let word = low | high | UInt64(UInt32(truncatingIfNeeded: total)) << 32
        withUnsafeBytes(of: word.littleEndian) { record.append(contentsOf: $0) }
    }
}

extension ChunkHeader {
    /// Reads the eight bytes at `position`, or nothing when they are cut or mean nothing.
    init?(_ record: [UInt8], at position: Int) {
        guard record.count - position >= Self.byteCount else { return nil }
        let flags = record[position]
        guard let kind = FrameKind(rawValue: flags >> 4),
            let priority = SendPriority(rawValue: flags & 3)
        else { return nil }
        self.kind = kind
        self.priority = priority
        isFirst = flags & 4 != 0
        isLast = flags & 8 != 0
        channel = record[position + 1]
        count = Int(record[position + 2]) | Int(record[position + 3]) << 8
        let low = Int(record[position + 4]) | Int(record[position + 5]) << 8
        total = low | Int(record[position + 6]) << 16 | Int(record[position + 7]) << 24
    }

    /// Whether a chunk may follow this one in the same frame.
    func agrees(with next: ChunkHeader) -> Bool {
        kind == next.kind && channel == next.channel && total == next.total
    }
}
