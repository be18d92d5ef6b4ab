// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Publishes events to any number of clients and remembers the last ones, so that a client that
/// comes back with the last id it saw misses nothing within the memory.
public final class EventHub: Sendable {
    /// The most events remembered unless said otherwise: 1,024.
    public static let historyMax = 1_024

    private struct State {
        var next: UInt64 = 1
        var history: [(id: UInt64, bytes: [UInt8])] = []
        var clients: [EventQueue] = []
    }

    private let state = Mutex(State())
    private let historyMax: Int

    /// Makes a hub that remembers so many events.
    public init(historyMax: Int = EventHub.historyMax) { self.historyMax = historyMax }

    /// How many clients listen.
    public var clientCount: Int {
        state.withLock { state in
            state.clients.removeAll { !$0.isOpen }
            return state.clients.count
        }
    }

    /// Sends an event to every client under the next number as its id.
    public func publish(_ data: String, name: String? = nil) {
        state.withLock { state in
            let event = ServerSentEvent(data, name: name, id: "\(state.next)")
            let bytes = event.bytes
            state.history.append((state.next, bytes))
            state.next += 1
            if state.history.count >= historyMax * 2 {
                state.history.removeFirst(state.history.count - historyMax)
            }
            state.clients.removeAll { !$0.offer(rendered: bytes) }
        }
    }

    /// A queue for a new client, beginning after the event `lastEventID` if one is given.
    ///
    /// An id this hub never gave, or forgot, begins with everything remembered.
    public func subscribe(after lastEventID: String? = nil) -> EventQueue {
        state.withLock { state in
            let queue = EventQueue(eventsMax: historyMax + EventQueue.eventsMax)
            if let lastEventID {
                let last = UInt64(lastEventID).flatMap { $0 < state.next ? $0 : nil } ?? 0
                for event in state.history.suffix(historyMax) where event.id > last {
                    queue.offer(rendered: event.bytes)
                }
            }
            state.clients.append(queue)
            return queue
        }
    }

    /// Ends every client's stream.
    public func close() {
        let clients = state.withLock { state in
            defer { state.clients = [] }
            return state.clients
        }
        for client in clients { client.close() }
    }
}
