// SPDX-License-Identifier: Apache-2.0
import Accounts
import Cryptography
import Ledger
import Market
import Registry
import Reputation
import Revenue
import Staking
import Treasury
import Vocabulary

/// What is to be divided as escrows of the accounts module, and where its parts go.
struct RevenueInEscrow: RevenueBank {
    let accounts: AccountsModule

    func balance(of account: AccountID, in state: any StateReader) -> Amount {
        accounts.balance(of: account, in: state)
    }

    func collect(
        _ amount: Amount, from account: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        try accounts.hold(
            amount, of: .native, from: account, as: Self.purse(.native), in: context)
    }

    func purse(of asset: AssetID, in state: any StateReader) -> Amount {
        accounts.escrow(Self.purse(asset), in: state)?.amount ?? .zero
    }

    func pay(
        _ amount: Amount, of asset: AssetID, to account: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        try accounts.release(amount, from: Self.purse(asset), to: account, in: context)
    }

    func burn(
        _ amount: Amount, of asset: AssetID, in context: ExecutionContext
    ) throws(Refusal) {
        try accounts.burn(amount, from: Self.purse(asset), in: context)
    }

    func give(
        _ amount: Amount, of asset: AssetID, toPool pool: UInt64, in context: ExecutionContext
    ) throws(Refusal) {
        try accounts.move(
            amount, from: Self.purse(asset), into: Self.chest(pool, asset), in: context)
    }

    func giveValidators(_ amount: Amount, in context: ExecutionContext) throws(Refusal) {
        try accounts.move(
            amount, from: Self.purse(.native), into: StakesInPurses.key(.penalties), in: context)
    }

    func hasPool(_ pool: UInt64, in state: any StateReader) -> Bool {
        TreasuryQueries(state).pool(pool) != nil
    }

    func held(of asset: AssetID, byPool pool: UInt64, in state: any StateReader) -> Amount {
        accounts.escrow(Self.chest(pool, asset), in: state)?.amount ?? .zero
    }

    func payWork(
        _ amount: Amount, of asset: AssetID, fromPool pool: UInt64, to account: AccountID,
        in context: ExecutionContext
    ) throws(Refusal) {
        try accounts.release(amount, from: Self.chest(pool, asset), to: account, in: context)
    }

    private static func chest(_ pool: UInt64, _ asset: AssetID) -> EscrowKey {
        EscrowKey(module: .treasury, id: Chest(.pool(pool), asset).id)
    }

    /// An escrow holds one asset, so each has its own.
    static func purse(_ asset: AssetID) -> EscrowKey {
        var encoder = CanonicalEncoder(capacity: 32)
        encoder.writeFixed(Array("atoll/revenue-purse/1".utf8) + [0])
        encoder.write(asset)
        return EscrowKey(module: .revenue, id: SHA256.hash(encoder.bytes).raw)
    }
}

/// Orchestrators, reputations and machines as the module Revenue sees them.
struct PeopleOfRevenue: RevenuePeople {
    let registry: RegistryModule
    let reputation: ReputationModule

    func isOrchestrator(_ account: AccountID, in state: any StateReader) -> Bool {
        StakingQueries(state).bond(.orchestrator, of: account)?.status == .bonded
    }

    func reputation(of provider: AccountID, in state: any StateReader) -> UInt64 {
        UInt64(reputation.standing(of: provider, in: state).score) * 1_000_000
            / UInt64(ReputationWeights.scoreMax)
    }

    func capabilities(of provider: AccountID, in state: any StateReader) -> [String] {
        registry.provider(provider, in: state)?.terms.capabilities ?? []
    }
}

/// What clients pay for work, divided as the module Revenue says; whole where it does not, or
/// where the rules are older.
struct DividedPayments: PaymentDesk {
    let accounts: AccountsModule
    let revenue: RevenueModule
    private let rules = RulesOfGovernance()

    init(accounts: AccountsModule, revenue: RevenueModule) {
        self.accounts = accounts
        self.revenue = revenue
    }

    func pay(
        _ payment: JobPayment, from escrow: Bytes32, in context: ExecutionContext
    ) throws(Refusal) {
        let source = EscrowKey(module: .market, id: escrow)
        let work = WorkPayment(
            payment.amount, of: payment.asset, from: payment.client, to: payment.provider,
            service: "jobs")
        guard rules.version(in: context) >= House.rulesOfRevenue,
            revenue.divides(work, in: context)
        else {
            return try accounts.release(
                payment.amount, from: source, to: payment.provider, in: context)
        }
        try accounts.move(
            payment.amount, from: source, into: RevenueInEscrow.purse(payment.asset), in: context)
        try revenue.divide(work, in: context)
        guard payment.asset == .native else { return }
        revenue.payWork(
            "compute", quantity: revenue.hours(ofFuel: payment.fuel.value, in: context),
            paid: payment.amount, to: payment.provider, in: context)
    }
}
