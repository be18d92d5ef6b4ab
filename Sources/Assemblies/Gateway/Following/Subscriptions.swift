// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// What one client of a socket wants, by the names it gave (GATEWAY-32).
final class Subscriptions: Sendable {
    /// The most at once: 16, a place and a filter each.
    static let countMax = 16
    /// The longest name.
    static let nameBytesMax = 64

    private struct State {
        var readers: [String: EventReader] = [:]
        var isClosed = false
    }

    private let state = Mutex(State())

    /// The names in order.
    var names: [String] { state.withLock { $0.readers.keys.sorted() } }

    subscript(_ name: String) -> EventReader? { state.withLock { $0.readers[name] } }

    /// Adds a subscription; false when the name is in use or there are too many.
    func add(_ name: String, _ reader: EventReader) -> Bool {
        state.withLock { state in
            guard !state.isClosed, state.readers[name] == nil,
                state.readers.count < Self.countMax
            else { return false }
            state.readers[name] = reader
            return true
        }
    }

    /// Remembers how far a subscription has come, if it is still there.
    func move(_ name: String, to reader: EventReader) {
        state.withLock { if $0.readers[name] != nil { $0.readers[name] = reader } }
    }

    /// Ends a subscription; false when there is none of this name.
    func remove(_ name: String) -> Bool {
        state.withLock { $0.readers.removeValue(forKey: name) != nil }
    }

    /// Ends all and tells how many there were.
    func close() -> Int {
        state.withLock { state in
            defer { state.readers = [:] }
            state.isClosed = true
            return state.readers.count
        }
    }
}
