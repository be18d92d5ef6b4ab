// SPDX-License-Identifier: Apache-2.0
import Effects
import LibP2P
import Synchronization
import Vocabulary

/// One stream of the mesh: the introductions of both sides, and after them the connection that
/// came of them.
///
/// The side that opened the stream speaks first; the other answers with its own introduction and
/// its verdict. Source: specs/transport.md TRANSPORT-2 to TRANSPORT-6.
final class MeshStream: StreamPump {
    private struct State {
        var stream: PeerStream?
        var connection: PeerConnection?
        var assembler = FrameAssembler(messageBytesMax: 0)
        /// What is said before the connection has a word.
        var greeting: [[UInt8]] = []
        /// Whether nothing follows the greeting.
        var isRefused = false
        var isOver = false
    }

    private let mesh: PeerMesh
    /// Whether this side opened the stream.
    let isOpener: Bool
    private let state = Mutex(State())
    /// Opened once the introductions have led to something.
    let settled = OneShot()

    /// A stream that is yet to be opened, by this side or the other.
    init(_ mesh: PeerMesh, isOpener: Bool) {
        self.mesh = mesh
        self.isOpener = isOpener
    }

    /// The stream is open: the side that did it introduces itself.
    func begin(_ stream: PeerStream) {
        state.withLock { state in
            state.stream = stream
            state.isRefused = state.isOver
            if isOpener { state.greeting = [Self.record(of: mesh.introduction)] }
        }
    }

    /// Ends a stream whose introductions have led to nothing in time.
    func giveUp() {
        let stream = state.withLock { $0.stream }
        if fail(.handshakeTimedOut, of: stream?.peer) { stream?.reset() }
    }

    /// Notes that nothing came of the stream, the first time.
    ///
    /// - Returns: Whether this is the first time.
    @discardableResult
    func fail(_ reason: DisconnectReason, of peer: PeerID?) -> Bool {
        let (isFirst, stream) = state.withLock { state -> (Bool, PeerStream?) in
            guard state.connection == nil, !state.isOver else { return (false, nil) }
            state.isOver = true
            return (true, state.stream)
        }
        guard isFirst else { return false }
        mesh.forget(self)
        mesh.refused(expected: isOpener ? peer?.key?.ed25519 : nil, reason)
        settled.open()
        // It was made for the mesh alone; the other side still hears why.
        if isOpener, reason.endsConnection { stream?.disconnect() }
        return true
    }

    private static func record(of introduction: PeerIntroduction) -> [UInt8] {
        SendQueue.record(of: .control(.introduction, introduction.bytes))
    }

    // MARK: StreamPump

    func next(room: Int) -> PumpedBytes {
        let (greeting, connection, isRefused) = state.withLock { state in
            defer { state.greeting = [] }
            return (state.greeting, state.connection, state.isRefused)
        }
        guard let connection, !isRefused else {
            return PumpedBytes(frames: greeting, isLast: isRefused)
        }
        let count = greeting.reduce(0) { $0 + $1.count }
        let given = connection.next(room: room - count)
        return PumpedBytes(frames: greeting + given.frames, isLast: given.isLast)
    }

    func received(_ bytes: [UInt8]) {
        if let connection = state.withLock({ $0.connection }) {
            return connection.received(bytes)
        }
        var position = 0
        let result = state.withLock { state -> Result<Frame?, DisconnectReason> in
            guard !state.isOver else { return .success(nil) }
            return Result { () throws(DisconnectReason) in
                try state.assembler.next(bytes, &position)
            }
        }
        do throws(DisconnectReason) {
            guard let frame = try result.get() else { return consumed(bytes.count) }
            guard frame.kind == .introduction else { throw .malformedRecord }
            consumed(position)
            try meet(PeerIntroduction(frame.bytes))
            let rest = Array(bytes[position...])
            if !rest.isEmpty { received(rest) }
        } catch {
            refuse(error)
        }
    }

    func ended(_ failure: ConnectionFailure?) {
        let (connection, stream) = state.withLock { ($0.connection, $0.stream) }
        let reason = failure.map(DisconnectReason.init) ?? .closedByPeer
        if let connection { return connection.close(reason) }
        fail(reason, of: stream?.peer)
    }

    private func consumed(_ count: Int) {
        state.withLock { $0.stream }?.consumed(count)
    }

    // MARK: What comes of it

    // The other side has introduced itself: a connection begins, or both are told why not.
    private func meet(_ introduction: PeerIntroduction) throws(DisconnectReason) {
        guard let stream = state.withLock({ $0.stream }) else { return }
        let (connection, older) = try mesh.admit(introduction, over: stream, isOpener: isOpener)
        state.withLock { state in
            state.connection = connection
            if !isOpener { state.greeting = [Self.record(of: mesh.introduction)] }
        }
        if !connection.info.isGuest { stream.widen(to: PeerStream.wideWindowBytes) }
        stream.kick()
        mesh.forget(self)
        settled.open()
        mesh.begin(connection, after: older)
    }

    private func refuse(_ reason: DisconnectReason) {
        let stream = state.withLock { state in
            state.isRefused = true
            if reason.deservesGoodbye { state.greeting.append(farewell(reason)) }
            return state.stream
        }
        stream?.kick()
        fail(reason, of: stream?.peer)
    }

    // Who opened the stream has introduced itself already, and says goodbye; who did not says
    // both at once.
    private func farewell(_ reason: DisconnectReason) -> [UInt8] {
        guard !isOpener else { return SendQueue.record(of: .control(.goodbye, [reason.code])) }
        var introduction = mesh.introduction
        introduction.verdict = reason.code
        return Self.record(of: introduction)
    }
}
