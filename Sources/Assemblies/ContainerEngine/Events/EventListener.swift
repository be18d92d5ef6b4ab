// SPDX-License-Identifier: Apache-2.0
import Effects
import Synchronization

/// A client that hears what happens, as it happens.
final class EventListener: Sendable {
    private struct State {
        var lines: [String] = []
        var isClosed = false
    }

    /// The most lines that wait for a client, some 400 bytes each; one that is further behind is
    /// left.
    static let linesMax = 4_096

    private let filters: ListFilters
    private let state = Mutex(State())
    private let signal = Signal()

    init(_ filters: ListFilters) { self.filters = filters }

    /// Tells it of an event.
    func hear(_ event: EngineEvent) {
        guard event.fits(filters) else { return }
        state.withLock { state in
            guard !state.isClosed else { return }
            if state.lines.count < Self.linesMax {
                state.lines.append(event.line)
            } else {
                state.isClosed = true
            }
        }
        signal.raise()
    }

    /// Tells it that no more will come.
    func close() {
        state.withLock { $0.isClosed = true }
        signal.raise()
    }

    /// The next lines; nil after the last. One task waits at a time.
    func next() async -> String? {
        while true {
            let (lines, isClosed) = state.withLock { state in
                defer { state.lines = [] }
                return (state.lines, state.isClosed)
            }
            if !lines.isEmpty { return lines.joined() }
            if isClosed { return nil }
            await signal.wait()
        }
    }
}
