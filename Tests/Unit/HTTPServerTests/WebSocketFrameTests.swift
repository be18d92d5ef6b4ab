// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import HTTPServer

/// Frames of RFC 6455, as clients send them (HTTP-80).
@Suite("HTTP: frames of web sockets")
struct WebSocketFrameTests {
    /// A client's frame.
    static func frame(
        _ first: UInt8, _ payload: [UInt8], mask: [UInt8] = [1, 2, 3, 4]
    ) -> [UInt8] {
        var bytes = [first]
        switch payload.count {
        case ..<126: bytes.append(0x80 | UInt8(payload.count))
        case ..<65_536:
            bytes += [0x80 | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        default:
            bytes.append(0x80 | 127)
            bytes += (0..<8).reversed().map { UInt8(truncatingIfNeeded: payload.count >> ($0 * 8)) }
        }
        return bytes + mask + payload.enumerated().map { $1 ^ mask[$0 & 3] }
    }

    /// What a client's bytes mean, fed in pieces of a size.
    private static func events(
        _ bytes: [UInt8], pieces: Int = .max
    ) -> (events: [WebSocketFrames.Event], refusal: WebSocketRefusal?) {
        var frames = WebSocketFrames()
        var events: [WebSocketFrames.Event] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(pieces)
            rest = rest.dropFirst(piece.count)
            frames.feed(Array(piece))
            do throws(WebSocketRefusal) {
                while let event = try frames.next() { events.append(event) }
            } catch {
                return (events, error)
            }
        }
        return (events, nil)
    }

    @Test("the example of RFC 6455 section 5.7 reads as Hello")
    func example() {
        let bytes: [UInt8] = [
            0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58,
        ]
        #expect(Self.events(bytes).events == [.text("Hello")])
        #expect(
            WebSocketHandshake.answer(to: "dGhlIHNhbXBsZSBub25jZQ==")
                == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    }

    @Test("fragments join, control frames come between them, and any split reads the same")
    func fragments() {
        let bytes =
            Self.frame(0x01, Array("Hel".utf8)) + Self.frame(0x89, [7]) + Self.frame(0x8A, [])
            + Self.frame(0x80, Array("lo".utf8))
            + Self.frame(0x81, [UInt8](repeating: 65, count: 300))
            + Self.frame(0x88, [0x03, 0xE8] + Array("bye".utf8))
        let expected: [WebSocketFrames.Event] = [
            .ping([7]), .pong([]), .text("Hello"), .text(String(repeating: "A", count: 300)),
            .close(1_000),
        ]
        for pieces in [1, 2, 3, 7, 64, Int.max] {
            let read = Self.events(bytes, pieces: pieces)
            #expect(read.events == expected)
            #expect(read.refusal == nil)
        }
    }

    @Test(
        "frames that break a rule are refused with the rule's code",
        arguments: [
            ([0x81, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F], WebSocketRefusal.protocolError),
            (frame(0xC1, []), .protocolError), (frame(0x83, []), .protocolError),
            (frame(0x09, []), .protocolError), (frame(0x80, []), .protocolError),
            (frame(0x89, [UInt8](repeating: 0, count: 126)), .protocolError),
            (frame(0x01, []) + frame(0x01, []), .protocolError),
            (frame(0x88, [3]), .protocolError), (frame(0x88, [0x03, 0xED]), .protocolError),
            ([0x81, 0xFE, 0, 5, 1, 2, 3, 4, 1, 1, 1, 1, 1], .protocolError),
            (frame(0x82, [1]), .unsupported), (frame(0x81, [0xFF, 0xFE]), .notText),
        ])
    func refusals(_ bytes: [UInt8], _ refusal: WebSocketRefusal) {
        #expect(Self.events(bytes).refusal == refusal)
        #expect(Self.events(bytes, pieces: 1).refusal == refusal)
    }

    @Test("a message of more than 64 KiB is refused, in one frame or in many")
    func tooLarge() {
        let whole = Self.frame(0x81, [UInt8](repeating: 65, count: 65_537))
        let half = [UInt8](repeating: 65, count: 40_000)
        for bytes in [whole, Self.frame(0x01, half) + Self.frame(0x80, half)] {
            #expect(Self.events(bytes).refusal == .tooLarge)
        }
    }

    @Test("any bytes end in events or a refusal, and never hold more than a message")
    func anyBytes() {
        var numbers = SeededNumbers(seed: 20_261_120)
        for _ in 0..<400 {
            var frames = WebSocketFrames()
            let start = Self.frame(0x81, Array("hello".utf8)) + Self.frame(0x01, [65, 66])
            var bytes = start
            for _ in 0..<Int(numbers.next() % 8) {
                bytes[Int(numbers.next() % UInt64(bytes.count))] = UInt8(
                    truncatingIfNeeded: numbers.next())
            }
            frames.feed(bytes)
            while let event = try? frames.next() { _ = event }
            #expect(frames.held <= WebSocketFrames.messageBytesMax + bytes.count)
        }
    }
}
