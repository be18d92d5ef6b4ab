// SPDX-License-Identifier: Apache-2.0
import Consensus
import Effects
import PeerNetwork
import Vocabulary

extension OrderingHost {
    /// How long a leader with nothing to order waits.
    private static let idleMilliseconds: UInt64 = 200

    /// Remembers what the leader was asked, and answers when there is something or time is up.
    func want(_ asked: PayloadRequest) {
        request = asked
        effects.tasks.spawn("idle leader") { [effects] in
            await effects.time.sleep(milliseconds: Self.idleMilliseconds)
            await self.answerIdle(asked.slot, on: asked.parent)
        }
    }

    private func answerIdle(_ slot: Slot, on parent: Digest) {
        guard let asked = request, asked.slot == slot, asked.parent == parent else { return }
        answer(asked, with: cut(for: asked))
    }

    /// Answers the open request when there is a batch to order.
    func answerRequest() {
        guard let asked = request else { return }
        let cut = cut(for: asked)
        guard cut != .empty || asked.bytesMax == 0 else { return }
        answer(asked, with: cut)
    }

    private func cut(for asked: PayloadRequest) -> Cut {
        asked.bytesMax == 0 ? .empty : lanes.proposal(after: Self.cuts(of: asked.ancestors))
    }

    private func answer(_ asked: PayloadRequest, with cut: Cut) {
        request = nil
        enqueue([
            .consensus(
                .payload(
                    ProposedPayload(
                        slot: asked.slot, parent: asked.parent, bytes: cut.payload,
                        timestamp: effects.time.wallClock(), stateHeight: stateHeight,
                        stateRoot: stateRoot)))
        ])
    }

    /// Lets the lanes judge a proposal's cut.
    func check(_ block: Block, _ ancestors: [Block]) {
        guard let cut = try? Cut(payload: block.payload) else {
            enqueue([.consensus(.verdict(block: block.hash, accepted: false))])
            return
        }
        enqueue([
            .lanes(
                .judge(
                    CutQuestion(
                        block: block.hash, slot: block.header.slot, cut: cut,
                        ancestors: Self.cuts(of: ancestors))))
        ])
    }

    private static func cuts(of blocks: [Block]) -> [Cut] {
        blocks.compactMap { try? Cut(payload: $0.payload) }
    }
}

// MARK: - The mesh

extension OrderingHost {
    nonisolated var handlers: MeshHandlers {
        MeshHandlers(
            messages: { await self.receive($0) },
            events: { event in
                switch event {
                case .connected(let peer):
                    await self.enqueue([
                        .consensus(.connected(peer.publicKey)), .lanes(.connected(peer.publicKey)),
                    ])
                case .disconnected(let peer, _):
                    await self.enqueue([
                        .consensus(.disconnected(peer.publicKey)),
                        .lanes(.disconnected(peer.publicKey)),
                    ])
                case .refused: break
                }
            })
    }

    private nonisolated func receive(_ messages: [InboundMessage]) async {
        var inputs: [Input] = []
        var deliveries: [LaneDelivery] = []
        for message in messages {
            if message.channel == Channel.ordering.number {
                guard let read = try? ConsensusMessage(canonicalBytes: message.bytes) else {
                    continue
                }
                inputs.append(.consensus(.message(from: message.from, read)))
            } else if let read = try? LaneMessage(canonicalBytes: message.bytes) {
                deliveries.append(LaneDelivery(from: message.from, read))
            }
        }
        if !deliveries.isEmpty { inputs.append(.lanes(.messages(deliveries))) }
        await enqueue(inputs)
    }
}

extension Channel {
    /// Votes, proposals, certificates.
    static let ordering = Channel(1, priority: .consensus)
}

extension LaneMessage {
    /// Vectors go before batches, batches before answers (LANES-5).
    var channel: Channel {
        switch self {
        case .vector, .request: Channel(2, priority: .consensus)
        case .batch: Channel(3, priority: .transactions)
        case .answer: Channel(3, priority: .bulk)
        }
    }
}
