// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

/// What must always hold (MANDATES-12): a mandate never changes, its part never reaches further,
/// nobody stands in a chain twice, and no more is spent than it allows.
enum MandatesInvariants {
    /// Checks what a block changed. Cost: the block's changes, and the chains above them.
    static func breaches(after block: ExecutionContext) -> [String] {
        block.changes(of: .mandates).flatMap { change -> [String] in
            switch change.key.first {
            case MandatesKeys.mandatePrefix:
                if change.before != nil, change.after != nil { return ["a mandate has changed"] }
                return breaches(of: change.after, in: block)
            case MandatesKeys.expensesPrefix:
                return overspending(change.key, change.after, in: block)
            default: return []
            }
        }
    }

    /// Checks every mandate.
    static func breaches(in state: any StateReader) -> [String] {
        state.pairs(of: .mandates, prefix: [MandatesKeys.mandatePrefix]).flatMap {
            breaches(of: $0.value, in: state)
        }
            + state.pairs(of: .mandates, prefix: [MandatesKeys.expensesPrefix]).flatMap {
                overspending($0.key, $0.value, in: state)
            }
    }

    private static func breaches(of bytes: [UInt8]?, in state: any StateReader) -> [String] {
        guard let mandate: Mandate = MandatesQueries.decoded(bytes),
            let chain = try? MandatesQueries(state).chain(to: mandate.id)
        else { return [] }
        var found: [String] = []
        let people = chain.map(\.delegate) + [mandate.principal]
        if Set(people).count != people.count { found.append("mandate \(mandate.id): a loop") }
        if chain.dropFirst().first.map({ !mandate.scope.widenings(beyond: $0.scope).isEmpty })
            ?? false
        {
            found.append("mandate \(mandate.id) reaches further than what it is a part of")
        }
        return found
    }

    private static func overspending(
        _ key: [UInt8], _ bytes: [UInt8]?, in state: any StateReader
    ) -> [String] {
        guard let expenses: Expenses = MandatesQueries.decoded(bytes) else { return [] }
        guard let id = Bytes32(key.dropFirst()).map(MandateID.init),
            let mandate = MandatesQueries(state).mandate(id)
        else { return ["expenses of a mandate that is not there"] }
        return expenses.items.compactMap { item in
            let budget = mandate.scope.budget(of: item.asset)
            guard let budget, item.total <= budget.total else {
                return "mandate \(id): spent \(item.total) of asset \(item.asset)"
            }
            return nil
        }
    }
}
