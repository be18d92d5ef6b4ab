// SPDX-License-Identifier: Apache-2.0
import Ledger

/// Why this module says no; raw values are stable codes.
public enum ReputationRefusal: UInt16, CaseIterable, Sendable {
    /// The module takes no messages.
    case noMessages = 1

    /// The stable name people and programs see.
    public var name: String { "\(self)" }
}

extension Refusal {
    static func reputation(_ reason: ReputationRefusal, _ detail: String) -> Refusal {
        Refusal(module: .reputation, code: reason.rawValue, name: reason.name, detail: detail)
    }
}
