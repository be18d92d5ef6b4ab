// SPDX-License-Identifier: Apache-2.0
import Effects

/// One direction of a connection: bytes in flight, bytes arrived and not read, and its end.
///
/// Touched only by the thread that drives the world (see Clockwork).
final class Pipe: @unchecked Sendable {
    /// What travels. Order is kept, as TCP keeps it.
    enum Message: Sendable {
        case bytes([UInt8])
        case end
        case reset
    }

    enum Outcome {
        case open, ended, reset
    }

    let link: Link
    private unowned let core: Clockwork
    private var arrived: [UInt8] = []
    private var readUpTo = 0
    private var bytesInFlight = 0
    private var lastArrival: UInt64 = 0
    /// Held back by a cut, in order.
    private var held: [Message] = []
    private(set) var outcome = Outcome.open
    /// Set once the reading end is closed: what arrives then is answered with a reset.
    var isRefusing = false
    /// The other direction of the same connection.
    weak var opposite: Pipe?
    var reader: OneShot?
    var writer: OneShot?

    /// Bytes in flight and unread together: the window of a usual TCP connection, 256 KiB.
    static let windowBytesMax = 262_144

    init(_ link: Link, core: Clockwork) {
        self.link = link
        self.core = core
    }

    /// Bytes the writer may send now.
    var window: Int { max(0, Self.windowBytesMax - bytesInFlight - (arrived.count - readUpTo)) }

    /// Whether bytes have arrived that nobody has read.
    var hasUnread: Bool { readUpTo < arrived.count }

    /// Whether a read would find something, an end included.
    var hasNews: Bool { hasUnread || outcome != .open }

    /// Sends a message; it arrives after all sent before it.
    func send(_ message: Message) {
        if case .bytes(let bytes) = message {
            bytesInFlight += bytes.count
            core.note(.sent, UInt64(link.from), UInt64(link.to), Trace.hash(bytes))
        }
        guard held.isEmpty, !core.fabric.isCut(link) else { return held.append(message) }
        fly(message)
    }

    /// Sends what a cut held back.
    func resend() {
        let messages = held
        held = []
        for message in messages { fly(message) }
    }

    /// Up to `limit` bytes that have arrived; now and then fewer than there are, as TCP may.
    func take(limit: Int) -> [UInt8] {
        var count = min(limit, arrived.count - readUpTo)
        if count > 1, core.dice.below(8) == 0 { count = 1 + Int(core.dice.below(UInt64(count))) }
        let bytes = Array(arrived[readUpTo..<readUpTo + count])
        readUpTo += count
        if readUpTo == arrived.count {
            arrived.removeAll(keepingCapacity: true)
            readUpTo = 0
        }
        writer?.open()
        return bytes
    }

    /// Throws away what is unread or comes later, and wakes the writer.
    func stop() {
        arrived = []
        readUpTo = 0
        outcome = .reset
        reader?.open()
        writer?.open()
    }

    private func fly(_ message: Message) {
        let arrival = max(lastArrival, core.now + core.flightNanoseconds(link))
        lastArrival = arrival
        core.after(arrival - core.now) { [self] in land(message) }
    }

    private func land(_ message: Message) {
        guard held.isEmpty, !core.fabric.isCut(link) else { return held.append(message) }
        if case .bytes(let bytes) = message { bytesInFlight -= bytes.count }
        guard outcome != .reset else { return }
        switch message {
        case .bytes(let bytes):
            core.note(.arrived, UInt64(link.from), UInt64(link.to), Trace.hash(bytes))
            if isRefusing { opposite?.send(.reset) } else { arrived += bytes }
        case .end:
            core.note(.streamEnded, UInt64(link.from), UInt64(link.to))
            outcome = .ended
        case .reset:
            core.note(.streamReset, UInt64(link.from), UInt64(link.to))
            arrived = []
            readUpTo = 0
            outcome = .reset
            opposite?.writer?.open()
        }
        reader?.open()
    }
}
