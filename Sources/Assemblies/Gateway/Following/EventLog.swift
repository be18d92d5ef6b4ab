// SPDX-License-Identifier: Apache-2.0
import Effects
import HTTPServer
import Synchronization
import Vocabulary

/// One event, encoded once for all clients.
struct LoggedEvent: Sendable {
    let place: EventPlace
    /// As it is sent.
    let bytes: [UInt8]
    /// The job it is about, if any.
    let job: Bytes32?
    /// The accounts it is about or mentions.
    let accounts: [AccountID]
}

/// Which events a client wants.
struct EventFilter: Sendable {
    var job: JobID?
    var account: AccountID?

    func takes(_ event: LoggedEvent) -> Bool {
        if let job, event.job != job.raw { return false }
        if let account, !event.accounts.contains(account) { return false }
        return true
    }
}

/// Whether the client of a stream is still there.
final class EventClient: Sendable {
    private let state = Mutex<(hasGone: Bool, gate: OneShot?)>((false, nil))

    var hasGone: Bool { state.withLock(\.hasGone) }

    /// The client has gone: its wait ends.
    func leave() {
        let gate = state.withLock { state in
            state.hasGone = true
            return state.gate.take()
        }
        gate?.open()
    }

    /// Names the gate the stream is about to wait at; false when the client has gone.
    func waits(at gate: OneShot) -> Bool {
        state.withLock { state in
            state.gate = gate
            return !state.hasGone
        }
    }
}

/// The events of the newest blocks, read by any number of clients at their own speed.
///
/// A client is no more than a place in it, so a slow client costs nothing and holds up nobody.
final class EventLog: Sendable {
    /// The most blocks held: as many as the node's own feed.
    static let blocksMax = 1_024
    /// The most bytes of events held: 16 MiB, 40,000 events of 400 bytes.
    static let bytesMax = 16 << 20
    /// The most bytes given to one client at once: 64 KiB, and the event that passes it.
    static let pageBytes = 65_536
    /// The most events looked at for one page, so that no client holds the lock for long.
    static let pageEventsMax = 4_096

    /// What follows a place.
    enum Page: Sendable {
        /// The wanted events up to a place; maybe no bytes when none is wanted.
        case events([UInt8], upTo: EventPlace)
        /// Nothing yet.
        case nothing
        /// Older events than are held here.
        case older
        /// No more will come.
        case closed
    }

    private struct Held {
        let height: UInt64
        let events: [LoggedEvent]
        let bytes: Int
    }

    private struct State {
        /// Events at or below this height are not held.
        var floor: UInt64 = 0
        var blocks: [Held] = []
        var bytes = 0
        var isClosed = false
        /// Grows with everything that may wake a client.
        var version: UInt64 = 0
        var gates: [OneShot] = []
        var streams = 0
    }

    private let state = Mutex(State())

    /// How many streams are open.
    var streams: Int { state.withLock(\.streams) }

    /// A stream opens.
    func enter() { state.withLock { $0.streams += 1 } }

    /// A stream ends.
    func leave() { state.withLock { $0.streams -= 1 } }

    /// Begins, or begins again, after a height.
    func restart(after height: BlockHeight) {
        wake { state in
            state.floor = height.value
            state.blocks = []
            state.bytes = 0
        }
    }

    /// Adds the next block's events.
    func append(_ events: [LoggedEvent], of height: BlockHeight) {
        wake { state in
            let bytes = events.reduce(64) { $0 + $1.bytes.count + 128 }
            state.blocks.append(Held(height: height.value, events: events, bytes: bytes))
            state.bytes += bytes
            var dropped = 0
            while state.blocks.count - dropped > Self.blocksMax || state.bytes > Self.bytesMax,
                dropped < state.blocks.count - 1
            {
                state.bytes -= state.blocks[dropped].bytes
                state.floor = state.blocks[dropped].height
                dropped += 1
            }
            state.blocks.removeFirst(dropped)
        }
    }

    /// Wakes every client although nothing happened, so that quiet streams can be kept open.
    func tick() { wake { _ in } }

    /// Ends every stream.
    func close() { wake { $0.isClosed = true } }

    /// What follows a place, and the version to wait beyond when it is nothing.
    func page(after place: EventPlace, for filter: EventFilter) -> (page: Page, version: UInt64) {
        state.withLock { state in (Self.page(of: state, after: place, for: filter), state.version) }
    }

    /// Waits until the version differs, the client has gone or the task is cancelled.
    func changed(since version: UInt64, for client: EventClient) async {
        let gate = OneShot()
        let waits = state.withLock { state in
            guard state.version == version, !state.isClosed else { return false }
            state.gates.append(gate)
            return true
        }
        guard waits, client.waits(at: gate) else { return }
        await gate.wait()
    }

    private func wake(_ change: (inout State) -> Void) {
        let gates = state.withLock { state in
            change(&state)
            state.version += 1
            defer { state.gates = [] }
            return state.gates
        }
        for gate in gates { gate.open() }
    }

    private static func page(
        of state: State, after place: EventPlace, for filter: EventFilter
    ) -> Page {
        guard !state.isClosed else { return .closed }
        guard place >= EventPlace.end(of: BlockHeight(state.floor)) else { return .older }
        var bytes: [UInt8] = []
        var last = place
        var seen = 0
        for block in state.blocks.drop(while: { $0.height < place.height }) {
            for event in block.events where event.place > last {
                last = event.place
                seen += 1
                if filter.takes(event) { bytes.append(contentsOf: event.bytes) }
                if bytes.count >= pageBytes || seen >= pageEventsMax {
                    return .events(bytes, upTo: last)
                }
            }
            last = max(last, .end(of: BlockHeight(block.height)))
        }
        return last == place ? .nothing : .events(bytes, upTo: last)
    }
}
