// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Many clients of one stream of events, on one thread, from several addresses of loopback: a
/// gateway lets one address have 128 connections.
final class EventField: @unchecked Sendable {
    /// What they heard together.
    struct Tally: Sendable {
        var events = 0
        var deliveries = 0
        /// How much later than the first client each of a part of the deliveries came.
        var milliseconds: [Double] = []
    }

    private static let perAddress = 100
    /// One delivery in so many is timed, so that a long run fits into memory.
    private static let sampled = 7

    private var sockets: [Int32] = []
    /// What came after the last whole line, for each socket.
    private var rests: [[UInt8]] = []
    private var firsts: [UInt64: Double] = [:]
    private var tally = Tally()

    /// Connects them all and asks.
    init(port: UInt16, clients: Int) throws(BenchFailure) {
        let request = Array(
            "GET /v1/events HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\r\n".utf8)
        for number in 0..<clients {
            let socket = try Self.connect(
                from: 0x7F00_0002 + UInt32(number / Self.perAddress), to: port)
            guard write(socket, request, request.count) == request.count else {
                throw BenchFailure("a stream cannot be asked for")
            }
            sockets.append(socket)
            rests.append([])
        }
    }

    deinit { for socket in sockets { close(socket) } }

    private static func connect(
        from address: UInt32, to port: UInt16
    ) throws(BenchFailure) -> Int32 {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        func end(_ address: UInt32, _ port: UInt16) -> sockaddr_in {
            var end = sockaddr_in()
            end.sin_family = sa_family_t(AF_INET)
            end.sin_port = port.bigEndian
            end.sin_addr.s_addr = address.bigEndian
            return end
        }
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        func use(
            _ end: sockaddr_in, _ call: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32
        ) -> Bool {
            withUnsafePointer(to: end) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    call(socket, $0, size) == 0
                }
            }
        }
        guard socket >= 0, use(end(address, 0), { Glibc.bind($0, $1, $2) }),
            use(end(0x7F00_0001, port), { Glibc.connect($0, $1, $2) })
        else { throw BenchFailure("a client cannot connect: \(String(cString: strerror(errno)))") }
        return socket
    }

    /// Listens for so long; the calling thread does nothing else.
    func listen(seconds: Int) throws(BenchFailure) -> Tally {
        var wishes = sockets.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        var piece = [UInt8](repeating: 0, count: 65_536)
        let watch = Stopwatch()
        while watch.wall < Double(seconds) {
            guard poll(&wishes, nfds_t(wishes.count), 100) > 0 else { continue }
            let now = watch.wall * 1_000
            for place in wishes.indices where wishes[place].revents != 0 {
                let size = read(sockets[place], &piece, piece.count)
                guard size > 0 else { throw BenchFailure("the gateway ended a stream") }
                hear(piece[..<size], at: place, now)
            }
        }
        tally.events = firsts.count
        return tally
    }

    /// Finds the lines that name events.
    private func hear(_ bytes: ArraySlice<UInt8>, at place: Int, _ now: Double) {
        var line = rests[place]
        for byte in bytes {
            guard byte == 0x0A else {
                // A line that names an event has at most 32 bytes; of others the beginning is kept.
                if line.count < 32 { line.append(byte) }
                continue
            }
            if line.starts(with: [0x69, 0x64, 0x3A, 0x20]) { count(line.dropFirst(4), now) }
            line.removeAll(keepingCapacity: true)
        }
        rests[place] = line
    }

    private func count(_ name: ArraySlice<UInt8>, _ now: Double) {
        var number: UInt64 = 0
        for byte in name {
            number = byte == 0x2E ? number << 20 : number &* 10 &+ UInt64(byte &- 0x30)
        }
        tally.deliveries += 1
        guard let first = firsts[number] else {
            firsts[number] = now
            return
        }
        if tally.deliveries.isMultiple(of: Self.sampled) { tally.milliseconds.append(now - first) }
    }
}
