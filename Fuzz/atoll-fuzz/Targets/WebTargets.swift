// SPDX-License-Identifier: Apache-2.0
#if DEBUG || TESTABLE
    @testable import HTTPServer

    extension FuzzTarget {
        /// What browsers say once they have upgraded a connection, and heads of HTTP/2.
        static let web: [FuzzTarget] = [
            FuzzTarget("websocket-frames", samples: { sockets }, take: hearSocket),
            FuzzTarget("http2-head", samples: { heads }, take: readHead),
        ]

        // MARK: Web sockets

        /// Everything that was understood, and the refusal at the end, if any.
        private struct Talk: Equatable {
            var events: [WebSocketFrames.Event] = []
            var refusal: WebSocketRefusal?
        }

        /// Reads bytes in pieces of so many.
        private static func talk(_ bytes: [UInt8], pieces: Int) -> Talk {
            var frames = WebSocketFrames()
            var talk = Talk()
            var rest = bytes[...]
            while !rest.isEmpty {
                frames.feed(Array(rest.prefix(pieces)))
                rest = rest.dropFirst(pieces)
                do throws(WebSocketRefusal) {
                    while let event = try frames.next() { talk.events.append(event) }
                } catch {
                    talk.refusal = error
                    return talk
                }
                precondition(
                    frames.held <= 2 * WebSocketFrames.messageBytesMax + 14 + pieces,
                    "no more is held than a message, a frame and a read")
            }
            return talk
        }

        @Sendable private static func hearSocket(_ bytes: [UInt8]) {
            guard let size = bytes.first else { return }
            let said = Array(bytes.dropFirst())
            let whole = talk(said, pieces: max(said.count, 1))
            precondition(
                talk(said, pieces: Int(size) + 1) == whole, "how bytes are cut does not matter")
            for event in whole.events {
                if case .text(let text) = event {
                    precondition(text.utf8.count <= WebSocketFrames.messageBytesMax)
                }
            }
        }

        /// A masked frame, as clients send it.
        private static func frame(_ first: UInt8, _ payload: [UInt8]) -> [UInt8] {
            let mask: [UInt8] = [1, 2, 3, 4]
            let length: [UInt8] =
                payload.count < 126
                ? [0x80 | UInt8(payload.count)]
                : [0x80 | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
            return [first] + length + mask
                + payload.enumerated().map { $0.element ^ mask[$0.offset & 3] }
        }

        private static var sockets: [[UInt8]] {
            let subscription = Array(#"{"subscribe":{"id":"a","topics":["blocks"]}}"#.utf8)
            return [
                [7] + frame(0x81, subscription),
                [0] + frame(0x01, [0x68]) + frame(0x89, [1]) + frame(0x80, [0x69]),
                [90] + frame(0x81, [UInt8](repeating: 0x61, count: 300)) + frame(0x8A, []),
                [3] + frame(0x88, [3, 0xE8, 0x6F, 0x6B]),
            ]
        }

        // MARK: Heads of HTTP/2

        /// Fields one after another: the length of a name, of a value, then both.
        @Sendable private static func readHead(_ bytes: [UInt8]) {
            var head = HTTP2Head()
            var rest = bytes.dropFirst()
            while rest.count > 2 {
                let (name, value) = (Int(rest.removeFirst()), Int(rest.removeFirst()))
                head.add(Array(rest.prefix(name)), Array(rest.dropFirst(name).prefix(value)))
                rest = rest.dropFirst(name + value)
            }
            let isWhole = (bytes.first ?? 0) & 1 == 0
            guard let read = try? head.finished(isWhole: isWhole) else { return }
            // What this protocol lets in the other lets in as well, and reads in the same way.
            let target = read.path + (read.query.map { "?" + $0 } ?? "")
            var text = "\(read.method.name) \(target) HTTP/1.1\r\n"
            for field in read.fields.all { text += "\(field.name): \(field.value)\r\n" }
            guard text.utf8.count + 2 <= HTTPLimits.headBytesMax else { return }
            var parser = RequestParser()
            parser.feed(Array((text + "\r\n").utf8))
            guard case .head(let again)? = try? parser.next() else {
                preconditionFailure("a head of HTTP/2 is none of HTTP/1.1: \(text)")
            }
            precondition(again.path == read.path && again.query == read.query)
            precondition(again.method == read.method && again.authority == read.authority)
        }

        private static var heads: [[UInt8]] {
            func field(_ name: String, _ value: String) -> [UInt8] {
                [UInt8(name.utf8.count), UInt8(value.utf8.count)] + Array(name.utf8)
                    + Array(value.utf8)
            }
            let get =
                field(":method", "GET") + field(":scheme", "https")
                + field(":path", "/v1/status?a=b") + field(":authority", "example.org")
            let post =
                field(":method", "POST") + field(":path", "/v1/blobs") + field("host", "a:1")
                + field("content-length", "3") + field("accept", "*/*")
            return [[0] + get, [1] + post]
        }
    }
#else
    extension FuzzTarget {
        /// What only a module itself sees has no door here.
        static let web: [FuzzTarget] = []
    }
#endif
