// SPDX-License-Identifier: Apache-2.0
import Accounts
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

    /// Introduces the modules to each other.
    public init() {
        accounts = AccountsModule()
        reputation = ReputationModule()
        registry = RegistryModule(bank: BondsInEscrow(accounts: accounts))
        validators = ValidatorsModule(bank: StakesInEscrow(accounts: accounts))
        market = MarketModule(
            bank: OrdersInEscrow(accounts: accounts),
            providers: RegisteredProviders(registry: registry),
            evidence: EvidenceInReputation(reputation: reputation))
    }

    /// The modules in the order of their numbers.
    public var modules: [any LedgerModule] {
        [accounts, registry, market, reputation, validators]
    }

    /// Who keeps nonces and charges fees.
    public var fees: any FeeBook { accounts }
}
