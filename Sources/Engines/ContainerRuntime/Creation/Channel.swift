// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// What the maker of a container and its first process say to each other: whole messages of one
/// letter and a text.
struct Channel {
    enum Kind: UInt8 {
        /// To the first process: it is in its groups and its identifiers are mapped.
        case proceed = 0x67
        /// From it: namespaces and mounts stand, hooks of the machine may run.
        case hooks = 0x68
        /// From it: it waits for its start.
        case ready = 0x72
        /// To it: run the program.
        case start = 0x73
        /// From it: hooks of the start are done, the program comes next.
        case executing = 0x78
        /// From it: where the calls are reported that a profile hands to a listener.
        case listener = 0x6C
        /// From it: why it gave up.
        case failed = 0x65
        /// From a helper that made the first process: its number.
        case made = 0x70
    }

    /// The longest text: what fits into one packet of a local socket with room to spare.
    static let textBytesMax = 16384

    let file: OpenFile

    /// Two ends.
    static func pair() throws(RuntimeFailure) -> (Channel, Channel) {
        var ends: [Int32] = [-1, -1]
        let type = Int32(SOCK_SEQPACKET.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        try asking("socketpair") { socketpair(AF_UNIX, type, 0, &ends) }
        return (Channel(file: OpenFile(ends[0])), Channel(file: OpenFile(ends[1])))
    }

    func send(_ kind: Kind, _ text: String = "") throws(RuntimeFailure) {
        let bytes = [kind.rawValue] + text.utf8.prefix(Self.textBytesMax - 1)
        try asking("tell the container") {
            Glibc.send(file.number, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        }
    }

    /// Sends an open file with the message.
    func send(_ kind: Kind, _ sent: OpenFile) throws(RuntimeFailure) {
        try asking("hand over a file") {
            atoll_send_file(file.number, [kind.rawValue], 1, sent.number)
        }
    }

    /// The next message; nil when the other side is gone.
    func receive() throws(RuntimeFailure) -> (kind: Kind, text: String, file: OpenFile?)? {
        var room = [UInt8](repeating: 0, count: Self.textBytesMax)
        var received: Int32 = -1
        let count = try asking("hear from the container") {
            atoll_receive_file(file.number, &room, room.count, &received)
        }
        let open = received >= 0 ? OpenFile(received) : nil
        guard count > 0, let kind = Kind(rawValue: room[0]) else { return nil }
        return (kind, String(decoding: room[1..<count], as: UTF8.self), open)
    }

    /// An open file that comes with whatever bytes; nil without one.
    func receiveAny() throws(RuntimeFailure) -> OpenFile? {
        var room = [UInt8](repeating: 0, count: Self.textBytesMax)
        var received: Int32 = -1
        try asking("receive a file") {
            atoll_receive_file(file.number, &room, room.count, &received)
        }
        return received >= 0 ? OpenFile(received) : nil
    }

    /// Waits for one kind of message; a failure of the other side is thrown.
    func expect(_ kind: Kind) throws(RuntimeFailure) {
        guard let message = try receive() else {
            throw .inside("the container's first process ended before it was ready")
        }
        if message.kind == .failed { throw .inside(message.text) }
        guard message.kind == kind else { throw .inside("an unexpected message") }
    }
}
