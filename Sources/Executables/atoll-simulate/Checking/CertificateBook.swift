// SPDX-License-Identifier: Apache-2.0
import Consensus
import Vocabulary

/// All certificates that anybody held: of each kind one a slot, and none beside a contradiction.
struct CertificateBook {
    private var slots: [Slot: [Statement]] = [:]

    /// Remembers what a certificate proves.
    ///
    /// - Returns: What is proved too and cannot be true beside it.
    mutating func add(_ statement: Statement) -> Statement? {
        let known = slots[statement.slot] ?? []
        guard !known.contains(statement) else { return nil }
        slots[statement.slot] = known + [statement]
        return known.first { excludes($0, statement) }
    }

    /// Beyond what one validator may not sign: a final block has no notarized rival.
    private func excludes(_ one: Statement, _ other: Statement) -> Bool {
        if one.contradicts(other) { return true }
        guard let block = one.block, let rival = other.block else { return false }
        return block != rival
    }
}
