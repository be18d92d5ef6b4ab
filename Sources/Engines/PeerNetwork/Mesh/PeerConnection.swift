// SPDX-License-Identifier: Apache-2.0
import Effects
import LibP2P
import Synchronization
import Vocabulary

/// One admitted stream to a peer: its queue, its requests, and the tasks beside it.
///
/// It never decides who may connect; ``PeerMesh`` does. Its bytes are moved by the connection
/// below (``StreamPump``).
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
    let stream: PeerStream
    let state: Mutex<State>
    let inbox: Inbox
    /// What has arrived and is no whole frame yet; for the reading task alone.
    let assembler: Mutex<FrameAssembler>
    /// Raised when the connection begins to end.
    private let closing = Signal()
    /// Raised once its end has been told to the handlers.
    let ended = Signal()
    /// Raised once its last message has been delivered.
    private let drained = Signal()

    /// Takes over a stream whose introductions are done.
    init(
        info: PeerInfo, candidate: Admission.Candidate, stream: PeerStream, effects: Effects,
        configuration: MeshConfiguration, handlers: MeshHandlers
    ) {
        self.info = info
        self.candidate = candidate
        self.stream = stream
        self.effects = effects
        self.configuration = configuration
        self.handlers = handlers
        inbox = Inbox(bytesMax: configuration.inboxBytesMax)
        let longest =
            info.isGuest ? configuration.guestMessageBytesMax : configuration.messageBytesMax
        assembler = Mutex(FrameAssembler(messageBytesMax: longest))
        state = Mutex(
            State(
                queue: SendQueue(limits: configuration.queues), lastHeard: effects.time.now()))
    }

    /// Serves the peer until the connection ends, and says why it did.
    func run() async -> DisconnectReason {
        effects.tasks.spawn("peer delivers") { await self.deliver() }
        let watching = effects.tasks.spawn("peer pings") { await self.watch() }
        await closing.wait()
        watching.cancel()
        failWaiting()
        return state.withLock { $0.reason } ?? .closedByPeer
    }

    /// Waits until the handler has had every message.
    func waitUntilDrained() async { await drained.wait() }

    /// Ends the connection; the first reason counts.
    func close(_ reason: DisconnectReason) {
        let isFirst = state.withLock { state in
            guard state.reason == nil else { return false }
            state.reason = reason
            return true
        }
        guard isFirst else { return }
        inbox.close()
        closing.raise()
        stream.kick()
        effects.tasks.spawn("goodbye deadline") { [effects, stream] in
            if reason.deservesGoodbye {
                await effects.time.sleep(milliseconds: Self.goodbyeMillisecondsMax)
            }
            stream.reset()
            if reason.endsConnection { stream.disconnect() }
        }
    }

    private func deliver() async {
        while let (batch, owed) = await inbox.next() {
            if owed > 0 { giveBack(owed) }
            await handlers.messages(batch)
        }
        drained.raise()
    }

    // A handler that was slow is this node's own silence, not the peer's.
    private func giveBack(_ count: Int) {
        let now = effects.time.now()
        state.withLock { $0.lastHeard = now }
        stream.consumed(count)
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
