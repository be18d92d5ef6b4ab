// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

/// Where one message, or the end of one block, is dealt with: the rules are its verbs.
struct LeasesDesk {
    let bank: any LeaseBank
    let providers: any LeaseProviders
    let evidence: any LeaseEvidenceBook
    let authority: any LeaseAuthority
    let context: ExecutionContext
    let parameters: LeasesParameters
    let book: LeaseBook

    init(_ module: LeasesModule, in context: ExecutionContext) {
        bank = module.bank
        providers = module.providers
        evidence = module.evidence
        authority = module.authority
        self.context = context
        parameters = context.leasesParameters
        book = LeaseBook(context: context, parameters: parameters)
    }

    /// The time of the block.
    var now: Timestamp { context.block.time }

    func emit(_ kind: LeasesEventKind, about lease: LeaseID, _ note: LeaseNote) {
        emit(kind, about: lease.raw, note)
    }

    func emit(_ kind: LeasesEventKind, about subject: Bytes32, _ note: LeaseNote) {
        context.emit(
            Event(
                module: .leases, kind: kind.rawValue, subject: subject,
                payload: note.canonicalBytes))
    }

    /// The live lease a message names.
    func live(_ lease: LeaseID) throws(Refusal) -> LeaseRecord {
        if let record = book.record(lease) { return record }
        guard book.hasEnded(lease) else {
            throw LeasesRefusal.unknownLease.refusal("no lease has the id \(lease)")
        }
        throw LeasesRefusal.leaseClosed.refusal("lease \(lease) has ended")
    }

    /// The lease whose tenant the sender is.
    func live(_ lease: LeaseID, ofTenant sender: AccountID) throws(Refusal) -> LeaseRecord {
        let record = try live(lease)
        guard record.tenant == sender else {
            throw LeasesRefusal.notTenant.refusal("only the tenant may do this")
        }
        return record
    }

    /// The seat of the sender, who must run the lease, under a token that holds (LEASES-15).
    func primary(
        of record: LeaseRecord, _ sender: AccountID, token: FencingToken
    ) throws(Refusal) -> LeaseSeat {
        try check(token, of: record)
        return try primary(of: record, sender)
    }

    /// The seat of the sender, who must run the lease.
    func primary(of record: LeaseRecord, _ sender: AccountID) throws(Refusal) -> LeaseSeat {
        guard let seat = record.primary, seat.provider == sender else {
            throw LeasesRefusal.notPrimary.refusal("\(sender) does not run \(record.lease)")
        }
        return seat
    }

    func check(_ token: FencingToken, of record: LeaseRecord) throws(Refusal) {
        guard token == record.token else {
            throw LeasesRefusal.staleToken.refusal(
                "the token is \(record.token), not \(token): another provider runs the lease")
        }
    }

    func wrongPhase(_ record: LeaseRecord) -> Refusal {
        LeasesRefusal.wrongPhase.refusal("the lease is \(record.phase.name)")
    }

    /// Pays a provider what is owed, at most what there is; tells what was paid.
    @discardableResult
    func pay(
        _ amount: Amount, to provider: AccountID, from record: inout LeaseRecord
    ) throws(Refusal) -> Amount {
        let payment = min(amount, record.funds)
        try bank.pay(
            LeasePayment(
                lease: record.lease, tenant: record.tenant, provider: provider,
                asset: record.asset, amount: payment), in: context)
        record.funds = record.funds.subtracting(payment) ?? .zero
        record.paid = record.paid.addingHeld(payment)
        return payment
    }

    /// Takes a part of a provider's bond and says so.
    func slash(_ provider: AccountID, _ partsPerMillion: UInt64, over lease: LeaseID) {
        guard partsPerMillion > 0 else { return }
        let taken = providers.slash(
            provider, partsPerMillion: partsPerMillion, to: parameters.treasury, in: context)
        emit(.providerSlashed, about: lease, LeaseNote(provider) { $0.amount = taken })
    }
}
