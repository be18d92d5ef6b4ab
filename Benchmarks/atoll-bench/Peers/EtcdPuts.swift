// SPDX-License-Identifier: Apache-2.0

/// Puts of 128 bytes over etcd's own interface, gRPC on HTTP/2 (RFC 9113): just what such a client
/// must say, for one stream a put.
///
/// The interface for JSON would make etcd translate every request, and `etcdctl check perf` holds
/// its rate: neither would load it.
struct EtcdPuts: PipelinedProtocol {
    /// Bytes of a value.
    static let valueBytes = 128

    private var nextStream: UInt32 = 1
    private var numbers: [UInt32: Int] = [:]
    private var pending: [UInt8] = []
    /// Bytes received since the server was last given room for more.
    private var received = 0

    private enum FrameKind {
        static let data: UInt8 = 0
        static let headers: UInt8 = 1
        static let reset: UInt8 = 3
        static let settings: UInt8 = 4
        static let ping: UInt8 = 6
        static let goAway: UInt8 = 7
        static let windowUpdate: UInt8 = 8
    }

    private static let endStream: UInt8 = 1
    private static let acknowledged: UInt8 = 1
    private static let endHeaders: UInt8 = 4
    /// Room is given in pieces of this size.
    private static let windowStep = 1 << 20

    /// What opens a connection: the magic words, empty settings, room for a gigabyte of answers.
    static var preface: [UInt8] {
        var bytes = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
        appendFrame(FrameKind.settings, 0, 0, [], to: &bytes)
        appendFrame(FrameKind.windowUpdate, 0, 0, bigEndian(1 << 30), to: &bytes)
        return bytes
    }

    /// The header fields of every put, none of them to be remembered (RFC 7541, 6.2.2).
    private static let headerBlock: [UInt8] = {
        func text(_ value: String) -> [UInt8] { [UInt8(value.utf8.count)] + Array(value.utf8) }
        return [0x83, 0x86, 0x04] + text("/etcdserverpb.KV/Put") + [0x01] + text("bench")
            + [0x0f, 0x10] + text("application/grpc") + [0x00] + text("te") + text("trailers")
    }()

    mutating func request(_ number: Int, to bytes: inout [UInt8]) {
        let stream = nextStream
        nextStream += 2
        numbers[stream] = number
        Self.appendFrame(FrameKind.headers, Self.endHeaders, stream, Self.headerBlock, to: &bytes)
        Self.appendFrame(FrameKind.data, Self.endStream, stream, Self.put(number), to: &bytes)
    }

    /// PutRequest: field 1 the key, field 2 the value, behind gRPC's prefix of five bytes.
    private static func put(_ number: Int) -> [UInt8] {
        let digits = Array("\(number)".utf8)
        let key = [UInt8](repeating: 48, count: 16 - digits.count) + digits
        let value = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: valueBytes)
        // A length of 128 takes two bytes: 0x80 0x01.
        let message = [0x0a, UInt8(key.count)] + key + [0x12, 0x80, 0x01] + value
        return [0] + bigEndian(UInt32(message.count)) + message
    }

    mutating func take(_ bytes: [UInt8], reply: inout [UInt8]) throws -> [Int] {
        pending += bytes
        received += bytes.count
        var answered: [Int] = []
        var place = 0
        while pending.count - place >= 9 {
            let length =
                Int(pending[place]) << 16 | Int(pending[place + 1]) << 8 | Int(pending[place + 2])
            guard pending.count - place >= 9 + length else { break }
            let body = pending[(place + 9)..<(place + 9 + length)]
            let stream = pending[(place + 5)..<(place + 9)].reduce(UInt32(0)) {
                $0 << 8 | UInt32($1)
            }
            let (kind, flags) = (pending[place + 3], pending[place + 4])
            if let number = try take(kind, flags, stream, body, &reply) { answered.append(number) }
            place += 9 + length
        }
        pending.removeFirst(place)
        if received >= Self.windowStep {
            Self.appendFrame(
                FrameKind.windowUpdate, 0, 0, Self.bigEndian(UInt32(received)), to: &reply)
            received = 0
        }
        return answered
    }

    /// Takes a frame; a put has succeeded once its answer has a body.
    private mutating func take(
        _ kind: UInt8, _ flags: UInt8, _ stream: UInt32, _ body: ArraySlice<UInt8>,
        _ reply: inout [UInt8]
    ) throws -> Int? {
        switch kind {
        case FrameKind.data: return body.count > 5 ? numbers.removeValue(forKey: stream) : nil
        case FrameKind.headers where flags & Self.endStream != 0:
            guard numbers.removeValue(forKey: stream) == nil else {
                throw BenchFailure("etcd refused a put")
            }
        case FrameKind.settings where flags & Self.acknowledged == 0:
            Self.appendFrame(FrameKind.settings, Self.acknowledged, 0, [], to: &reply)
        case FrameKind.ping where flags & Self.acknowledged == 0:
            Self.appendFrame(FrameKind.ping, Self.acknowledged, 0, Array(body), to: &reply)
        case FrameKind.reset, FrameKind.goAway: throw BenchFailure("etcd ended the connection")
        default: break
        }
        return nil
    }

    private static func bigEndian(_ value: UInt32) -> [UInt8] {
        [
            UInt8(truncatingIfNeeded: value >> 24), UInt8(truncatingIfNeeded: value >> 16),
            UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value),
        ]
    }

    private static func appendFrame(
        _ kind: UInt8, _ flags: UInt8, _ stream: UInt32, _ body: [UInt8], to bytes: inout [UInt8]
    ) {
        bytes += bigEndian(UInt32(body.count)).dropFirst()
        bytes += [kind, flags]
        bytes += bigEndian(stream)
        bytes += body
    }
}
