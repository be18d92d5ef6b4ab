// SPDX-License-Identifier: Apache-2.0
import Cryptography

/// Many streams over one, as a value: bytes in, events and bytes out.
///
/// Each direction of a stream has a window; a side sends no more than its window, and the reader
/// gives back what it has consumed. So memory is bounded: a session's received bytes by streams
/// times ``windowBytes``, its unsent bytes by ``unsentBytesMax``.
///
/// Source: yamux specification; LIBP-14 to LIBP-16.
public struct YamuxSession: Sendable {
    /// The protocol's name.
    public static let name = "/yamux/1.0.0"
    /// The window both sides begin with.
    public static let windowBytes = 262_144
    /// The longest frame of data that is sent: short enough for streams to take turns.
    static let sentFrameBytesMax = 16_384
    /// The longest frame of data that is sent whole: with its header it fills one Noise message.
    static let wholeFrameBytesMax = NoiseCipher.plaintextBytesMax - YamuxHeader.byteCount
    /// The longest frame of data that is taken: a whole window.
    public static let frameBytesMax = windowBytes
    /// The widest window that a stream is given.
    static let wideWindowBytes = 2_097_152
    /// The most bytes that wait to be written to the connection before streams must wait: two
    /// windows.
    public static let unsentBytesMax = 524_288
    /// The most answers to pings that wait to be written, 12 bytes each.
    public static let pongsMax = 1_024

    /// Which side this is.
    public enum Side: Sendable {
        /// Its streams have odd numbers.
        case client
        /// Its streams have even numbers.
        case server
    }

    /// What happened.
    public enum Event: Hashable, Sendable {
        /// The other side has opened a stream.
        case opened(UInt32)
        /// Bytes of a stream; they count against the window until ``consumed(_:count:)``.
        case data(UInt32, [UInt8])
        /// The other side sends nothing more on a stream.
        case finished(UInt32)
        /// A stream is gone, with all that it held.
        case reset(UInt32)
        /// A stream may send again.
        case writable(UInt32)
        /// The answer to a ping.
        case pong(UInt32)
        /// The other side takes no more streams.
        case goneAway(UInt32)
    }

    private let side: Side
    private let streamsMax: Int
    private var streams: [UInt32: YamuxStream] = [:]
    private var nextStream: UInt32
    private var input: [UInt8] = []
    private var output: [UInt8] = []
    private var pongsWaiting = 0
    private var lastRemote: UInt32 = 0
    private var inboundCount = 0
    private var blocked: Set<UInt32> = []

    /// Whether the other side has gone away.
    public private(set) var isGoingAway = false

    /// Starts a session.
    ///
    /// - Parameter streamsMax: The most streams that the other side may have open.
    public init(side: Side, streamsMax: Int) {
        self.side = side
        self.streamsMax = streamsMax
        nextStream = side == .client ? 1 : 2
    }

    /// How many streams are open.
    public var streamCount: Int { streams.count }

    /// How many bytes wait to be written.
    public var unsentCount: Int { output.count }

    // MARK: What this side does

    /// Opens a stream, or nothing when the other side takes no more or numbers have run out.
    public mutating func open() -> UInt32? {
        guard !isGoingAway, nextStream < .max - 1 else { return nil }
        let stream = nextStream
        nextStream += 2
        streams[stream] = YamuxStream(isInbound: false)
        YamuxHeader(.windowUpdate, .syn, stream: stream, length: 0).append(to: &output)
        return stream
    }

    /// Sends as many of the bytes as there is room for; the rest must wait for
    /// ``Event/writable(_:)``.
    ///
    /// - Returns: How many were taken: 0 on a stream that is closed to this side.
    public mutating func write(_ bytes: ArraySlice<UInt8>, on stream: UInt32) -> Int {
        guard var state = streams[stream], !state.hasFinished else { return 0 }
        let room = min(state.sendWindow, max(0, Self.unsentBytesMax - output.count))
        var rest = bytes.prefix(room)
        let taken = rest.count
        while !rest.isEmpty {
            let piece = rest.prefix(Self.sentFrameBytesMax)
            rest = rest.dropFirst(piece.count)
            YamuxHeader(.data, stream: stream, length: UInt32(piece.count)).append(to: &output)
            output += piece
        }
        state.sendWindow -= taken
        streams[stream] = state
        if taken < bytes.count { blocked.insert(stream) }
        return taken
    }

    /// How many bytes the other side still takes on a stream.
    func room(on stream: UInt32) -> Int {
        guard let state = streams[stream], !state.hasFinished else { return 0 }
        return state.sendWindow
    }

    /// Sends frames as they are, whatever waits to be written; together they must have room.
    ///
    /// - Parameter frames: Each of at most ``wholeFrameBytesMax`` bytes.
    mutating func write(whole frames: [[UInt8]], on stream: UInt32) {
        guard let state = streams[stream], !state.hasFinished else { return }
        let count = frames.reduce(0) { $0 + $1.count }
        precondition(count <= state.sendWindow, "frames are made for the room there is")
        output.reserveCapacity(output.count + count + frames.count * YamuxHeader.byteCount)
        for frame in frames {
            YamuxHeader(.data, stream: stream, length: UInt32(frame.count)).append(to: &output)
            output += frame
        }
        streams[stream]?.sendWindow -= count
    }

    /// Tells from now on of every growth of a stream's room.
    mutating func pump(_ stream: UInt32) { streams[stream]?.isPumped = true }

    /// Gives the other side more room on a stream than it has at the beginning.
    mutating func widen(_ stream: UInt32, to bytes: Int) {
        guard var state = streams[stream], bytes > state.window else { return }
        let more = bytes - state.window
        YamuxHeader(.windowUpdate, stream: stream, length: UInt32(more)).append(to: &output)
        state.window = bytes
        state.receiveWindow += more
        streams[stream] = state
    }

    /// Says that nothing more follows on a stream.
    public mutating func finish(_ stream: UInt32) {
        guard var state = streams[stream], !state.hasFinished else { return }
        state.hasFinished = true
        YamuxHeader(.data, .fin, stream: stream, length: 0).append(to: &output)
        keepOrForget(stream, state)
    }

    /// Ends a stream at once in both directions.
    public mutating func reset(_ stream: UInt32) {
        guard forget(stream) != nil else { return }
        YamuxHeader(.windowUpdate, .rst, stream: stream, length: 0).append(to: &output)
    }

    /// Gives the other side room again for bytes that have been used up.
    public mutating func consumed(_ stream: UInt32, count: Int) {
        guard var state = streams[stream] else { return }
        state.consumed += count
        // Half a window at a time: fewer updates, and the sender never runs dry.
        if state.consumed >= state.window / 2, !state.remoteHasFinished {
            YamuxHeader(.windowUpdate, stream: stream, length: UInt32(state.consumed))
                .append(to: &output)
            state.receiveWindow += state.consumed
            state.consumed = 0
        }
        streams[stream] = state
    }

    /// Asks for a sign of life with a number that comes back.
    public mutating func ping(_ number: UInt32) {
        YamuxHeader(.ping, .syn, stream: 0, length: number).append(to: &output)
    }

    /// Says that no more streams are taken: 0 for a normal end, 1 for a broken rule.
    public mutating func goAway(_ reason: UInt32) {
        YamuxHeader(.goAway, stream: 0, length: reason).append(to: &output)
    }

    /// Takes what is to be written, and tells which streams may send again.
    public mutating func takeOutput() -> (bytes: [UInt8], events: [Event]) {
        let bytes = output
        output = []
        pongsWaiting = 0
        return (bytes, wakeBlocked())
    }

    private mutating func wakeBlocked() -> [Event] {
        guard !blocked.isEmpty else { return [] }
        let ready = blocked.filter { (streams[$0]?.sendWindow ?? 1) > 0 }.sorted()
        blocked.subtract(ready)
        return ready.map(Event.writable)
    }

    // MARK: What the other side does

    /// Takes what has arrived.
    ///
    /// - Throws: ``YamuxFailure``; the session is over then.
    public mutating func receive(_ bytes: [UInt8]) throws(YamuxFailure) -> [Event] {
        if input.isEmpty { input = bytes } else { input += bytes }
        var events: [Event] = []
        var position = 0
        while input.count - position >= YamuxHeader.byteCount {
            let end = position + YamuxHeader.byteCount
            let header = try YamuxHeader(input[position..<end])
            guard header.kind == .data else {
                position = end
                try receive(header, &events)
                continue
            }
            guard header.length <= UInt32(Self.frameBytesMax) else {
                throw .frameTooLong(header.length)
            }
            guard input.count - end >= Int(header.length) else { break }
            position = end + Int(header.length)
            try receive(header, input[end..<position], &events)
        }
        if position == input.count {
            input = []
        } else if position > 0 {
            input.removeFirst(position)
        }
        return events
    }

    private mutating func receive(
        _ header: YamuxHeader, _ events: inout [Event]
    ) throws(YamuxFailure) {
        switch header.kind {
        case .data: break
        case .windowUpdate: try receive(header, [], &events)
        case .ping:
            guard header.flags.contains(.syn) else {
                events.append(.pong(header.length))
                return
            }
            pongsWaiting += 1
            guard pongsWaiting <= Self.pongsMax else { throw .tooManyPings }
            YamuxHeader(.ping, .ack, stream: 0, length: header.length).append(to: &output)
        case .goAway:
            isGoingAway = true
            events.append(.goneAway(header.length))
        }
    }

    // Data and window updates: both may open, acknowledge, finish and reset a stream.
    private mutating func receive(
        _ header: YamuxHeader, _ bytes: ArraySlice<UInt8>, _ events: inout [Event]
    ) throws(YamuxFailure) {
        let stream = header.stream
        if header.flags.contains(.syn), try !accept(stream, &events) { return }
        // A frame for a stream that is gone crossed its end on the way.
        guard var state = streams[stream] else { return }
        if header.flags.contains(.rst) {
            forget(stream)
            events.append(.reset(stream))
            return
        }
        switch header.kind {
        case .data:
            guard bytes.count <= state.receiveWindow, !state.remoteHasFinished || bytes.isEmpty
            else { throw .windowExceeded(stream) }
            state.receiveWindow -= bytes.count
            if !bytes.isEmpty { events.append(.data(stream, Array(bytes))) }
        case .windowUpdate:
            let grown = state.sendWindow + Int(header.length)
            guard grown <= Int(UInt32.max) else { throw .windowOverflow(stream) }
            state.sendWindow = grown
            if header.length > 0, blocked.remove(stream) != nil || state.isPumped {
                events.append(.writable(stream))
            }
        case .ping, .goAway: break
        }
        if header.flags.contains(.fin), !state.remoteHasFinished {
            state.remoteHasFinished = true
            events.append(.finished(stream))
        }
        keepOrForget(stream, state)
    }

    // Takes or refuses a new stream of the other side.
    private mutating func accept(
        _ stream: UInt32, _ events: inout [Event]
    ) throws(YamuxFailure) -> Bool {
        let isTheirs = stream != 0 && stream.isMultiple(of: 2) == (side == .client)
        guard isTheirs, stream > lastRemote else { throw .badStream(stream) }
        lastRemote = stream
        guard inboundCount < streamsMax else {
            YamuxHeader(.windowUpdate, .rst, stream: stream, length: 0).append(to: &output)
            return false
        }
        inboundCount += 1
        streams[stream] = YamuxStream(isInbound: true)
        YamuxHeader(.windowUpdate, .ack, stream: stream, length: 0).append(to: &output)
        events.append(.opened(stream))
        return true
    }

    private mutating func keepOrForget(_ stream: UInt32, _ state: YamuxStream) {
        streams[stream] = state
        if state.hasFinished, state.remoteHasFinished { forget(stream) }
    }

    @discardableResult
    private mutating func forget(_ stream: UInt32) -> YamuxStream? {
        blocked.remove(stream)
        guard let state = streams.removeValue(forKey: stream) else { return nil }
        if state.isInbound { inboundCount -= 1 }
        return state
    }
}

/// One stream's windows and ends.
struct YamuxStream: Sendable {
    let isInbound: Bool
    /// How much the other side may send before anything is consumed.
    var window = YamuxSession.windowBytes
    var sendWindow = YamuxSession.windowBytes
    var receiveWindow = YamuxSession.windowBytes
    var consumed = 0
    var isPumped = false
    var hasFinished = false
    var remoteHasFinished = false
}
