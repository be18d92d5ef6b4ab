// SPDX-License-Identifier: Apache-2.0
import Consensus
import Effects
import Ledger
import Vocabulary

extension Node {
    /// How far a proposal's time may lie ahead of this node's clock: two clocks kept by NTP differ
    /// by far less, and a deadline moves by no more.
    static let clockSkewMillisecondsMax: UInt64 = 1_000

    /// Remembers what the leader was asked, and sees to it that it is answered in time
    /// (NODE-5).
    func want(_ asked: PayloadRequest) {
        request = asked
        let idle = min(configuration.timing.idleMilliseconds, asked.deadlineMilliseconds)
        effects.tasks.spawn("idle leader") { [effects] in
            await effects.time.sleep(milliseconds: idle)
            await self.answerIdle(asked.slot, on: asked.parent)
        }
    }

    /// Answers with an empty block when nothing came up: the heartbeat of an idle chain.
    private func answerIdle(_ slot: Slot, on parent: Digest) {
        guard isWorking, let asked = request, asked.slot == slot, asked.parent == parent
        else { return }
        answer(asked, with: cut(for: asked))
    }

    /// Answers the open request when there is something to say.
    func answerRequest() {
        guard isWorking, let asked = request else { return }
        let cut = cut(for: asked)
        guard cut != .empty || carriesNewState(asked) || asked.bytesMax == 0 else { return }
        answer(asked, with: cut)
    }

    private func answer(_ asked: PayloadRequest, with cut: Cut) {
        request = nil
        counters.blocksProposed += 1
        enqueue(
            .payload(
                ProposedPayload(
                    slot: asked.slot, parent: asked.parent, bytes: cut.payload,
                    timestamp: effects.time.wallClock(), stateHeight: ledger.height,
                    stateRoot: ledger.stateRoot)))
    }

    /// Whether the new header would certify a change of state that none before it does: clients
    /// wait for that certificate to hold a receipt.
    private func carriesNewState(_ asked: PayloadRequest) -> Bool {
        let carried =
            asked.ancestors.last?.header.stateHeight ?? lastFinal?.block.header.stateHeight
        return lastChanged > carried ?? BlockHeight(0)
    }

    private func cut(for asked: PayloadRequest) -> Cut {
        asked.bytesMax == 0 ? .empty : lanes.proposal(after: Self.cuts(of: asked.ancestors))
    }

    private static func cuts(of blocks: [Block]) -> [Cut] {
        blocks.map { (try? Cut(payload: $0.payload)) ?? .empty }
    }

    /// Judges a proposed block: its time must be near, and its cut available (LANES-9).
    func check(_ block: Block, on ancestors: [Block]) {
        let latest = effects.time.wallClock().advanced(by: Self.clockSkewMillisecondsMax)
        guard block.header.timestamp <= latest else {
            configuration.log(
                .warning, "block \(block.hash) is of \(block.header.timestamp), past \(latest)")
            return enqueue(.verdict(block: block.hash, accepted: false))
        }
        guard let cut = try? Cut(payload: block.payload) else {
            return enqueue(.verdict(block: block.hash, accepted: false))
        }
        enqueue(
            lanes: .judge(
                CutQuestion(
                    block: block.hash, slot: block.header.slot, cut: cut,
                    ancestors: Self.cuts(of: ancestors))))
    }
}
