// SPDX-License-Identifier: Apache-2.0
import Effects
import Synchronization

/// One connection at work: a machine, the stream of bytes it climbs on, and the tasks that wait.
///
/// It never decides who may connect; ``Swarm`` does.
final class PeerLink: Sendable {
    /// The most bytes of all streams that wait to be read; beyond it the stream with the most is
    /// reset. 256 hostile connections fill 1 GiB.
    static let unreadBytesMax = 4_194_304

    /// What waits for the reader of a stream, and who waits.
    struct StreamState {
        var chunks: [[UInt8]] = []
        var head = 0
        var unread = 0
        var isFinished = false
        var isGone = false
        /// Whether this side has said that nothing more follows.
        var hasFinished = false
        /// Whether nobody here reads any more; what arrives is dropped, and the window with it, so
        /// the other side can send one window at most.
        var isAbandoned = false
        /// Who moves the bytes instead of readers and writers that wait.
        var pump: (any StreamPump)?
        /// The protocol of a stream with a pump.
        var name: String?
        var reading: OneShot?
        var writing: OneShot?

        mutating func wakeAll() -> [OneShot] {
            defer {
                reading = nil
                writing = nil
            }
            return [reading, writing].compactMap(\.self)
        }
    }

    /// A stream this side has asked for.
    struct Opening {
        let gate: OneShot
        var pump: PumpMaker?
        var outcome: Result<String, StreamFailure>?
    }

    struct State {
        var machine: ConnectionMachine
        var streams: [UInt32: StreamState] = [:]
        var unread = 0
        var openings: [UInt32: Opening] = [:]
        /// The streams with pumps, in the order they were opened.
        var pumped: [UInt32] = []
        var peer: PeerID?
        var failure: ConnectionFailure?
        var lastHeard: Instant
        var pingNumber: UInt32 = 0
        var pingSent: Instant?
        var roundTripMicroseconds: UInt64?
    }

    /// What a link tells its owner, in order.
    struct Owner: Sendable {
        var ready: @Sendable (PeerLink, PeerID, IdentityKey) -> Void
        /// Who makes the pumps of a protocol, when it has any.
        var pump: @Sendable (String) -> PumpMaker?
        var opened: @Sendable (PeerStream) -> Void
    }

    let effects: Effects
    let stream: any ByteStream
    let address: Multiaddr
    let isInbound: Bool
    let traffic: TrafficBook
    let owner: Owner
    let state: Mutex<State>
    /// Wakes the writer.
    let outgoing = Signal()
    /// Held while pumps are asked, so that their frames keep their order.
    let pulling = Mutex(())
    /// Opened once the connection is ready or has failed.
    let settled = OneShot()
    /// Opened once nothing of it is left.
    let over = OneShot()

    init(
        _ machine: ConnectionMachine, over stream: any ByteStream, at address: Multiaddr,
        effects: Effects, traffic: TrafficBook, owner: Owner
    ) {
        self.effects = effects
        self.stream = stream
        self.address = address
        self.traffic = traffic
        self.owner = owner
        isInbound = !machine.isDialler
        state = Mutex(State(machine: machine, lastHeard: effects.time.now()))
    }

    /// Who is at the other end, once it is known.
    var peer: PeerID? { state.withLock { $0.peer } }

    /// Why it ended, once it has.
    var failure: ConnectionFailure? { state.withLock { $0.failure } }

    // MARK: Streams

    /// Opens a stream for the first of these protocols that the other side has.
    func open(
        _ protocols: [String], pumpedBy make: PumpMaker? = nil
    ) async throws(StreamFailure) -> PeerStream {
        let gate = OneShot()
        let number = state.withLock { state -> UInt32? in
            guard state.failure == nil, let number = state.machine.open(proposing: protocols)
            else { return nil }
            state.openings[number] = Opening(gate: gate, pump: make)
            return number
        }
        guard let number, let peer else { throw .notConnected }
        kick()
        await gate.wait()
        let outcome = state.withLock { state in
            let outcome = state.openings.removeValue(forKey: number)?.outcome
            // Given up before an answer came.
            if outcome == nil { state.machine.close(number) }
            return outcome
        }
        kick()
        switch outcome {
        case .success(let name):
            traffic.count(name) { $0.outboundStreams += 1 }
            return PeerStream(number, peer: peer, isInbound: false, protocolName: name, link: self)
        case .failure(let failure):
            traffic.count(protocols[0]) { $0.refusedStreams += 1 }
            throw failure
        case nil: throw .reset
        }
    }

    func read(_ number: UInt32, limit: Int) async throws(StreamFailure) -> [UInt8] {
        while true {
            let gate = OneShot()
            let step = state.withLock { state -> Result<[UInt8], StreamFailure>? in
                guard state.streams[number] != nil else { return .failure(.reset) }
                if let bytes = state.streams[number]?.take(limit) {
                    state.unread -= bytes.count
                    state.machine.consumed(number, count: bytes.count)
                    return .success(bytes)
                }
                if state.streams[number]?.isGone == true { return .failure(.reset) }
                if state.streams[number]?.isFinished == true { return .success([]) }
                state.streams[number]?.reading = gate
                return nil
            }
            if let step {
                kick()
                return try step.get()
            }
            await gate.wait()
            guard !Task.isCancelled else { throw .reset }
        }
    }

    func write(_ bytes: [UInt8], on number: UInt32) async throws(StreamFailure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let gate = OneShot()
            let taken = state.withLock { state -> Int? in
                guard let stream = state.streams[number], !stream.isGone, !stream.hasFinished
                else { return nil }
                let taken = state.machine.write(rest, on: number)
                if taken < rest.count { state.streams[number]?.writing = gate }
                return taken
            }
            guard let taken else { throw .reset }
            kick()
            rest = rest.dropFirst(taken)
            if !rest.isEmpty { await gate.wait() }
            guard !Task.isCancelled else { throw .reset }
        }
    }

    func finish(_ number: UInt32) {
        state.withLock { state in
            state.streams[number]?.hasFinished = true
            state.machine.finish(number)
        }
        kick()
    }

    func reset(_ number: UInt32) {
        let gates = state.withLock { state in
            state.machine.close(number)
            state.unread -= state.streams[number]?.drop() ?? 0
            return state.streams[number]?.wakeAll() ?? []
        }
        for gate in gates { gate.open() }
        kick()
    }

    func close(_ number: UInt32) {
        state.withLock { state in
            guard let stream = state.streams[number] else { return }
            state.unread -= stream.unread
            guard !stream.isGone else {
                state.streams[number] = nil
                return
            }
            state.machine.finish(number)
            state.streams[number]?.abandon()
            state.forgetIfOver(number)
        }
        kick()
    }

    /// Wakes the writer, which asks the machine what there is to write.
    func kick() { outgoing.raise() }

    /// Ends the connection; the first reason counts.
    func close(_ failure: ConnectionFailure) {
        // Pumps say their last words before the connection says its own.
        if state.withLock({ $0.failure == nil }), failure == .closed { pull() }
        let ended = state.withLock { state -> ([OneShot], [any StreamPump])? in
            guard state.failure == nil else { return nil }
            state.failure = failure
            state.machine.goAway()
            var gates: [OneShot] = []
            let pumps = state.pumped.compactMap { state.streams[$0]?.pump }
            state.pumped = []
            for number in state.streams.keys.sorted() {
                state.streams[number]?.isGone = true
                state.streams[number]?.pump = nil
                gates += state.streams[number]?.wakeAll() ?? []
            }
            for number in state.openings.keys.sorted() {
                state.openings[number]?.outcome = .failure(.reset)
                if let gate = state.openings[number]?.gate { gates.append(gate) }
            }
            return (gates, pumps)
        }
        guard let (gates, pumps) = ended else { return }
        for gate in gates { gate.open() }
        for pump in pumps { pump.ended(failure) }
        settled.open()
        kick()
        // A writer that is stuck, and a reader that waits, end with the stream.
        effects.tasks.spawn("peer goodbye") { [effects, stream] in
            await effects.time.sleep(milliseconds: Self.goodbyeMillisecondsMax)
            stream.close()
        }
    }
}

extension PeerLink.State {
    /// Forgets a stream that nobody reads and that the other side has ended.
    mutating func forgetIfOver(_ number: UInt32) {
        guard let stream = streams[number], stream.isAbandoned else { return }
        guard stream.isFinished || stream.isGone else { return }
        unread -= stream.unread
        streams[number] = nil
        machine.forget(number)
    }

    /// The stream with the most unread bytes, when all together are too many.
    var overfull: UInt32? {
        guard unread > PeerLink.unreadBytesMax else { return nil }
        return streams.max { ($0.value.unread, $0.key) < ($1.value.unread, $1.key) }?.key
    }
}

extension PeerLink.StreamState {
    /// Drops what waits and whatever comes.
    mutating func abandon() {
        isAbandoned = true
        hasFinished = true
        chunks = []
        unread = 0
    }

    /// Forgets what waits of a stream that is gone, and says how much it was.
    mutating func drop() -> Int {
        isGone = true
        defer {
            chunks = []
            head = 0
            unread = 0
        }
        return unread
    }

    /// Keeps what has arrived, and says how much more there is now.
    mutating func keep(_ bytes: [UInt8]) -> Int {
        guard !isAbandoned, !isGone else { return 0 }
        chunks.append(bytes)
        unread += bytes.count
        return bytes.count
    }

    /// Takes up to `limit` bytes that wait.
    mutating func take(_ limit: Int) -> [UInt8]? {
        guard let first = chunks.first else { return nil }
        if head == 0, first.count <= limit {
            chunks.removeFirst()
            unread -= first.count
            return first
        }
        let end = min(first.count, head + limit)
        let piece = Array(first[head..<end])
        unread -= piece.count
        head = end
        if head == first.count {
            chunks.removeFirst()
            head = 0
        }
        return piece
    }
}
