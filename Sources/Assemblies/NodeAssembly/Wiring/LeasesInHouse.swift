// SPDX-License-Identifier: Apache-2.0
import Accounts
import Leases
import Ledger
import Mandates
import Registry
import Reputation
import Revenue
import Vocabulary

/// What tenants set aside for leases, as escrows of the accounts module.
struct LeasesInEscrow: LeaseBank {
    let accounts: AccountsModule
    let revenue: RevenueModule

    func hold(
        _ amount: Amount, of asset: AssetID, from account: AccountID, for lease: LeaseID,
        in context: ExecutionContext
    ) throws(Refusal) {
        try accounts.hold(amount, of: asset, from: account, as: key(lease), in: context)
    }

    func pay(_ payment: LeasePayment, in context: ExecutionContext) throws(Refusal) {
        guard payment.amount > .zero else { return }
        let work = WorkPayment(
            payment.amount, of: payment.asset, from: payment.tenant, to: payment.provider,
            service: "leases")
        guard revenue.divides(work, in: context) else {
            return try release(
                payment.amount, of: payment.lease, to: payment.provider, in: context)
        }
        try accounts.move(
            payment.amount, from: key(payment.lease),
            into: RevenueInEscrow.purse(payment.asset), in: context)
        try revenue.divide(work, in: context)
    }

    func release(
        _ amount: Amount, of lease: LeaseID, to account: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        try accounts.release(amount, from: key(lease), to: account, in: context)
    }

    func balance(of lease: LeaseID, in state: any StateReader) -> Amount {
        accounts.escrow(key(lease), in: state)?.amount ?? .zero
    }

    private func key(_ lease: LeaseID) -> EscrowKey { EscrowKey(module: .leases, id: lease.raw) }
}

/// Providers and their bonds as the registry knows them, in the words of leases.
struct RegisteredLessors: LeaseProviders {
    let registry: RegistryModule

    func backing(of account: AccountID, in state: any StateReader) -> ProviderBacking? {
        registry.provider(account, in: state).map {
            ProviderBacking(isActive: $0.isActive, bond: $0.bond)
        }
    }

    func slash(
        _ provider: AccountID, partsPerMillion: UInt64, to account: AccountID?,
        in context: ExecutionContext
    ) -> Amount {
        var taken = Amount.zero
        // A slash that the registry refuses must leave nothing half done.
        try? context.atomically { () throws(Refusal) in
            taken = try registry.slash(
                provider, by: .partsPerMillion(UInt32(clamping: partsPerMillion)),
                to: account.map { .account($0) } ?? .burnt, reason: "leases", in: context)
        }
        return taken
    }
}

/// How providers dealt with leases, as evidence of the reputation module.
struct LeasesInReputation: LeaseEvidenceBook {
    let reputation: ReputationModule

    func record(
        _ evidence: LeaseEvidence, provider: AccountID, lease: LeaseID,
        in context: ExecutionContext
    ) {
        let kind: EvidenceKind =
            switch evidence {
            case .completed: .completed
            case .abandoned: .abandoned
            case .failed: .timedOut
            case .reclaimed, .undecided: .interrupted
            }
        reputation.record(kind, about: provider, job: JobID(lease.raw), in: context)
    }
}

/// What owners let their machines agree to, in the words of leases (MANDATES-11).
struct AuthorisedTenants: LeaseAuthority {
    func checkContract(
        worth value: Amount, of asset: AssetID, by account: AccountID,
        in context: ExecutionContext
    ) throws(Refusal) {
        try MandatesQueries(context).checkContract(
            worth: value, of: asset, by: account, at: context.block.time)
    }
}
