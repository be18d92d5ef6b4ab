// SPDX-License-Identifier: Apache-2.0
import Effects
import JSONText

/// A client of the gateway's web socket, in as many bytes as the tests need.
final class SocketTalker {
    private let stream: any ByteStream
    private var received: [UInt8] = []

    struct Ended: Error {}

    init(_ world: GatewayWorld) async throws {
        stream = try await world.effects.network.dial(
            world.service.endpoint, timeoutMilliseconds: 5_000)
        let lines = [
            "GET /v1/socket HTTP/1.1", "Host: \(world.service.endpoint)", "Upgrade: websocket",
            "Connection: Upgrade", "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Protocol: atoll.events.v1", "", "",
        ]
        try await stream.write(Array(lines.joined(separator: "\r\n").utf8))
        let end = Array("\r\n\r\n".utf8)
        while true {
            if let place = received.indices.first(where: { received[$0...].starts(with: end) }) {
                received.removeFirst(place + 4)
                return
            }
            try await readMore()
        }
    }

    private func readMore() async throws {
        let bytes = try await stream.read(limit: 65_536)
        guard !bytes.isEmpty else { throw Ended() }
        received += bytes
    }

    /// Sends a text of at most 65,535 bytes.
    func say(_ json: JSON) async throws {
        let text = Array(json.compact.utf8)
        let length: [UInt8] =
            text.count < 126
            ? [0x80 | UInt8(text.count)]
            : [0x80 | 126, UInt8(text.count >> 8), UInt8(text.count & 0xFF)]
        // A mask of zeros leaves the text as it is.
        try await stream.write([0x81] + length + [0, 0, 0, 0] + text)
    }

    /// The next text; pings are passed over.
    func hear() async throws -> JSON {
        while true {
            while received.count < 2 { try await readMore() }
            let short = Int(received[1])
            let head = short < 126 ? 2 : 4
            while received.count < head { try await readMore() }
            let count = short < 126 ? short : Int(received[2]) << 8 | Int(received[3])
            while received.count < head + count { try await readMore() }
            let kind = received[0] & 0x0F
            let payload = Array(received[head..<head + count])
            received.removeFirst(head + count)
            if kind == 1 { return try JSON(parsing: payload) }
            if kind == 8 { throw Ended() }
        }
    }

    func close() { stream.close() }
}
