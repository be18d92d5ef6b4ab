// SPDX-License-Identifier: Apache-2.0

/// Why a client's frames are not read further (RFC 6455 section 7.4.1).
public enum WebSocketRefusal: UInt16, Error, Hashable, Sendable {
    /// A frame breaks a rule.
    case protocolError = 1_002
    /// A message of bytes, where only text is taken.
    case unsupported = 1_003
    /// A text is not UTF-8.
    case notText = 1_007
    /// A message is larger than is taken.
    case tooLarge = 1_009
}

/// Turns a client's bytes into messages (RFC 6455 section 5), strictly, a piece at a time.
///
/// A value without any input or output; any split of the same bytes gives the same messages or the
/// same refusal (HTTP-80). After a refusal it refuses everything.
struct WebSocketFrames: Sendable {
    /// The most bytes of a message, all its frames together: 64 KiB, many subscriptions.
    static let messageBytesMax = 65_536
    /// The most frames of a message: one of each byte of a small one.
    static let framesMax = 1_024
    /// The most bytes of a control frame (section 5.5).
    static let controlBytesMax = 125
    /// The longest head of a frame: two bytes, a length of eight, a mask.
    private static let headBytesMax = 14

    /// What a client says.
    enum Event: Hashable, Sendable {
        case text(String)
        case ping([UInt8])
        case pong([UInt8])
        /// It ends the talk, with a code if it gave one.
        case close(UInt16?)
    }

    private struct Head {
        let isFinal: Bool
        let kind: UInt8
        let mask: [UInt8]
        let count: Int
        let bytes: Int
    }

    private var buffer: [UInt8] = []
    private var message: [UInt8]?
    private var frames = 0
    private var refusal: WebSocketRefusal?

    /// How many bytes wait; never more than one frame and one read.
    var held: Int { buffer.count + (message?.count ?? 0) }

    mutating func feed(_ bytes: [UInt8]) { buffer.append(contentsOf: bytes) }

    /// The next event, or nothing until more bytes are fed.
    mutating func next() throws(WebSocketRefusal) -> Event? {
        if let refusal { throw refusal }
        do {
            while let head = try head() {
                guard buffer.count >= head.bytes + head.count else { return nil }
                if let event = try take(head) { return event }
            }
            return nil
        } catch {
            refusal = error
            throw error
        }
    }

    /// The head of the frame that begins the buffer, when all of it is there.
    private func head() throws(WebSocketRefusal) -> Head? {
        guard buffer.count >= 2 else { return nil }
        let (first, second) = (buffer[0], buffer[1])
        // Reserved bits need an extension, none of which is agreed on; clients always mask.
        guard first & 0x70 == 0, second & 0x80 != 0 else { throw .protocolError }
        let kind = first & 0x0F
        guard [0, 1, 2, 8, 9, 10].contains(kind) else { throw .protocolError }
        let isControl = kind >= 8
        let short = Int(second & 0x7F)
        guard !isControl || (first & 0x80 != 0 && short <= Self.controlBytesMax) else {
            throw .protocolError
        }
        let lengthBytes = short == 126 ? 2 : short == 127 ? 8 : 0
        let bytes = 2 + lengthBytes + 4
        guard buffer.count >= bytes else { return nil }
        let long = buffer[2..<2 + lengthBytes].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard lengthBytes == 0 || long > (lengthBytes == 2 ? 125 : 65_535) else {
            throw .protocolError
        }
        guard long <= UInt64(Self.messageBytesMax) else { throw .tooLarge }
        return Head(
            isFinal: first & 0x80 != 0, kind: kind, mask: Array(buffer[bytes - 4..<bytes]),
            count: lengthBytes == 0 ? short : Int(long), bytes: bytes)
    }

    private mutating func take(_ head: Head) throws(WebSocketRefusal) -> Event? {
        var payload = Array(buffer[head.bytes..<head.bytes + head.count])
        buffer.removeFirst(head.bytes + head.count)
        for index in payload.indices { payload[index] ^= head.mask[index & 3] }
        switch head.kind {
        case 8: return .close(try Self.closeCode(payload))
        case 9: return .ping(payload)
        case 10: return .pong(payload)
        case 2: throw .unsupported
        default: return try join(payload, head)
        }
    }

    /// Adds a frame to the message being received, and gives the message at its end.
    private mutating func join(_ payload: [UInt8], _ head: Head) throws(WebSocketRefusal) -> Event?
    {
        guard (head.kind == 0) == (message != nil) else { throw .protocolError }
        let whole = (message ?? []) + payload
        frames += 1
        guard whole.count <= Self.messageBytesMax, frames <= Self.framesMax else {
            throw .tooLarge
        }
        guard head.isFinal else {
            message = whole
            return nil
        }
        message = nil
        frames = 0
        guard let text = String(validating: whole, as: UTF8.self) else { throw .notText }
        return .text(text)
    }

    /// The code of a closing frame (section 7.4).
    private static func closeCode(_ payload: [UInt8]) throws(WebSocketRefusal) -> UInt16? {
        guard !payload.isEmpty else { return nil }
        guard payload.count >= 2, String(validating: payload[2...], as: UTF8.self) != nil else {
            throw .protocolError
        }
        let code = UInt16(payload[0]) << 8 | UInt16(payload[1])
        let isKnown = [1_000, 1_001, 1_002, 1_003, 1_007, 1_008, 1_009, 1_010, 1_011].contains(code)
        guard isKnown || (3_000...4_999).contains(code) else { throw .protocolError }
        return code
    }
}

extension WebSocketFrames {
    /// A frame of the server: whole, and not masked (section 5.1).
    static func frame(_ kind: UInt8, _ payload: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = [0x80 | kind]
        bytes.reserveCapacity(payload.count + 10)
        if payload.count < 126 {
            bytes.append(UInt8(payload.count))
        } else if payload.count < 65_536 {
            bytes.append(126)
            bytes.append(contentsOf: [UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)])
        } else {
            bytes.append(127)
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: payload.count >> shift))
            }
        }
        bytes.append(contentsOf: payload)
        return bytes
    }

    /// The closing frame with a code and words of at most 123 bytes.
    static func close(_ code: UInt16, _ words: String) -> [UInt8] {
        let text = Array(words.utf8.prefix(controlBytesMax - 2))
        return frame(8, [UInt8(code >> 8), UInt8(code & 0xFF)] + text)
    }
}
