// SPDX-License-Identifier: Apache-2.0
import Effects
import HTTPServer
import Synchronization
import Vocabulary

/// One event, encoded once for all clients.
struct LoggedEvent: Sendable {
    let place: EventPlace
    /// What it belongs to.
    let topics: EventTopics
    /// `<module>.<name>`.
    let name: String
    /// As a server-sent event.
    let bytes: [UInt8]
    /// Where its JSON lies in those bytes.
    let data: Range<Int>
    /// The job it is about, if any.
    let job: Bytes32?
    /// The accounts it is about or mentions.
    let accounts: [AccountID]
}

/// Which events a client wants.
struct EventFilter: Sendable {
    var topics: EventTopics = .events
    var job: JobID?
    var account: AccountID?

    func takes(_ event: LoggedEvent) -> Bool {
        guard !topics.isDisjoint(with: event.topics) else { return false }
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

    /// There is something new to look at: its wait ends.
    func wake() { state.withLock { $0.gate.take() }?.open() }

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
        /// The wanted events up to a place; maybe none of those there are.
        case events([LoggedEvent], upTo: EventPlace)
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
        /// What the blocks held are rendered with.
        var topics: EventTopics = [.events, .jobs, .proposals]

        /// Forgets what is held, as if it began after a height.
        mutating func restart(after height: UInt64) {
            floor = height
            blocks = []
            bytes = 0
        }
    }

    private let state = Mutex(State())

    /// How many streams are open.
    var streams: Int { state.withLock(\.streams) }

    /// A stream opens that wants these topics; what is held without one of them is forgotten, and
    /// read again from the node's feed where it is wanted.
    func enter(_ topics: EventTopics) {
        wake { state in
            state.streams += 1
            guard !topics.isSubset(of: state.topics) else { return }
            state.topics.formUnion(topics)
            state.restart(after: state.blocks.last?.height ?? state.floor)
        }
    }

    /// What the next block shall be rendered with; nothing while nobody listens.
    var wanted: EventTopics? {
        state.withLock { state in
            if state.streams == 0 { state.topics.subtract(.rare) }
            return state.streams > 0 ? state.topics : nil
        }
    }

    /// A stream ends.
    func leave() { state.withLock { $0.streams -= 1 } }

    /// Begins, or begins again, after a height.
    func restart(after height: BlockHeight) {
        wake { $0.restart(after: height.value) }
    }

    /// Adds the next block's events, rendered with these topics.
    func append(_ events: [LoggedEvent], of height: BlockHeight, with topics: EventTopics) {
        wake { state in
            // A stream that wants more came meanwhile, and reads this block from the feed.
            guard state.topics.isSubset(of: topics) else {
                return state.restart(after: height.value)
            }
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

    /// Grows with everything that may wake a client.
    var version: UInt64 { state.withLock(\.version) }

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
        var found: [LoggedEvent] = []
        var bytes = 0
        var last = place
        var seen = 0
        for block in state.blocks.drop(while: { $0.height < place.height }) {
            for event in block.events where event.place > last {
                last = event.place
                seen += 1
                if filter.takes(event) {
                    found.append(event)
                    bytes += event.bytes.count
                }
                if bytes >= pageBytes || seen >= pageEventsMax {
                    return .events(found, upTo: last)
                }
            }
            last = max(last, .end(of: BlockHeight(block.height)))
        }
        return last == place ? .nothing : .events(found, upTo: last)
    }
}
