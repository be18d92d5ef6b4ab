// SPDX-License-Identifier: Apache-2.0
import Accounts
import Identities
import Ledger
import Market
import Registry
import Reputation
import Validators

/// The rooms of law on one chain, introduced to each other: the only place where modules meet.
public struct House: Sendable {
    /// Balances, escrows, fees.
    public let accounts: AccountsModule
    /// Providers.
    public let registry: RegistryModule
    /// Orders.
    public let market: MarketModule
    /// Evidence.
    public let reputation: ReputationModule
    /// Who votes.
    public let validators: ValidatorsModule
    /// Identities and issuers.
    public let identities: IdentitiesModule

    /// Modules that stand in the place of those with the same number.
    private let substitutes: [any LedgerModule]

    /// Introduces the modules to each other.
    public init() { self.init(with: []) }

    /// Introduces the modules to each other, with others in the place of some.
    init(with substitutes: [any LedgerModule]) {
        self.substitutes = substitutes.sorted { $0.id < $1.id }
        accounts = AccountsModule()
        reputation = ReputationModule()
        registry = RegistryModule(bank: BondsInEscrow(accounts: accounts))
        validators = ValidatorsModule(bank: StakesInEscrow(accounts: accounts))
        identities = IdentitiesModule(bank: IssuersInEscrow(accounts: accounts))
        market = MarketModule(
            bank: OrdersInEscrow(accounts: accounts),
            providers: RegisteredProviders(registry: registry),
            evidence: EvidenceInReputation(reputation: reputation))
    }

    /// The modules in the order of their numbers.
    public var modules: [any LedgerModule] {
        let standard: [any LedgerModule] = [
            accounts, registry, market, reputation, validators, identities,
        ]
        let taken = substitutes.map(\.id)
        return (standard.filter { !taken.contains($0.id) } + substitutes).sorted { $0.id < $1.id }
    }

    /// Who keeps nonces and charges fees.
    public var fees: any FeeBook { accounts }
}
