// SPDX-License-Identifier: Apache-2.0
import Consensus
import Effects
import Ledger
import Vocabulary

extension Node {
    /// Gives the own lane what waits in the pool, when it takes it (LANES-3).
    func fillLane() {
        guard isWorking, mempool.count > 0, !isBatchOnItsWay else { return }
        let waiting = mempool.bytes - ownBatches.bytes
        switch lanes.room {
        case .none: return
        case .now: guard waiting > 0 else { return }
        case .whenFull: guard waiting >= Payload.bytesMax else { return }
        }
        let ready = mempool.ready(
            height: ledger.height.advanced(by: 1), passed: ownBatches.passed)
        let (payload, taken) = Payload.filled(from: ready)
        guard taken > 0 else { return }
        ownBatches.push(payload.transactions, bytes: payload.canonicalBytes.count)
        counters.batchesMade += 1
        isBatchOnItsWay = true
        let own = OwnPayload(payload.canonicalBytes, transactionCount: UInt32(taken))
        enqueue(lanes: .payload(own))
    }

    /// Checks the signatures of a batch beside the work, before it is ordered.
    func checkAhead(_ batch: Batch) {
        effects.tasks.spawn("check batch") {
            let checked = await self.checkedAll(batch.transactions)
            await self.keep(checked, of: batch)
        }
    }

    private func keep(_ checked: [CheckedTransaction], of batch: Batch) {
        // One that was executed meanwhile would only take room.
        guard lanes.awaits(batch.tip) else { return }
        batchChecks.keep(checked, of: batch)
    }

    /// The checked transactions of batches, in order.
    func checkedTransactions(of batches: [Batch]) async -> [CheckedTransaction] {
        var all: [CheckedTransaction] = []
        for batch in batches {
            if let ready = batchChecks.take(batch.hash) {
                all += ready
            } else {
                all += await checkedAll(batch.transactions)
            }
        }
        return all
    }
}
