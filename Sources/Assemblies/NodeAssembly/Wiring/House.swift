// SPDX-License-Identifier: Apache-2.0
import Accounts
import Exchange
import Governance
import Identities
import Leases
import Ledger
import Mandates
import Market
import Names
import Registry
import Reputation
import Revenue
import Staking
import Treasury
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
    /// Bonds, delegations and their rewards.
    public let staking: StakingModule
    /// Common money.
    public let treasury: TreasuryModule
    /// Law about law.
    public let governance: GovernanceModule
    /// Swaps of assets.
    public let exchange: ExchangeModule
    /// Long-running work.
    public let leases: LeasesModule
    /// How fees and payments are divided.
    public let revenue: RevenueModule
    /// Identities and issuers.
    public let identities: IdentitiesModule
    /// Names that people read.
    public let names: NamesModule
    /// Who may act for whom.
    public let mandates: MandatesModule

    /// The newest version of the rules that these rooms know (UPGRADES-1).
    public static let rulesNewest: UInt32 = 3
    /// The version that division of fees and payments came with.
    static let rulesOfRevenue: UInt32 = 2

    /// The modules in the order of their numbers.
    public let modules: [any LedgerModule]

    /// Introduces the modules to each other.
    public init() { self.init(with: []) }

    /// Introduces the modules to each other, with others in the place of some of the same number.
    init(with substitutes: [any LedgerModule]) {
        accounts = AccountsModule()
        reputation = ReputationModule()
        registry = RegistryModule(bank: BondsInEscrow(accounts: accounts))
        // Governance at the door, without the power to do what passed: so other modules see it.
        let ballots = BallotsInEscrow(accounts: accounts)
        let voters = GovernanceModule(
            bank: ballots, stakes: StakesOfVoters(), desk: LawInHouse(modules: []))
        staking = StakingModule(
            bank: StakesInPurses(accounts: accounts), validators: ValidatorsWithBacking(),
            watcher: VotesFollowStake(governance: voters), conduct: ConductInHouse())
        validators = ValidatorsModule(
            bank: StakesInEscrow(accounts: accounts),
            backers: PoolsBehindValidators(staking: staking))
        identities = IdentitiesModule(
            bank: IssuersInEscrow(accounts: accounts), law: GovernanceKeys.account,
            rules: RulesOfGovernance(), watcher: VotesFollowPersons(governance: voters))
        revenue = RevenueModule(
            bank: RevenueInEscrow(accounts: accounts),
            people: PeopleOfRevenue(registry: registry, reputation: reputation))
        market = MarketModule(
            bank: OrdersInEscrow(accounts: accounts),
            providers: RegisteredProviders(registry: registry),
            evidence: EvidenceInReputation(reputation: reputation),
            authority: AuthorisedContracts(),
            payments: DividedPayments(accounts: accounts, revenue: revenue))
        names = NamesModule(
            bank: BidsInEscrow(accounts: accounts), speakers: SpeakersOfIdentities())
        exchange = ExchangeModule(
            bank: VaultsInEscrow(accounts: accounts), law: GovernanceKeys.account)
        leases = LeasesModule(
            bank: LeasesInEscrow(accounts: accounts, revenue: revenue),
            providers: RegisteredLessors(registry: registry),
            evidence: LeasesInReputation(reputation: reputation), authority: AuthorisedTenants())
        let standard: [any LedgerModule] = [
            accounts, registry, market, reputation, validators, staking,
            ModuleSince(first: 2, inner: exchange), ModuleSince(first: 3, inner: leases),
            ModuleSince(first: Self.rulesOfRevenue, inner: revenue), identities, names,
        ]
        // A decision cannot make another happen, so the inner treasury decides nothing.
        let chests = ChestsInEscrow(accounts: accounts)
        let persons = PersonsOfIssuers()
        let pools = TreasuryModule(
            bank: chests, dispatcher: AgreedMessages(modules: []), persons: persons)
        treasury = TreasuryModule(
            bank: chests, dispatcher: AgreedMessages(modules: standard + [pools, voters]),
            persons: persons)
        governance = GovernanceModule(
            bank: ballots, stakes: StakesOfVoters(),
            desk: LawInHouse(modules: standard + [treasury, voters]))
        let known = Self.replacing(standard + [treasury, governance], with: substitutes)
        mandates = MandatesModule(
            desk: PrincipalMessages(accounts: accounts, modules: known),
            identities: SpeakersOfIdentities())
        modules = Self.replacing(known + [mandates], with: substitutes)
    }

    private static func replacing(
        _ modules: [any LedgerModule], with substitutes: [any LedgerModule]
    ) -> [any LedgerModule] {
        let taken = substitutes.map(\.id)
        return (modules.filter { !taken.contains($0.id) } + substitutes).sorted { $0.id < $1.id }
    }

    /// Who keeps nonces and charges fees.
    public var fees: any FeeBook { SponsoredFees(accounts: accounts, mandates: mandates) }
}
