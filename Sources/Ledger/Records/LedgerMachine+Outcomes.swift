// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

extension LedgerMachine {
    /// What became of a transaction, for as long as outcomes are kept (LEDGER-15).
    ///
    /// - Throws: ``LedgerFailure/disk(_:)`` when the store cannot be read.
    public func outcome(of hash: Digest) throws(LedgerFailure) -> TransactionOutcome? {
        try query { _ in storedOutcome(of: hash) }
    }

    func storedOutcome(of hash: Digest) -> TransactionOutcome? {
        outcomeIndex.find(hash, in: layers)
    }

    /// Keeps what a block gave in one record of outcomes and one of events, and forgets those of
    /// the heights that fall out of their windows.
    func keep(_ result: BlockResult, postings: [Posting], outcomeBlocks: UInt64) {
        let height = result.height
        let outcomes = OutcomeRecord(result.outcomes)
        if !outcomes.bytes.isEmpty {
            layers.set(StoreLayout.outcomes(at: height), outcomes.bytes)
            outcomeIndex.insert(outcomes.places, at: height)
        }
        if height.value > outcomeBlocks {
            let gone = BlockHeight(height.value - outcomeBlocks)
            forget(StoreLayout.outcomes(at: gone))
            outcomeIndex.forget(through: gone)
        }
        guard options.eventBlocks > 0 else { return }
        if !result.events.isEmpty {
            let record = EventRecord(
                result.events, ranges: result.eventRanges, outcomes: result.outcomes)
            layers.set(StoreLayout.events(at: height), record.record)
            eventIndex.append(postings)
        }
        if eventHorizon > BlockHeight(0) { forget(StoreLayout.events(at: eventHorizon)) }
    }

    /// Removes a record, if there is one.
    private func forget(_ key: [UInt8]) {
        if layers.peek(key, { $0 != nil }) { layers.set(key, nil) }
    }

    /// Finds the outcomes and the runs of events that the store has.
    ///
    /// Cost: reads every outcome of the window.
    func recall() throws(LedgerFailure) {
        var after: [UInt8]?
        while true {
            let page = layers.stored(
                prefix: [StoreLayout.outcomes], after: after, limit: Self.recallPageMax)
            if let failure = layers.takeFailure() { throw .disk(failure) }
            guard let last = page.last else { break }
            for pair in page { try recall(pair) }
            after = last.key
        }
        eventIndex = EventIndex(try storedRuns())
    }

    private func recall(_ pair: OrderedOverlay.Pair) throws(LedgerFailure) {
        guard pair.key.count == 9, let record = try? OutcomeRecord(bytes: pair.value) else {
            throw .damaged(reason: "a record of outcomes does not read")
        }
        let height = pair.key.dropFirst().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        outcomeIndex.insert(record.places, at: BlockHeight(height))
    }

    private func storedRuns() throws(LedgerFailure) -> [PostingRun] {
        var runs: [PostingRun] = []
        var after: [UInt8]?
        while true {
            let page = layers.stored(prefix: [StoreLayout.postings], after: after, limit: 1)
            if let failure = layers.takeFailure() { throw .disk(failure) }
            guard let head = page.first else { return runs }
            guard let run = try? PostingRun(canonicalBytes: head.value) else {
                throw .damaged(reason: "the head of a run of events does not read")
            }
            runs.append(run)
            // No posting is higher than this: the next key is the next run's head.
            after = run.prefix + [UInt8](repeating: 255, count: Posting.bytes)
        }
    }

    /// Records of outcomes read at a time when a store is opened.
    private static let recallPageMax = 64
}
