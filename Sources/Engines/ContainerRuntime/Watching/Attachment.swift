// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// The socket at which others follow a program's output as it comes, and speak to it (RUNTIME-23).
///
/// Nothing is lost to who is slow: when a client has taken too little, the program's pipes are no
/// longer emptied and it has to wait, until the client takes more or its patience is over.
struct Attachment {
    /// The most clients of one program: each may let ``AttachedClient/waitingBytesMax`` wait.
    static let clientsMax = 16
    /// The most bytes that wait for the program to read them.
    static let inputBytesMax = 64 << 10
    /// How long those who follow may take to hear the end.
    private static let farewellMilliseconds: Int64 = 5_000

    private let listener: OpenFile
    private let hasTerminal: Bool
    private var terminal: OpenFile?
    /// Where the program's input is written; nil when it has none.
    private var input: OpenFile?
    /// Whether the program's own ends are known by now.
    private var isUsed = false
    private var pending: [UInt8] = []
    private var endsInput = false
    private var clients: [AttachedClient] = []

    /// Opens the socket.
    init(_ folder: StreamFolder, hasTerminal: Bool) throws(RuntimeFailure) {
        self.hasTerminal = hasTerminal
        unlink(folder.attachSocket)
        listener = try LocalSocket.listen(folder.attachSocket, .bytes)
    }

    /// Carries what clients say from now on.
    ///
    /// - Parameters:
    ///   - terminal: The outer side of the program's terminal, when it has one.
    ///   - input: The watch's end of the program's input, when that is a pipe.
    mutating func use(terminal: OpenFile?, input: OpenFile?) throws(RuntimeFailure) {
        self.terminal = terminal
        self.input = terminal ?? input
        isUsed = true
        guard let terminal else { return }
        let flags = try asking("read the terminal's flags") { fcntl(terminal.number, F_GETFL) }
        try asking("set the terminal's flags") {
            fcntl(terminal.number, F_SETFL, flags | O_NONBLOCK)
        }
    }

    /// Waits until somebody listens.
    ///
    /// - Returns: Whether anybody does before the patience is over.
    mutating func waitForListener() -> Bool {
        let deadline = Self.now() + AttachedClient.patienceMilliseconds
        while !clients.contains(where: { $0.listens }) {
            let left = deadline - Self.now()
            guard left > 0 else { return false }
            var list = waits
            if poll(&list, nfds_t(list.count), Int32(left)) > 0 { take(list[...]) }
        }
        return true
    }

    /// Whether the program has to wait for who follows it.
    var isFull: Bool { clients.contains { $0.isFull } }

    // MARK: Waiting

    /// What to wait for: the socket, the input, then the clients.
    var waits: [pollfd] {
        var list = [
            pollfd(
                fd: clients.count < Self.clientsMax ? listener.number : -1,
                events: Int16(POLLIN), revents: 0),
            pollfd(
                fd: pending.isEmpty ? -1 : input?.number ?? -1, events: Int16(POLLOUT), revents: 0),
        ]
        let hasRoom = pending.count < Self.inputBytesMax
        for client in clients {
            let events = client.events(maySpeak: hasRoom)
            list.append(pollfd(fd: client.file.number, events: events, revents: 0))
        }
        return list
    }

    /// How long to wait at most: a stuck client is noticed within a second.
    var patience: Int32 { clients.contains { $0.hasWaiting || $0.wish == nil } ? 1_000 : -1 }

    /// Does what became possible.
    ///
    /// - Parameter results: Of ``waits``, in its order.
    mutating func take(_ results: ArraySlice<pollfd>) {
        let now = Self.now()
        var left: Set<Int> = []
        for (index, result) in results.dropFirst(2).enumerated() where index < clients.count {
            if !take(result.revents, of: index, now) || clients[index].isStuck(now: now) {
                left.insert(index)
            }
        }
        for index in left.sorted(by: >) { clients.remove(at: index) }
        writeInput()
        if results.first.map({ $0.revents != 0 }) ?? false { accept(now) }
    }

    private mutating func accept(_ now: Int64) {
        let number = atoll_accept_one(listener.number)
        if number >= 0 { clients.append(AttachedClient(OpenFile(number), now: now)) }
    }

    /// - Returns: Whether the client is still there.
    private mutating func take(_ events: Int16, of index: Int, _ now: Int64) -> Bool {
        if events & Int16(POLLOUT) != 0, !clients[index].flush(now: now) { return false }
        guard events & Int16(POLLIN | POLLHUP | POLLERR) != 0 else { return true }
        switch clients[index].hear(now: now) {
        case .nothing: break
        case .bytes(let bytes): if !isUsed || input != nil { pending += bytes }
        case .size(let rows, let columns):
            resize(rows, columns)
            return false
        case .end:
            // Who does not speak on may listen on, but one who is gone altogether is let go.
            if clients[index].wish == .speakLast { endsInput = true }
            return events & Int16(POLLHUP | POLLERR) == 0
        case .gone: return false
        }
        return true
    }

    private func resize(_ rows: UInt16, _ columns: UInt16) {
        guard let terminal else { return }
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(terminal.number, UInt(TIOCSWINSZ), &size)
    }

    // MARK: Carrying

    /// Gives what the program said to all who follow.
    mutating func give(_ bytes: ArraySlice<UInt8>, stream: String) {
        guard !clients.isEmpty else { return }
        let now = Self.now()
        let number: UInt8? = hasTerminal ? nil : stream == "stderr" ? 2 : 1
        var left: [Int] = []
        for index in clients.indices {
            clients[index].add(bytes, stream: number, now: now)
            if !clients[index].flush(now: now) { left.append(index) }
        }
        for index in left.reversed() { clients.remove(at: index) }
    }

    private mutating func writeInput() {
        if let input, !pending.isEmpty {
            let count = pending.withUnsafeBytes { write(input.number, $0.baseAddress, $0.count) }
            if count > 0 { pending.removeFirst(count) }
            // A program that no longer reads needs no input.
            if count < 0, errno == EPIPE || errno == EIO { endInput() }
        }
        if isUsed, endsInput, pending.isEmpty, !hasTerminal { endInput() }
    }

    private mutating func endInput() {
        pending = []
        if !hasTerminal { input = nil }
    }

    /// Lets all who follow hear the end.
    mutating func finish() {
        let deadline = Self.now() + Self.farewellMilliseconds
        while true {
            clients.removeAll { !$0.hasWaiting }
            let now = Self.now()
            guard !clients.isEmpty, now < deadline else { return }
            var list = clients.map {
                pollfd(fd: $0.file.number, events: Int16(POLLOUT), revents: 0)
            }
            poll(&list, nfds_t(list.count), Int32(deadline - now))
            for index in clients.indices.reversed() where list[index].revents != 0 {
                if !clients[index].flush(now: now) { clients.remove(at: index) }
            }
        }
    }

    private static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }
}
