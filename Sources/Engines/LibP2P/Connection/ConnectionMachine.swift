// SPDX-License-Identifier: Apache-2.0
public import Cryptography

/// A libp2p connection over a stream of bytes, as a value: bytes in, events and bytes out.
///
/// It climbs from raw bytes to streams: multistream-select to Noise, Noise to a secret channel,
/// in it yamux (agreed inside the handshake, or by multistream-select after it), and on each
/// stream multistream-select again for that stream's protocol.
///
/// ```
/// raw ─ multistream ─ /noise ─ handshake ─(muxer known)─────────────┐
///                                 └─ multistream ─ /yamux/1.0.0 ─ streams ─ multistream ─ protocol
/// ```
/// Source: libp2p connections specification; LIBP-17.
public struct ConnectionMachine: Sendable {
    /// What happened.
    public enum Event: Sendable {
        /// The other side has proved who it is; streams can be opened.
        case ready(peer: PeerID, key: IdentityKey)
        /// A stream speaks its protocol from now on.
        case opened(UInt32, protocol: String, isInbound: Bool)
        /// A stream this side opened found no protocol; it is gone.
        case refused(UInt32, NegotiationFailure)
        /// Bytes of a stream, to be given back by ``consumed(_:count:)``.
        case data(UInt32, [UInt8])
        /// The other side sends nothing more on a stream.
        case finished(UInt32)
        /// A stream is gone.
        case reset(UInt32)
        /// A stream may send again.
        case writable(UInt32)
        /// The answer to a ping of the connection.
        case pong(UInt32)
        /// The other side takes no more streams.
        case goneAway
    }

    /// What a connection is set up with.
    public struct Setup: Sendable {
        /// This side's key.
        public var identity: SigningKey
        /// A Noise key, for one connection or for a process.
        public var staticKey: AgreementKey
        /// A Noise key for this connection alone.
        public var ephemeralKey: AgreementKey
        /// Who is dialled, when it is known.
        public var expectedPeer: PeerID?
        /// Which protocols the other side may open streams for.
        public var isSupported: @Sendable (String) -> Bool
        /// The most streams the other side may have open.
        public var inboundStreamsMax: Int
        /// What this side says in every handshake with the same Noise key, signed once; nothing to
        /// sign it for this connection alone.
        var payload: [UInt8]?

        /// Joins them.
        public init(
            identity: SigningKey, staticKey: AgreementKey, ephemeralKey: AgreementKey,
            expectedPeer: PeerID? = nil, inboundStreamsMax: Int = 256,
            isSupported: @escaping @Sendable (String) -> Bool
        ) {
            self.identity = identity
            self.staticKey = staticKey
            self.ephemeralKey = ephemeralKey
            self.expectedPeer = expectedPeer
            self.inboundStreamsMax = inboundStreamsMax
            self.isSupported = isSupported
        }
    }

    private enum Phase {
        case choosingSecurity(Negotiation)
        case shakingHands(NoiseUpgrade)
        case choosingMuxer(Negotiation)
        case running
        case over
    }

    private enum StreamPhase {
        case choosing(Negotiation, isInbound: Bool)
        case open
    }

    /// Whether this side dialled.
    public let isDialler: Bool
    private let setup: Setup
    private var phase: Phase
    private var channel: SecureChannel?
    private var remote: IdentityKey?
    private var muxer: YamuxSession
    private var streams: [UInt32: StreamPhase] = [:]
    private var output: [UInt8] = []

    /// Prepares one side.
    public init(isDialler: Bool, _ setup: Setup) {
        self.isDialler = isDialler
        self.setup = setup
        let security =
            isDialler
            ? Negotiation(proposing: [NoiseUpgrade.name])
            : Negotiation(supporting: { $0 == NoiseUpgrade.name })
        phase = .choosingSecurity(security)
        muxer = YamuxSession(
            side: isDialler ? .client : .server, streamsMax: setup.inboundStreamsMax)
        output = security.start()
    }

    /// Whether streams can be opened.
    public var isReady: Bool {
        if case .running = phase { return true }
        return false
    }

    /// How many streams are open or opening.
    public var streamCount: Int { streams.count }

    // MARK: What arrives

    /// Takes what has arrived.
    ///
    /// - Throws: ``ConnectionFailure``; what ``takeOutput()`` still gives may be sent, and then the
    ///   connection is to be closed.
    public mutating func receive(_ bytes: [UInt8]) throws(ConnectionFailure) -> [Event] {
        var events: [Event] = []
        do throws(ConnectionFailure) {
            try climb(bytes, &events)
        } catch {
            phase = .over
            throw error
        }
        return events
    }

    private mutating func climb(
        _ bytes: [UInt8], _ events: inout [Event]
    ) throws(ConnectionFailure) {
        switch phase {
        case .choosingSecurity(var negotiation):
            let progress = try Self.progress(&negotiation, bytes)
            phase = .choosingSecurity(negotiation)
            output += progress.send
            guard progress.agreed != nil else { return }
            try shakeHands(progress.rest, &events)
        case .shakingHands(let upgrade): try shakeHands(upgrade, bytes, &events)
        case .choosingMuxer(var negotiation):
            let progress = try Self.progress(&negotiation, open(bytes))
            phase = .choosingMuxer(negotiation)
            try send(progress.send)
            guard progress.agreed != nil else { return }
            run(&events)
            try demultiplex(progress.rest, &events)
        case .running: try demultiplex(open(bytes), &events)
        case .over: throw .closed
        }
    }

    private mutating func shakeHands(
        _ rest: [UInt8], _ events: inout [Event]
    ) throws(ConnectionFailure) {
        var upgrade = NoiseUpgrade(
            side: isDialler ? .initiator : .responder, identity: setup.identity,
            staticKey: setup.staticKey, ephemeralKey: setup.ephemeralKey,
            muxers: [YamuxSession.name], expecting: setup.expectedPeer, payload: setup.payload)
        do {
            output += try upgrade.start()
        } catch {
            throw .security(error)
        }
        try shakeHands(upgrade, rest, &events)
    }

    private mutating func shakeHands(
        _ upgrade: NoiseUpgrade, _ bytes: [UInt8], _ events: inout [Event]
    ) throws(ConnectionFailure) {
        var upgrade = upgrade
        let progress: NoiseUpgrade.Progress
        do {
            progress = try upgrade.receive(bytes)
        } catch {
            throw .security(error)
        }
        phase = .shakingHands(upgrade)
        output += progress.send
        guard let finished = progress.finished else { return }
        channel = finished.channel
        remote = finished.remote
        guard finished.muxer == nil else {
            run(&events)
            return try demultiplex(open([]), &events)
        }
        let negotiation =
            isDialler
            ? Negotiation(proposing: [YamuxSession.name])
            : Negotiation(supporting: { $0 == YamuxSession.name })
        phase = .choosingMuxer(negotiation)
        try send(negotiation.start())
        try climb([], &events)
    }

    private mutating func run(_ events: inout [Event]) {
        phase = .running
        guard let remote else { return }
        events.append(.ready(peer: PeerID(of: remote), key: remote))
    }

    private static func progress(
        _ negotiation: inout Negotiation, _ bytes: [UInt8]
    ) throws(ConnectionFailure) -> Negotiation.Progress {
        do {
            return try negotiation.receive(bytes)
        } catch {
            throw .negotiation(error)
        }
    }

    private mutating func open(_ bytes: [UInt8]) throws(ConnectionFailure) -> [UInt8] {
        do {
            return try channel?.receive(bytes) ?? []
        } catch {
            throw .forged
        }
    }

    private mutating func send(_ plain: [UInt8]) throws(ConnectionFailure) {
        do {
            output += try channel?.seal(plain) ?? []
        } catch {
            throw .forged
        }
    }

    // MARK: Streams

    private mutating func demultiplex(
        _ bytes: [UInt8], _ events: inout [Event]
    ) throws(ConnectionFailure) {
        let happened: [YamuxSession.Event]
        do {
            happened = try muxer.receive(bytes)
        } catch {
            muxer.goAway(1)
            throw .muxer(error)
        }
        for event in happened { translate(event, &events) }
    }

    private mutating func translate(_ event: YamuxSession.Event, _ events: inout [Event]) {
        switch event {
        case .opened(let stream):
            let negotiation = Negotiation(supporting: setup.isSupported)
            streams[stream] = .choosing(negotiation, isInbound: true)
            _ = muxer.write(negotiation.start()[...], on: stream)
        case .data(let stream, let bytes): receive(bytes, on: stream, &events)
        case .finished(let stream):
            switch streams[stream] {
            case .open: events.append(.finished(stream))
            case .choosing(_, let isInbound):
                drop(stream)
                if !isInbound { events.append(.refused(stream, .noneAgreed)) }
            case nil: break
            }
        case .reset(let stream):
            switch streams.removeValue(forKey: stream) {
            case .open: events.append(.reset(stream))
            case .choosing(_, isInbound: false): events.append(.refused(stream, .noneAgreed))
            case .choosing, nil: break
            }
        case .writable(let stream): events.append(.writable(stream))
        case .pong(let number): events.append(.pong(number))
        case .goneAway: events.append(.goneAway)
        }
    }

    private mutating func receive(
        _ bytes: [UInt8], on stream: UInt32, _ events: inout [Event]
    ) {
        guard case .choosing(var negotiation, let isInbound) = streams[stream] else {
            if streams[stream] != nil { events.append(.data(stream, bytes)) }
            return
        }
        do throws(NegotiationFailure) {
            let progress = try negotiation.receive(bytes)
            if !progress.send.isEmpty { _ = muxer.write(progress.send[...], on: stream) }
            muxer.consumed(stream, count: bytes.count - progress.rest.count)
            guard let agreed = progress.agreed else {
                streams[stream] = .choosing(negotiation, isInbound: isInbound)
                return
            }
            streams[stream] = .open
            events.append(.opened(stream, protocol: agreed, isInbound: isInbound))
            if !progress.rest.isEmpty { events.append(.data(stream, progress.rest)) }
        } catch {
            drop(stream)
            if !isInbound { events.append(.refused(stream, error)) }
        }
    }

    private mutating func drop(_ stream: UInt32) {
        streams[stream] = nil
        muxer.reset(stream)
    }

    // MARK: What this side does

    /// Opens a stream for the first of these protocols that the other side has.
    ///
    /// - Returns: Its number, or nothing when the connection takes no more streams.
    public mutating func open(proposing protocols: [String]) -> UInt32? {
        guard isReady, let stream = muxer.open() else { return nil }
        let negotiation = Negotiation(proposing: protocols)
        streams[stream] = .choosing(negotiation, isInbound: false)
        _ = muxer.write(negotiation.start()[...], on: stream)
        return stream
    }

    /// Sends as many of the bytes as there is room for.
    ///
    /// - Returns: How many were taken; ``Event/writable(_:)`` tells when to try again.
    public mutating func write(_ bytes: ArraySlice<UInt8>, on stream: UInt32) -> Int {
        guard case .open = streams[stream] else { return 0 }
        return muxer.write(bytes, on: stream)
    }

    /// How many bytes the other side still takes on a stream.
    func room(on stream: UInt32) -> Int {
        guard case .open = streams[stream] else { return 0 }
        return muxer.room(on: stream)
    }

    /// Sends frames for which there is room.
    mutating func write(whole frames: [[UInt8]], on stream: UInt32) {
        guard case .open = streams[stream] else { return }
        muxer.write(whole: frames, on: stream)
    }

    /// Whether something waits to be written to the network.
    var hasOutput: Bool { !output.isEmpty || muxer.unsentCount > 0 }

    /// Tells of every growth of a stream's room.
    mutating func pump(_ stream: UInt32) { muxer.pump(stream) }

    /// Gives the other side more room on a stream.
    mutating func widen(_ stream: UInt32, to bytes: Int) { muxer.widen(stream, to: bytes) }

    /// Says that nothing more follows on a stream.
    public mutating func finish(_ stream: UInt32) { muxer.finish(stream) }

    /// Ends a stream at once in both directions.
    public mutating func close(_ stream: UInt32) { drop(stream) }

    /// Forgets a stream that both sides have finished.
    public mutating func forget(_ stream: UInt32) { streams[stream] = nil }

    /// Gives the other side room again.
    public mutating func consumed(_ stream: UInt32, count: Int) {
        muxer.consumed(stream, count: count)
    }

    /// Asks for a sign of life.
    public mutating func ping(_ number: UInt32) { if isReady { muxer.ping(number) } }

    /// Tells the other side that this one ends the connection in order.
    public mutating func goAway() { if isReady { muxer.goAway(0) } }

    /// Takes what is to be written to the network now, and what became possible by it.
    ///
    /// - Throws: ``ConnectionFailure/forged`` when the nonces have run out.
    public mutating func takeOutput() throws(ConnectionFailure) -> (bytes: [UInt8], events: [Event])
    {
        let (plain, happened) = muxer.takeOutput()
        if channel != nil { try send(plain) }
        defer { output = [] }
        var events: [Event] = []
        for event in happened { translate(event, &events) }
        return (output, events)
    }
}
