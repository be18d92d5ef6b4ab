// SPDX-License-Identifier: Apache-2.0
import JSONText
import Registry
import Reputation
import Vocabulary

extension JSON {
    /// A provider as the registry knows it.
    init(_ provider: Provider) {
        let terms = provider.terms
        self = JSON(members: [
            ("account", JSON(provider.account)), ("publicKey", JSON(provider.peer)),
            ("endpoint", .string(terms.endpoint)), ("state", .string(provider.status.name)),
            ("until", provider.status.until.map { JSON($0) }),
            ("capabilities", .array(terms.capabilities.map { .string($0) })),
            ("basePrice", JSON(terms.basePrice)),
            ("pricePerMillionFuel", JSON(terms.pricePerMillionFuel)),
            ("slots", JSON(terms.slots)), ("bond", JSON(provider.bond)),
            ("slashed", JSON(provider.slashed)), ("sinceHeight", JSON(provider.since)),
        ])
    }

    /// A provider and what is known of its conduct.
    init(_ provider: Provider, _ standing: Standing) {
        let faults: [EvidenceKind] = [.lied, .abandoned, .timedOut]
        self = JSON(provider).adding([
            ("score", JSON(standing.score)),
            ("completed", JSON(standing.count(of: .completed))),
            ("faults", JSON(faults.reduce(0) { $0 + standing.count(of: $1) })),
        ])
    }
}

extension ProviderStatus {
    /// The stable name of the state.
    var name: String {
        switch self {
        case .bonded: "bonded"
        case .paused: "paused"
        case .jailed: "jailed"
        case .unbonding: "unbonding"
        case .withdrawn: "withdrawn"
        }
    }

    /// Until when it lasts at least.
    var until: Timestamp? {
        switch self {
        case .jailed(let until), .unbonding(let until): until
        case .bonded, .paused, .withdrawn: nil
        }
    }
}
