// SPDX-License-Identifier: Apache-2.0
import Consensus
import Effects
import Ledger
import Vocabulary

/// The batch that is being made, with its checked transactions.
struct OwnMaking {
    let payload: [UInt8]
    let transactions: [CheckedTransaction]
}

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
        let (bytes, taken) = Payload.filled(from: ready.lazy.map(\.signed))
        guard taken > 0 else { return }
        let transactions = Array(ready.prefix(taken))
        ownMaking = OwnMaking(payload: bytes, transactions: transactions)
        ownBatches.push(transactions, bytes: bytes.count)
        counters.batchesMade += 1
        isBatchOnItsWay = true
        enqueue(lanes: .payload(OwnPayload(bytes, transactionCount: UInt32(taken))))
    }

    /// Checks the signatures of a batch beside the work, before it is ordered; those of an own one
    /// were checked when the pool took them.
    func checkAhead(_ batch: Batch) {
        // The payload is compared, for a twin may have made another batch in this lane.
        if let own = ownMaking, batch.header.lane == ownLane, batch.payload == own.payload {
            ownMaking = nil
            return batchChecks.keep(own.transactions, of: batch)
        }
        effects.tasks.spawn("check batch") {
            let checked = await self.read([batch.payload])
            await self.keep(checked[0] ?? [], of: batch)
        }
    }

    /// The lane of this node's key, if it has one in this epoch.
    var ownLane: UInt16? {
        validators.index(of: configuration.voter(in: validators).publicKey).map(UInt16.init)
    }

    private func keep(_ checked: [CheckedTransaction], of batch: Batch) {
        // One that was executed meanwhile would only take room.
        guard lanes.awaits(batch.tip) else { return }
        batchChecks.keep(checked, of: batch)
    }

    /// The checked transactions of batches, in order; of one that does not read, none.
    func checkedTransactions(of batches: [Batch]) async -> [CheckedTransaction] {
        var parts = batches.map { batchChecks.take($0.hash) }
        let missing = parts.indices.filter { parts[$0] == nil }
        if !missing.isEmpty {
            let read = await read(missing.map { batches[$0].payload })
            for (index, list) in zip(missing, read) { parts[index] = list }
        }
        return parts.flatMap { $0 ?? [] }
    }
}
