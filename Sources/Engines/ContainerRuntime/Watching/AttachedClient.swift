// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// One of those who follow a program's output as it comes (RUNTIME-23).
struct AttachedClient {
    /// What a client wants: the first byte it sends.
    enum Wish: UInt8 {
        /// To hear what is said.
        case listen = 0x6F
        /// To speak as well; that it has no more to say means nothing.
        case speak = 0x69
        /// To speak as well, and that the program's input ends with its own.
        case speakLast = 0x63
        /// To hear nothing but the end.
        case end = 0x65
        /// To set the terminal's size: two numbers of two bytes follow, rows and columns.
        case resize = 0x77
    }

    /// Whoever takes longer to say what it wants, or to take anything of what waits, is left.
    static let patienceMilliseconds: Int64 = 10_000
    /// What may wait for a client before the program itself has to.
    static let waitingBytesMax = 256 << 10
    private static let headerBytes = 8

    let file: OpenFile
    private(set) var wish: Wish?
    private var waiting: [UInt8] = []
    private var since: Int64
    /// Whether it may still say something.
    private(set) var isSpeaking = true

    init(_ file: OpenFile, now: Int64) {
        self.file = file
        since = now
    }

    /// Whether it hears what the program says.
    var listens: Bool { wish == .listen || wish == .speak || wish == .speakLast }
    var isFull: Bool { waiting.count >= Self.waitingBytesMax }
    var hasWaiting: Bool { !waiting.isEmpty }

    /// Whether it is left alone now: it says nothing of what it wants, or takes nothing.
    func isStuck(now: Int64) -> Bool {
        (wish == nil || hasWaiting) && now - since > Self.patienceMilliseconds
    }

    /// What to wait for: that it takes what waits, and that it speaks, when there is room for it.
    func events(maySpeak hasRoom: Bool) -> Int16 {
        var events: Int16 = hasWaiting ? Int16(POLLOUT) : 0
        if isSpeaking, wish == nil || hasRoom { events |= Int16(POLLIN) }
        return events
    }

    /// Adds what the program said.
    ///
    /// - Parameter stream: 1 or 2, in a header of eight bytes with the length; nil for a terminal,
    ///   whose bytes come as they are.
    mutating func add(_ bytes: ArraySlice<UInt8>, stream: UInt8?, now: Int64) {
        guard listens else { return }
        if waiting.isEmpty { since = now }
        if let stream {
            let count = UInt32(bytes.count)
            waiting += [stream, 0, 0, 0]
            for shift in [24, 16, 8, 0] {
                waiting.append(UInt8(truncatingIfNeeded: count >> shift))
            }
        }
        waiting += bytes
    }

    /// Sends what it takes now.
    ///
    /// - Returns: Whether it is still there.
    mutating func flush(now: Int64) -> Bool {
        guard !waiting.isEmpty else { return true }
        let count = waiting.withUnsafeBytes { part in
            send(file.number, part.baseAddress, part.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
        }
        if count < 0 { return errno == EAGAIN || errno == EINTR }
        waiting.removeFirst(count)
        since = now
        return true
    }

    /// What it says.
    enum Word {
        case nothing
        case bytes([UInt8])
        /// Rows and columns.
        case size(UInt16, UInt16)
        /// It has no more to say.
        case end
        /// It is gone, or does not know what it wants.
        case gone
    }

    /// Takes what it says now.
    mutating func hear(now: Int64) -> Word {
        if wish == nil { return hearWish(now) }
        var room = [UInt8](repeating: 0, count: 16_384)
        let count = recv(file.number, &room, room.count, Int32(MSG_DONTWAIT))
        if count < 0 { return errno == EAGAIN || errno == EINTR ? .nothing : .gone }
        guard count > 0 else {
            isSpeaking = false
            return .end
        }
        return wish == .listen ? .nothing : .bytes(Array(room[..<count]))
    }

    private mutating func hearWish(_ now: Int64) -> Word {
        // Whatever follows the wish is left for the next time, but for the numbers that belong to
        // it.
        var first: UInt8 = 0
        let count = recv(file.number, &first, 1, Int32(MSG_DONTWAIT))
        if count < 0 { return errno == EAGAIN || errno == EINTR ? .nothing : .gone }
        guard count == 1, let wish = Wish(rawValue: first) else { return .gone }
        self.wish = wish
        since = now
        guard wish == .resize else {
            // From here on nothing that is said passes it by, and it is told so.
            waiting.append(first)
            return .nothing
        }
        var numbers = [UInt8](repeating: 0, count: 4)
        guard recv(file.number, &numbers, 4, Int32(MSG_DONTWAIT)) == 4 else { return .gone }
        return .size(
            UInt16(numbers[0]) << 8 | UInt16(numbers[1]),
            UInt16(numbers[2]) << 8 | UInt16(numbers[3]))
    }
}
