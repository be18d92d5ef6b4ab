// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Messages of 128 bytes to a JetStream stream, each with its acknowledgement awaited, in NATS's
/// own text protocol.
struct NatsPublisher: PipelinedProtocol {
    /// Where messages go.
    static let subject = "bench.messages"
    /// Bytes of a message.
    static let messageBytes = 128

    /// Where acknowledgements come to.
    let inbox: String
    private var pending: [UInt8] = []

    init(inbox: String) { self.inbox = inbox }

    /// What opens a connection.
    var greeting: [UInt8] {
        Array("CONNECT {\"verbose\":false,\"pedantic\":false}\r\nSUB \(inbox).* 1\r\n".utf8)
    }

    mutating func request(_ number: Int, to bytes: inout [UInt8]) {
        bytes += Array("PUB \(Self.subject) \(inbox).\(number) \(Self.messageBytes)\r\n".utf8)
        let letter = UInt8(97 + number % 26)
        bytes += [UInt8](repeating: letter, count: Self.messageBytes)
        bytes += [13, 10]
    }

    mutating func take(_ bytes: [UInt8], reply: inout [UInt8]) throws -> [Int] {
        pending += bytes
        var answered: [Int] = []
        var place = 0
        while let end = pending[place...].firstIndex(of: 10) {
            let line = String(decoding: pending[place..<max(place, end - 1)], as: UTF8.self)
            var next = end + 1
            if line.hasPrefix("MSG ") {
                let words = line.split(separator: " ")
                guard let count = words.last.flatMap({ Int($0) }) else {
                    throw BenchFailure("NATS says \(line)")
                }
                next += count + 2
                guard pending.count >= next else { break }
                answered.append(try number(in: words, pending[(end + 1)..<(end + 1 + count)]))
            } else if line.hasPrefix("PING") {
                reply += Array("PONG\r\n".utf8)
            } else if line.hasPrefix("-ERR") {
                throw BenchFailure("NATS says \(line)")
            }
            place = next
        }
        pending.removeFirst(place)
        return answered
    }

    /// The number in the subject of an acknowledgement, when it is one.
    private func number(
        in words: [Substring], _ body: ArraySlice<UInt8>
    ) throws(BenchFailure) -> Int {
        let text = String(decoding: body, as: UTF8.self)
        guard text.contains("\"seq\""), !text.contains("\"error\""), words.count > 1,
            let number = words[1].split(separator: ".").last.flatMap({ Int($0) })
        else { throw BenchFailure("NATS refused a message: \(text)") }
        return number
    }
}

/// What a NATS server said on a connection.
final class NatsAnswers: Sendable {
    private let bytes = Mutex<[UInt8]>([])

    func add(_ more: [UInt8]) { bytes.withLock { $0 += more } }
    var text: String { String(decoding: bytes.withLock { $0 }, as: UTF8.self) }
}
