// SPDX-License-Identifier: Apache-2.0
import Ledger

/// Why this module says no; raw values are stable codes.
public enum RevenueRefusal: UInt16, CaseIterable, Sendable {
    /// The payload is not a message.
    case malformedMessage = 1
    /// The account has no bond as an orchestrator.
    case notOrchestrator = 2
    /// Nobody arranges its own work for a share of it.
    case oneself = 3

    /// The stable name people and programs see.
    public var name: String { "\(self)" }
}

extension Refusal {
    static func revenue(_ reason: RevenueRefusal, _ detail: String) -> Refusal {
        Refusal(module: .revenue, code: reason.rawValue, name: reason.name, detail: detail)
    }
}
