// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// The events on their way to one client, between those who publish and the client's connection.
///
/// It never grows beyond its limits: a client too slow for them is cut and counted, and comes back
/// with the last id it saw (HTTP-31).
public final class EventQueue: Sendable {
    /// The most events that wait unless said otherwise: 256.
    public static let eventsMax = 256
    /// The most bytes that wait unless said otherwise: 256 KiB.
    ///
    /// 1,024 clients that all stopped reading hold 256 MiB until they are cut.
    public static let bytesMax = 256 << 10

    private struct State {
        var bytes: [UInt8] = []
        var events = 0
        var isClosed = false
        var isOverflowed = false
        /// Whether anything was taken since the last look of the comment clock.
        var isQuiet = true
        var waiter: CheckedContinuation<[UInt8]?, Never>?
        /// Cuts the connection, which may be waiting for the slow client.
        var cut: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())
    private let eventsMax: Int
    private let bytesMax: Int

    /// Makes an empty queue.
    public init(eventsMax: Int = EventQueue.eventsMax, bytesMax: Int = EventQueue.bytesMax) {
        self.eventsMax = eventsMax
        self.bytesMax = bytesMax
    }

    /// Whether events are still taken.
    public var isOpen: Bool { state.withLock { !$0.isClosed } }

    /// Whether it was closed because the client read too slowly.
    public var isOverflowed: Bool { state.withLock(\.isOverflowed) }

    /// Adds an event.
    ///
    /// - Returns: False when the client has gone or was cut now; forget the queue then.
    @discardableResult
    public func offer(_ event: ServerSentEvent) -> Bool { offer(rendered: event.bytes) }

    /// Adds an event that is rendered already, so that one rendering serves many clients.
    @discardableResult
    public func offer(rendered bytes: [UInt8]) -> Bool {
        let (waiter, ready, cut, isTaken) = state.withLock { state in
            guard !state.isClosed else {
                return (Waiter?.none, [UInt8](), (@Sendable () -> Void)?.none, false)
            }
            guard state.events < eventsMax, state.bytes.count + bytes.count <= bytesMax else {
                state.isOverflowed = true
                state.isClosed = true
                state.bytes = []
                return (state.waiter.take(), [], state.cut.take(), false)
            }
            state.isQuiet = false
            guard let waiter = state.waiter.take() else {
                state.bytes.append(contentsOf: bytes)
                state.events += 1
                return (nil, [], nil, true)
            }
            return (waiter, bytes, nil, true)
        }
        waiter?.resume(returning: isTaken ? ready : nil)
        cut?()
        return isTaken
    }

    private typealias Waiter = CheckedContinuation<[UInt8]?, Never>

    /// Ends the stream after what waits.
    public func close() {
        let waiter = state.withLock { state in
            state.isClosed = true
            state.cut = nil
            return state.waiter.take()
        }
        waiter?.resume(returning: nil)
    }

    /// Says how to cut the connection when the client is too slow.
    func attach(cut: @escaping @Sendable () -> Void) {
        state.withLock { if !$0.isClosed { $0.cut = cut } }
    }

    /// Everything that waits, or the next event; nothing once closed and empty. One reader only.
    func next() async -> [UInt8]? {
        await withCheckedContinuation { continuation in
            let ready: [UInt8]?? = state.withLock { state in
                if !state.bytes.isEmpty {
                    state.events = 0
                    return .some(.some(state.bytes.taken()))
                }
                if state.isClosed || state.waiter != nil { return .some(nil) }
                state.waiter = continuation
                return nil
            }
            if let ready { continuation.resume(returning: ready) }
        }
    }

    /// Sends a comment if nothing was sent since the last call.
    func keepOpen() {
        let isQuiet = state.withLock { state in
            defer { state.isQuiet = true }
            return state.isQuiet && state.bytes.isEmpty
        }
        guard isQuiet else { return }
        offer(rendered: Array(":\n\n".utf8))
        state.withLock { $0.isQuiet = true }
    }
}

extension [UInt8] {
    /// The bytes, leaving none.
    mutating func taken() -> [UInt8] {
        let bytes = self
        self = []
        return bytes
    }
}
