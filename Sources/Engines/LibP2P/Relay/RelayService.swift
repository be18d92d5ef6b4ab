// SPDX-License-Identifier: Apache-2.0
public import Effects
import Synchronization

/// Serves peers that cannot be dialled: holds places for them and joins others' streams to theirs.
///
/// Source: circuit relay v2 specification, "Hop Protocol"; LIBP-51.
public final class RelayService: Sendable {
    private let swarm: Swarm
    private let effects: Effects
    private let ledger: Mutex<RelayLedger>
    private let observes = Atomic(false)

    /// The protocol of who serves so.
    public static let protocolName = RelayMessage.hopProtocol

    /// Prepares the service; nothing happens before ``start()``.
    public init(
        _ swarm: Swarm, effects: Effects, limits: RelayLedger.Limits = RelayLedger.Limits()
    ) {
        self.swarm = swarm
        self.effects = effects
        ledger = Mutex(RelayLedger(limits))
    }

    private var now: UInt64 { effects.time.now().value / 1_000_000 }

    /// Serves from now on; it may be started again after ``stop()``.
    public func start() {
        swarm.serve(RelayMessage.hopProtocol) { [weak self] in await self?.answer($0) }
        guard observes.exchange(true, ordering: .relaxed) == false else { return }
        swarm.observe { [weak self] event in
            guard case .disconnected(let peer, _) = event else { return }
            self?.ledger.withLock { $0.release(peer) }
        }
    }

    /// Holds no more places and opens no more circuits; those that stand go on.
    public func stop() { swarm.unserve(RelayMessage.hopProtocol) }

    /// How many circuits there are.
    public var circuitCount: Int { ledger.withLock { $0.circuitCount } }

    /// How many reservations hold.
    public var reservationCount: Int {
        let now = now
        return ledger.withLock { $0.reservationCount(now: now) }
    }

    private func answer(_ stream: PeerStream) async {
        let deadline = swarm.deadline(for: stream)
        var messages = MessageStream(stream, messageBytesMax: RelayMessage.encodedBytesMax)
        let question = try? await messages.next().map { bytes throws(WireFailure) in
            try RelayMessage(bytes, .hop)
        }
        deadline.meet()
        guard let question else { return await refuse(stream, .malformedMessage) }
        // No circuits over circuits.
        guard stream.address.relay == nil else { return await refuse(stream, .permissionDenied) }
        switch question.kind {
        case .reserve: await reserve(stream)
        case .connect:
            guard let target = question.peer else {
                return await refuse(stream, .malformedMessage)
            }
            await connect(stream, to: target, early: messages.takeRest())
        case .status: await refuse(stream, .unexpectedMessage)
        }
    }

    private func refuse(_ stream: PeerStream, _ status: RelayStatus) async {
        // Who has gone away needs no answer.
        try? await stream.write(message: RelayMessage(status).encoded(.hop))
    }

    private func reserve(_ stream: PeerStream) async {
        let now = now
        let result = ledger.withLock { ledger in
            Result { () throws(RelayStatus) in
                try ledger.reserve(stream.peer, ip: stream.address.ip, now: now)
            }
        }
        switch result {
        case .failure(let status): await refuse(stream, status)
        case .success(let until):
            let expiry = effects.time.wallClock().value / 1_000 + (until - now) / 1_000
            var answer = RelayMessage(.ok)
            answer.reservation = reservation(of: stream.peer, expiry)
            answer.limit = ledger.withLock { $0.limits.circuit }
            // One that has gone away has lost its place with its connection.
            try? await stream.write(message: answer.encoded(.hop))
        }
    }

    private func reservation(of peer: PeerID, _ expiry: UInt64) -> RelayReservation {
        let voucher = SignedEnvelope(
            signing: RelayVoucher.payload(
                relay: swarm.peer, peer: peer, expirySeconds: expiry),
            type: RelayVoucher.payloadType, domain: RelayVoucher.domain,
            with: swarm.configuration.identity)
        return RelayReservation(
            expirySeconds: expiry,
            addresses: swarm.addresses.filter { $0.endpoint != nil }.prefix(8).map {
                $0.with(peer: swarm.peer)
            },
            voucher: voucher.encoded)
    }

    // MARK: Circuits

    private func connect(_ stream: PeerStream, to target: PeerID, early: [UInt8]) async {
        let now = now
        let refusal = ledger.withLock { ledger -> RelayStatus? in
            do throws(RelayStatus) {
                try ledger.open(from: stream.peer, to: target, now: now)
                return nil
            } catch {
                return error
            }
        }
        if let refusal { return await refuse(stream, refusal) }
        defer { ledger.withLock { $0.close(from: stream.peer, to: target) } }
        let limit = ledger.withLock { $0.limits.circuit }
        guard let (far, farEarly) = await reach(target, for: stream.peer, limit) else {
            return await refuse(stream, .connectionFailed)
        }
        var answer = RelayMessage(.ok)
        answer.limit = limit
        guard (try? await stream.write(message: answer.encoded(.hop))) != nil else {
            return far.reset()
        }
        await join(stream, early, far, farEarly, limit)
    }

    private func reach(
        _ target: PeerID, for peer: PeerID, _ limit: RelayLimit
    ) async -> (PeerStream, [UInt8])? {
        guard let far = try? await swarm.open([RelayMessage.stopProtocol], with: target) else {
            return nil
        }
        let deadline = swarm.deadline(for: far)
        defer { deadline.meet() }
        var question = RelayMessage(.connect, peer: peer)
        question.limit = limit
        var messages = MessageStream(far, messageBytesMax: RelayMessage.encodedBytesMax)
        guard (try? await far.write(message: question.encoded(.stop))) != nil,
            let bytes = try? await messages.next(),
            let answer = try? RelayMessage(bytes, .stop), answer.status == .ok
        else {
            far.reset()
            return nil
        }
        return (far, messages.takeRest())
    }

    private func join(
        _ near: PeerStream, _ nearEarly: [UInt8], _ far: PeerStream, _ farEarly: [UInt8],
        _ limit: RelayLimit
    ) async {
        let clock = effects.tasks.spawn("circuit clock") { [effects] in
            guard limit.seconds > 0 else { return }
            await effects.time.sleep(milliseconds: limit.seconds * 1_000)
            guard !Task.isCancelled else { return }
            near.reset()
            far.reset()
        }
        let back = effects.tasks.spawn("circuit back") {
            await Self.pass(from: far, to: near, early: farEarly, bytesMax: limit.bytes)
        }
        await Self.pass(from: near, to: far, early: nearEarly, bytesMax: limit.bytes)
        await back.finished()
        clock.cancel()
        far.close()
    }

    // Passes bytes on until they end; beyond the limit both streams break.
    private static func pass(
        from source: PeerStream, to sink: PeerStream, early: [UInt8], bytesMax: UInt64
    ) async {
        var passed: UInt64 = 0
        var bytes = early
        do throws(StreamFailure) {
            while true {
                passed += UInt64(bytes.count)
                guard bytesMax == 0 || passed <= bytesMax else { throw .reset }
                if !bytes.isEmpty { try await sink.write(bytes) }
                bytes = try await source.read(limit: 65_536)
                guard !bytes.isEmpty else { return sink.finish() }
            }
        } catch {
            source.reset()
            sink.reset()
        }
    }
}
