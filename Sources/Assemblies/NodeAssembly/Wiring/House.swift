// SPDX-License-Identifier: Apache-2.0
import Accounts
import Ledger
import Market
import Registry
import Reputation

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

    /// Introduces the modules to each other.
    public init() {
        accounts = AccountsModule()
        reputation = ReputationModule()
        registry = RegistryModule(bank: BondsInEscrow(accounts: accounts))
        market = MarketModule(
            bank: OrdersInEscrow(accounts: accounts),
            providers: RegisteredProviders(registry: registry),
            evidence: EvidenceInReputation(reputation: reputation))
    }

    /// The modules in the order of their numbers.
    public var modules: [any LedgerModule] { [accounts, registry, market, reputation] }

    /// Who keeps nonces and charges fees.
    public var fees: any FeeBook { accounts }
}
