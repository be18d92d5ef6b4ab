// SPDX-License-Identifier: Apache-2.0
import Accounts
import Ledger
import Mandates
import Revenue
import Vocabulary

/// The fees of the accounts module, paid by a principal where a delegate's mandate says so
/// (MANDATES-9).
struct SponsoredFees: AccountBook {
    let accounts: AccountsModule
    let mandates: MandatesModule

    var layout: AccountLayout { accounts.layout }

    func hasAsset(_ asset: AssetID, in state: any StateReader) -> Bool {
        accounts.hasAsset(asset, in: state)
    }

    func refusal(of problem: NativeProblem) -> Refusal { accounts.refusal(of: problem) }

    func nextNonce(of account: AccountID, in state: any StateReader) -> UInt64 {
        accounts.nextNonce(of: account, in: state)
    }

    func spendable(by account: AccountID, in state: any StateReader) -> Amount {
        accounts.spendable(by: account, in: state)
    }

    func advanceNonce(of account: AccountID, in context: ExecutionContext) {
        accounts.advanceNonce(of: account, in: context)
    }

    func charge(
        _ fee: Amount, to payer: AccountID, for receiver: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        try accounts.charge(fee, to: payer, for: receiver, in: context)
    }

    /// The collector where the module Revenue divides fees (REVENUE-1).
    func receiver(of proposer: AccountID, in state: any StateReader) -> AccountID {
        guard RulesOfGovernance().version(in: state) >= House.rulesOfRevenue else {
            return proposer
        }
        return RevenueQueries(state).collector(for: proposer)
    }

    func payer(
        of transaction: CheckedTransaction, fee: Amount, at now: Timestamp,
        in state: any StateReader
    ) throws(Refusal) -> AccountID {
        let messages = transaction.transaction.messages
        guard let mandate = MandatesModule.sponsor(of: messages) else { return transaction.account }
        return try mandates.payer(
            of: fee, under: mandate, for: messages, from: transaction.account, at: now, in: state)
    }

    func noteFee(
        _ fee: Amount, paidFor transaction: CheckedTransaction, in context: ExecutionContext
    ) throws(Refusal) {
        guard let mandate = MandatesModule.sponsor(of: transaction.transaction.messages) else {
            return
        }
        try mandates.chargeFee(fee, under: mandate, in: context)
    }
}
