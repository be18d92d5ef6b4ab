// SPDX-License-Identifier: Apache-2.0
import Consensus
import Ledger
import PeerNetwork
import Vocabulary

extension Node {
    /// What the mesh calls: bytes are decoded at the door, outside the node's own turn.
    nonisolated var handlers: MeshHandlers {
        MeshHandlers(
            messages: { await self.receive($0) },
            requests: { await self.answer($0) },
            events: { await self.receive($0) })
    }

    private nonisolated func receive(_ messages: [InboundMessage]) async {
        var inputs: [ConsensusInput] = []
        var deliveries: [LaneDelivery] = []
        var bytes = 0
        var transactions: [[UInt8]] = []
        var guests: [[UInt8]] = []
        var malformed: UInt64 = 0
        for message in messages {
            switch message.channel {
            case MeshChannels.consensus.number:
                guard let decoded = try? ConsensusMessage(canonicalBytes: message.bytes) else {
                    malformed += 1
                    continue
                }
                inputs.append(.message(from: message.from, decoded))
                bytes += message.bytes.count
            case MeshChannels.batches.number:
                guard let decoded = try? LaneMessage(canonicalBytes: message.bytes) else {
                    malformed += 1
                    continue
                }
                deliveries.append(LaneDelivery(from: message.from, decoded))
                bytes += message.bytes.count
            case MeshChannels.transactions.number:
                if isListed(message.from) {
                    transactions.append(message.bytes)
                } else {
                    guests.append(message.bytes)
                }
            default: malformed += 1
            }
        }
        await count(malformed: malformed)
        if !transactions.isEmpty { await receive(transactions: transactions) }
        if !guests.isEmpty { await receive(guests: guests) }
        await take(inputs, deliveries, bytes: bytes)
    }

    /// Whether a peer is a validator or was told of: those know the validators themselves.
    private nonisolated func isListed(_ peer: PublicKey) -> Bool { links.isListed(peer) }

    func count(malformed: UInt64) { counters.messagesMalformed += malformed }

    /// The most inputs that may wait: votes and certificates of 100 validators for 40 slots.
    static let inboxMax = 16_384
    /// The most bytes of messages that may wait: 32 MiB, eight full proposals.
    static let inboxBytesMax = 32 << 20

    /// Puts a peer's batch in line; waits while the line is full, which slows that peer
    /// (NODE-3).
    private func take(
        _ inputs: [ConsensusInput], _ deliveries: [LaneDelivery], bytes: Int
    ) async {
        while inbox.count + laneInbox.count >= Self.inboxMax || inboxBytes >= Self.inboxBytesMax {
            guard isWorking else { return }
            await withCheckedContinuation { roomSignal.add($0) }
        }
        guard isWorking else { return }
        inboxBytes += bytes
        inboxBytesPeak = max(inboxBytesPeak, inboxBytes)
        if !deliveries.isEmpty { enqueue(lanes: .messages(deliveries)) }
        for input in inputs { enqueue(input) }
    }

    private func receive(_ event: PeerEvent) {
        switch event {
        case .connected(let peer):
            configuration.log(.info, "connected to \(peer.roles) \(peer.publicKey)")
            enqueue(.connected(peer.publicKey))
            enqueue(lanes: .connected(peer.publicKey))
            repeatOwn(to: peer.publicKey)
        case .disconnected(let peer, let reason):
            configuration.log(.info, "lost \(peer.roles) \(peer.publicKey): \(reason)")
            enqueue(.disconnected(peer.publicKey))
            enqueue(lanes: .disconnected(peer.publicKey))
            divergences[peer.publicKey] = nil
            passOnAgain(without: peer.publicKey)
        case .refused(let peer, let reason):
            guard isWorthSaying(reason) else { return }
            let name = peer.map(\.description) ?? "a stranger"
            configuration.log(.warning, "no connection with \(name): \(reason)")
        }
    }

    /// A peer that is not up yet is dialled again in a moment: no news.
    private func isWorthSaying(_ reason: DisconnectReason) -> Bool {
        switch reason {
        case .network, .duplicate, .stopping, .closedByPeer, .goodbye, .banned: false
        default: true
        }
    }

    private nonisolated func answer(_ request: InboundRequest) async -> RequestAnswer {
        if request.channel == MeshChannels.sync.number { return await answerSync(request) }
        guard request.channel == MeshChannels.blobs.number,
            let asked = try? BlobRequest(canonicalBytes: request.bytes),
            let range = await blobStore.range(asked)
        else { return .refused(code: 1) }
        return .answer(range.canonicalBytes)
    }
}

extension MeshLinks: BlobSource {
    /// How long one range may take: 256 KiB at 30 KiB/s.
    static let rangeMilliseconds: UInt64 = 8_000

    /// Gateways first, for clients upload there; then everybody else.
    func holders() async -> [PublicKey] {
        let peers = connectedPeers()
        return
            (peers.filter { $0.roles.contains(.gateway) }
            + peers.filter { !$0.roles.contains(.gateway) }).map(\.publicKey)
    }

    func range(_ request: BlobRequest, from peer: PublicKey) async -> BlobRange? {
        guard
            let bytes = await self.request(
                request.canonicalBytes, on: MeshChannels.blobs, to: peer,
                milliseconds: Self.rangeMilliseconds)
        else { return nil }
        return try? BlobRange(canonicalBytes: bytes)
    }
}
