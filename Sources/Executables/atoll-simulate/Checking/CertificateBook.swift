// SPDX-License-Identifier: Apache-2.0
import Consensus
import Vocabulary

/// A slot of an epoch: slots of two epochs may have the same number.
struct EpochSlot: Hashable, Comparable {
    let epoch: Epoch
    let slot: Slot

    init(_ epoch: Epoch, _ slot: Slot) {
        self.epoch = epoch
        self.slot = slot
    }

    static func < (left: EpochSlot, right: EpochSlot) -> Bool {
        (left.epoch, left.slot) < (right.epoch, right.slot)
    }
}

/// All certificates that anybody held: of each kind one a slot, and none beside a contradiction.
struct CertificateBook {
    private var slots: [EpochSlot: [Statement]] = [:]

    /// Remembers what a certificate proves.
    ///
    /// - Returns: What is proved too and cannot be true beside it.
    mutating func add(_ statement: Statement, in epoch: Epoch) -> Statement? {
        let place = EpochSlot(epoch, statement.slot)
        let known = slots[place] ?? []
        guard !known.contains(statement) else { return nil }
        slots[place] = known + [statement]
        return known.first { excludes($0, statement) }
    }

    /// Beyond what one validator may not sign: a final block has no notarized rival.
    private func excludes(_ one: Statement, _ other: Statement) -> Bool {
        if one.contradicts(other) { return true }
        guard let block = one.block, let rival = other.block else { return false }
        return block != rival
    }
}
