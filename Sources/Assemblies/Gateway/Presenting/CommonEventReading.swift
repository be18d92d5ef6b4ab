// SPDX-License-Identifier: Apache-2.0
import Exchange
import Governance
import JSONText
import Ledger
import Revenue
import Treasury
import Vocabulary

extension EventReading {
    /// Reads an event of common money.
    init?(treasury event: Event) {
        guard let kind = TreasuryEventKind(rawValue: event.kind),
            let note = try? TreasuryNote(canonicalBytes: event.payload)
        else { return nil }
        self.init(name: "\(kind)")
        accounts = [note.account]
        members = [
            ("number", JSON(note.number)), ("account", JSON(note.account)),
            ("asset", JSON(note.asset)), ("amount", JSON(note.amount)),
        ]
    }

    /// Reads an event of pools and windows.
    init?(exchange event: Event) {
        guard let kind = ExchangeEventKind(rawValue: event.kind),
            let note = try? ExchangeNote(canonicalBytes: event.payload)
        else { return nil }
        self.init(name: "\(kind)")
        accounts = [note.account]
        members = [
            ("pool", JSON(note.pool)), ("account", JSON(note.account)),
            ("asset", JSON(note.asset)), ("amount", JSON(note.amount)),
            ("otherAsset", JSON(note.otherAsset)), ("otherAmount", JSON(note.otherAmount)),
        ]
    }

    /// Reads an event of fees and payments.
    init?(revenue event: Event) {
        guard let kind = RevenueEventKind(rawValue: event.kind),
            let note = try? RevenueNote(canonicalBytes: event.payload)
        else { return nil }
        self.init(name: "\(kind)")
        accounts = [note.account, note.other]
        members = [
            ("account", JSON(note.account)), ("other", JSON(note.other)),
            ("asset", JSON(note.asset)), ("amount", JSON(note.amount)),
            ("parts", .array(note.parts.map { JSON($0) })),
        ]
    }

    /// Reads an event of proposals and votes.
    init?(governance event: Event) {
        guard let kind = GovernanceEventKind(rawValue: event.kind),
            let note = try? GovernanceNote(canonicalBytes: event.payload)
        else { return nil }
        self.init(name: "\(kind)")
        accounts = [note.account]
        members = [
            ("number", JSON(note.number)), ("account", JSON(note.account)),
            ("weight", JSON(Amount(note.weight))), ("detail", .string(note.detail)),
        ]
    }
}
