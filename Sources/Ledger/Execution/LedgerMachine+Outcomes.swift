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
        layers.value(StoreLayout.outcome(hash)).flatMap {
            try? TransactionOutcome(canonicalBytes: $0)
        }
    }

    /// The store changes that remember outcomes by hash, and forget those of the one height that
    /// falls out of the window.
    func indexChanges(
        _ outcomes: [TransactionOutcome], at height: BlockHeight, keeping blocks: UInt64
    ) -> [OrderedOverlay.Entry] {
        var changes: [OrderedOverlay.Entry] = []
        if height.value > blocks {
            changes = forgettingChanges(at: BlockHeight(height.value - blocks))
        }
        for outcome in outcomes where Self.isIndexed(outcome) {
            let place = StoreLayout.place(at: outcome.height, index: outcome.index)
            changes.append((StoreLayout.outcome(outcome.hash), outcome.canonicalBytes))
            changes.append((place, outcome.hash.canonicalBytes))
        }
        return changes
    }

    /// Whether an outcome replaces what is known of its transaction.
    ///
    /// What has run stays, and what its sender did not sign says nothing about it.
    private static func isIndexed(_ outcome: TransactionOutcome) -> Bool {
        guard case .skipped(let refusal) = outcome.verdict, refusal.module == nil else {
            return true
        }
        return !unindexedCodes.contains(refusal.code)
    }

    private static let unindexedCodes: [UInt16] = [
        LedgerRefusal.wrongChain, .noMessages, .tooLarge, .badSignature, .duplicate,
    ].map(\.rawValue)

    private func forgettingChanges(at height: BlockHeight) -> [OrderedOverlay.Entry] {
        let places = layers.scan(
            prefix: StoreLayout.places(at: height), after: nil, limit: Payload.transactionsMax)
        var changes: [OrderedOverlay.Entry] = []
        for place in places {
            changes.append((place.key, nil))
            guard let hash = try? Digest(canonicalBytes: place.value),
                storedOutcome(of: hash)?.height == height
            else { continue }
            changes.append((StoreLayout.outcome(hash), nil))
        }
        return changes
    }
}
