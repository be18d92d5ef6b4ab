// SPDX-License-Identifier: Apache-2.0
import JSONText
import Ledger
import Vocabulary

extension JSON {
    /// A refusal as its module, code, name and words.
    init(_ refusal: Refusal) {
        self = [
            "module": .string(ModuleName.of(refusal.module)), "code": JSON(refusal.code),
            "name": .string(refusal.name), "detail": .string(refusal.detail),
        ]
    }

    /// What became of a transaction.
    init(_ outcome: TransactionOutcome) {
        self = [
            "hash": JSON(outcome.hash), "height": JSON(outcome.height),
            "index": JSON(outcome.index), "verdict": .string(outcome.verdictName),
            "fee": JSON(outcome.feeCharged), "refusal": outcome.refusal.map(JSON.init) ?? .null,
        ]
    }
}

extension TransactionOutcome {
    /// `applied`, `refused` (only the fee took effect) or `skipped` (nothing did).
    var verdictName: String {
        switch verdict {
        case .applied: "applied"
        case .refused: "refused"
        case .skipped: "skipped"
        }
    }
}
