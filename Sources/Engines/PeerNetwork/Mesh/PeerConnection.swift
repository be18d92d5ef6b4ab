// SPDX-License-Identifier: Apache-2.0
import Effects
import Synchronization
import Vocabulary

/// One admitted connection: its queue, its requests, and the tasks that move bytes.
///
/// It never decides who may connect; ``PeerMesh`` does.
final class PeerConnection: Sendable {
    /// How long a goodbye may take before the stream is closed under it, in milliseconds.
    static let goodbyeMillisecondsMax: UInt64 = 250

    typealias AnswerContinuation = CheckedContinuation<Result<[UInt8], RequestFailure>, Never>
    typealias RoomContinuation = CheckedContinuation<Result<Void, SendFailure>, Never>

    struct Waiter: Sendable {
        var id: UInt64
        var frame: Frame
        var continuation: RoomContinuation
    }

    struct State {
        var queue: SendQueue
        var waiters = [Fifo<Waiter>(), Fifo<Waiter>(), Fifo<Waiter>()]
        var requests: [UInt64: AnswerContinuation] = [:]
        var answering = 0
        var nextID: UInt64 = 1
        var traffic = TrafficCounters()
        var lastHeard: Instant
        var readerWaits = false
        var writerWrites = false
        var pingID: UInt64 = 0
        var pingSent: Instant?
        var roundTripMicroseconds: UInt64?
        var reason: DisconnectReason?
    }

    let info: PeerInfo
    let candidate: Admission.Candidate
    let effects: Effects
    let configuration: MeshConfiguration
    let handlers: MeshHandlers
    let stream: any ByteStream
    let state: Mutex<State>
    let inbox: Inbox
    /// Wakes the writer.
    let outgoing = Signal()
    /// Raised once its end has been told to the handlers.
    let ended = Signal()
    /// Raised once its last message has been delivered.
    private let drained = Signal()

    /// Takes over a stream whose handshake is done.
    init(
        info: PeerInfo, candidate: Admission.Candidate, stream: any ByteStream, effects: Effects,
        configuration: MeshConfiguration, handlers: MeshHandlers
    ) {
        self.info = info
        self.candidate = candidate
        self.stream = stream
        self.effects = effects
        self.configuration = configuration
        self.handlers = handlers
        inbox = Inbox(bytesMax: configuration.inboxBytesMax)
        state = Mutex(
            State(
                queue: SendQueue(limits: configuration.queues), lastHeard: effects.time.now()))
    }

    /// Moves bytes until the connection ends, and says why it did.
    func run(reader: RecordReader, writer: RecordWriter) async -> DisconnectReason {
        let writing = effects.tasks.spawn("peer writes") { await self.write(with: writer) }
        effects.tasks.spawn("peer delivers") { await self.deliver() }
        let watching = effects.tasks.spawn("peer pings") { await self.watch() }
        await read(with: reader)
        watching.cancel()
        await writing.finished()
        stream.close()
        failWaiting()
        return state.withLock { $0.reason } ?? .closedByPeer
    }

    /// Waits until the handler has had every message.
    func waitUntilDrained() async { await drained.wait() }

    /// Ends the connection; the first reason counts.
    func close(_ reason: DisconnectReason) {
        let (isFirst, mayWrite) = state.withLock { state -> (Bool, Bool) in
            guard state.reason == nil else { return (false, false) }
            state.reason = reason
            return (true, !state.writerWrites)
        }
        guard isFirst else { return }
        inbox.close()
        outgoing.raise()
        guard reason.deservesGoodbye, mayWrite else { return stream.close() }
        effects.tasks.spawn("goodbye deadline") { [effects, stream] in
            await effects.time.sleep(milliseconds: Self.goodbyeMillisecondsMax)
            stream.close()
        }
    }

    private func deliver() async {
        while let batch = await inbox.next() { await handlers.messages(batch) }
        drained.raise()
    }

    private func failWaiting() {
        let (requests, waiters) = state.withLock { state in
            defer {
                state.requests = [:]
                state.waiters = [Fifo(), Fifo(), Fifo()]
            }
            return (state.requests, state.waiters)
        }
        for id in requests.keys.sorted() {
            requests[id]?.resume(returning: .failure(.notConnected))
        }
        for var lane in waiters {
            while let waiter = lane.popFirst() {
                waiter.continuation.resume(returning: .failure(.notConnected))
            }
        }
    }
}

extension DisconnectReason {
    /// Whether the peer can still be told.
    var deservesGoodbye: Bool {
        switch self {
        case .closedByPeer, .goodbye, .network, .silent, .noncesExhausted, .notThisProtocol,
            .handshakeForged, .handshakeTimedOut:
            false
        case .wrongVersion, .wrongChain, .wrongSignature, .malformedIntroduction, .unexpectedPeer,
            .ownKey, .guestsNotAllowed, .tooManyGuests, .tooManyFromAddress, .duplicate, .replaced,
            .recordForged, .malformedRecord, .messageTooLong, .stopping:
            true
        }
    }
}
