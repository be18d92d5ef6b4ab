// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// Joins the terminal of the person who typed the command with the one of a container, until the
/// container's program ends.
struct TerminalRelay {
    private let outer: OpenFile
    private let handle: OpenFile

    /// How long a change of the window's size may go unnoticed.
    private static let sizeMilliseconds: Int32 = 300

    /// Two ends of a socket: what a container sends its terminal through.
    static func pair() throws(RuntimeFailure) -> (OpenFile, OpenFile) {
        var ends: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        try asking("socketpair") { socketpair(AF_UNIX, type, 0, &ends) }
        return (OpenFile(ends[0]), OpenFile(ends[1]))
    }

    /// - Parameter socket: Our end of the pair, where the terminal waits.
    init(receivingFrom socket: OpenFile, of handle: OpenFile) throws(RuntimeFailure) {
        guard let received = try Channel(file: socket).receiveAny() else {
            throw .inside("the container sent no terminal")
        }
        outer = received
        self.handle = handle
    }

    /// Carries bytes both ways until the process ends and all it said is shown.
    func run() {
        var before = termios()
        let isTerminal = tcgetattr(0, &before) == 0
        if isTerminal {
            var raw = before
            cfmakeraw(&raw)
            tcsetattr(0, TCSANOW, &raw)
        }
        defer { if isTerminal { tcsetattr(0, TCSANOW, &before) } }
        var reads: Int16 = Int16(POLLIN)
        while true {
            copySize()
            var waiting = [
                pollfd(fd: outer.number, events: Int16(POLLIN), revents: 0),
                pollfd(fd: handle.number, events: Int16(POLLIN), revents: 0),
                pollfd(fd: 0, events: reads, revents: 0),
            ]
            poll(&waiting, 3, Self.sizeMilliseconds)
            let said = waiting[0].revents != 0 ? carry(from: outer.number, to: 1) : nil
            if said == false || said == nil && waiting[1].revents != 0 { return }
            if waiting[2].revents != 0, !carry(from: 0, to: outer.number) { reads = 0 }
        }
    }

    private func copySize() {
        var size = winsize()
        if ioctl(0, UInt(TIOCGWINSZ), &size) == 0 {
            _ = ioctl(outer.number, UInt(TIOCSWINSZ), &size)
        }
    }

    /// - Returns: Whether there may be more.
    private func carry(from: Int32, to: Int32) -> Bool {
        var room = [UInt8](repeating: 0, count: 4096)
        let count = read(from, &room, room.count)
        guard count > 0 else { return count < 0 && errno == EINTR }
        var written = 0
        while written < count {
            let more = room.withUnsafeBytes { part in
                write(to, part.baseAddress.map { $0 + written }, count - written)
            }
            if more <= 0 { return false }
            written += more
        }
        return true
    }
}
