// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A way to the kernel's networks (rtnetlink), in the namespace where it was opened.
///
/// Calls wait for the kernel, which answers within microseconds; one thread at a time.
final class NetlinkSocket {
    private let file: Int32
    private var sequence: UInt32 = 0

    private static let family: Int32 = 16
    private static let routing: Int32 = 0
    /// Room for one datagram: the kernel writes 32 KiB at most.
    private static let datagramBytesMax = 65_536
    /// The most datagrams of one answer: 4,096 containers have as many interfaces, of some 2 KB.
    private static let datagramsMax = 4_096
    private static let optionLevel: Int32 = 270
    private static let shortErrors: Int32 = 10
    private static let errorWords: Int32 = 11

    /// Opens it in the calling thread's namespace.
    init() throws(WiringFailure) {
        let type = Int32(SOCK_RAW.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        file = socket(Self.family, type, Self.routing)
        guard file >= 0 else { throw .fromSystem("open a netlink socket") }
        var one: Int32 = 1
        for option in [Self.shortErrors, Self.errorWords] {
            setsockopt(file, Self.optionLevel, option, &one, socklen_t(MemoryLayout<Int32>.size))
        }
        var patience = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(
            file, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(file) }

    /// Asks, and waits until the kernel has done it.
    ///
    /// - Returns: What it answered, without the last word.
    @discardableResult
    func ask(_ request: NetlinkRequest) throws(WiringFailure) -> [NetlinkMessage] {
        sequence += 1
        let bytes = NetlinkMessage(
            kind: request.kind, flags: request.flags | NetlinkFlag.request, sequence: sequence,
            body: request.body
        ).encoded
        guard send(file, bytes, bytes.count, 0) == bytes.count else {
            throw .fromSystem(request.doing)
        }
        var answers: [NetlinkMessage] = []
        for _ in 0..<Self.datagramsMax {
            for message in try receive(request) where message.sequence == sequence {
                guard let outcome = message.outcome else {
                    answers.append(message)
                    continue
                }
                guard outcome.number == 0 else {
                    throw .kernel(request.doing, outcome.number, words: outcome.words)
                }
                return answers
            }
        }
        throw .malformed
    }

    private func receive(_ request: NetlinkRequest) throws(WiringFailure) -> [NetlinkMessage] {
        var room = [UInt8](repeating: 0, count: Self.datagramBytesMax)
        while true {
            let count = recv(file, &room, room.count, 0)
            if count >= 0 { return try NetlinkMessage.decode(Array(room[..<count])) }
            guard errno == EINTR else { throw .fromSystem(request.doing) }
        }
    }

    // MARK: What there is

    /// All interfaces.
    func links() throws(WiringFailure) -> [LinkEntry] {
        var found: [LinkEntry] = []
        for message in try ask(.links) {
            if let link = try LinkEntry(message) { found.append(link) }
        }
        return found
    }

    /// The number of an interface; nil when there is none of that name.
    func index(of name: InterfaceName) -> UInt32? {
        let index = if_nametoindex(name.text)
        return index == 0 ? nil : index
    }

    /// All ways of the main table.
    func routes() throws(WiringFailure) -> [RouteEntry] {
        var found: [RouteEntry] = []
        for message in try ask(.routes) {
            if let route = try RouteEntry(message) { found.append(route) }
        }
        return found
    }
}
