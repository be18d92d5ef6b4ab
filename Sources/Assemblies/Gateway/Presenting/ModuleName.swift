// SPDX-License-Identifier: Apache-2.0
import Ledger

/// What people call the parts of the law.
enum ModuleName {
    /// The name of a module; nothing is the ledger itself, an unknown one is its number.
    static func of(_ module: ModuleID?) -> String {
        switch module {
        case nil, .ledger?: "ledger"
        case .accounts?: "accounts"
        case .registry?: "registry"
        case .market?: "market"
        case .reputation?: "reputation"
        case .validators?: "validators"
        case .staking?: "staking"
        case .treasury?: "treasury"
        case .governance?: "governance"
        case .exchange?: "exchange"
        case .leases?: "leases"
        case .revenue?: "revenue"
        case .identities?: "identities"
        case .names?: "names"
        case .mandates?: "mandates"
        case let other?: "\(other.value)"
        }
    }

    /// The module of a name or of a number in decimal, or nothing.
    static func module(_ text: String) -> ModuleID? {
        let named: [ModuleID] = [
            .ledger, .accounts, .registry, .market, .reputation, .validators,
            .staking, .treasury, .governance, .exchange, .leases, .revenue, .identities, .names,
            .mandates,
        ]
        return named.first { of($0) == text }
            ?? UInt8(text).flatMap { "\($0)" == text ? ModuleID($0) : nil }
    }
}
