// SPDX-License-Identifier: Apache-2.0

/// What a frame is for; the four high bits of a chunk's first byte.
///
/// Source: specs/transport.md TRANSPORT-9.
enum FrameKind: UInt8, CaseIterable, Sendable {
    /// Bytes for the message handler.
    case message = 0
    /// Eight bytes of id, then a question.
    case request = 1
    /// The question's id, then the answer.
    case answer = 2
    /// The question's id, then one byte of code.
    case refusal = 3
    /// Eight bytes to be sent back.
    case ping = 4
    /// A ping's eight bytes.
    case pong = 5
    /// A ``PeerIntroduction``; the first frame of each side, and no other.
    case introduction = 6
    /// One byte of ``DisconnectReason/code``; the last frame.
    case goodbye = 7

    /// Whether the frame is about the connection itself and is never split.
    var isControl: Bool {
        switch self {
        case .message, .request, .answer: false
        case .refusal, .ping, .pong, .introduction, .goodbye: true
        }
    }

    /// How many bytes the frame holds besides a message's own.
    var prefixBytes: Int {
        switch self {
        case .message: 0
        case .request, .answer, .ping, .pong: 8
        case .refusal: 9
        case .introduction: PeerIntroduction.byteCount
        case .goodbye: 1
        }
    }
}

/// One logical message: what is split into chunks, and what chunks make again.
struct Frame: Hashable, Sendable {
    /// What it is for.
    var kind: FrameKind
    /// The channel's number; 0 for frames about the connection.
    var channel: UInt8
    /// The class it waits in.
    var priority: SendPriority
    /// The content, with the prefix of its kind.
    var bytes: [UInt8]

    /// A frame about the connection.
    static func control(_ kind: FrameKind, _ bytes: [UInt8] = []) -> Frame {
        Frame(kind: kind, channel: 0, priority: .consensus, bytes: bytes)
    }

    /// A frame that begins with an id.
    static func numbered(
        _ kind: FrameKind, id: UInt64, channel: Channel, bytes: [UInt8]
    ) -> Frame {
        Frame(
            kind: kind, channel: channel.number, priority: channel.priority,
            bytes: id.eightBytes + bytes)
    }

    /// The id it begins with, when its kind has one.
    var id: UInt64? {
        guard kind.prefixBytes >= 8, bytes.count >= 8 else { return nil }
        return UInt64(eightBytes: bytes[..<8])
    }

    /// The content after the prefix.
    var body: [UInt8] { Array(bytes.dropFirst(kind.prefixBytes)) }
}

extension UInt64 {
    /// Little-endian.
    var eightBytes: [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: self >> (8 * $0)) } }

    /// Reads at most eight bytes, little-endian.
    init(eightBytes bytes: ArraySlice<UInt8>) {
        self = bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
