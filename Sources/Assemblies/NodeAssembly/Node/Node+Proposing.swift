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
        answer(asked, with: payload(for: asked))
    }

    /// Answers the open request when there is something to say.
    func answerRequest() {
        guard isWorking, let asked = request else { return }
        let payload = payload(for: asked)
        guard payload != .empty || carriesNewState(asked) || asked.bytesMax == 0 else { return }
        answer(asked, with: payload)
    }

    private func answer(_ asked: PayloadRequest, with payload: Payload) {
        request = nil
        counters.blocksProposed += 1
        enqueue(
            .payload(
                ProposedPayload(
                    slot: asked.slot, parent: asked.parent, bytes: payload.canonicalBytes,
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

    private func payload(for asked: PayloadRequest) -> Payload {
        guard asked.bytesMax >= Payload.bytesMax, mempool.count > 0 else { return .empty }
        var passed: [AccountID: UInt64] = [:]
        for ancestor in asked.ancestors {
            guard let payload = try? Payload(bytes: ancestor.payload) else { continue }
            for transaction in payload.transactions.map(\.transaction) {
                let account = transaction.account
                passed[account] = max(passed[account] ?? 0, transaction.nonce + 1)
            }
        }
        let ready = mempool.ready(height: asked.height, passed: passed)
        return Payload.filled(from: ready).payload
    }

    /// Judges a proposed block: its payload must read, every signature hold, its time be near.
    func check(_ block: Block) {
        effects.tasks.spawn("check block") {
            await self.enqueue(.verdict(block: block.hash, accepted: self.isAcceptable(block)))
        }
    }

    private func isAcceptable(_ block: Block) async -> Bool {
        let latest = effects.time.wallClock().advanced(by: Self.clockSkewMillisecondsMax)
        guard block.header.timestamp <= latest else {
            configuration.log(
                .warning, "block \(block.hash) is of \(block.header.timestamp), past \(latest)")
            return false
        }
        guard let payload = try? Payload(bytes: block.payload) else { return false }
        return await checkedAll(payload.transactions).allSatisfy { $0.refusal == nil }
    }
}
