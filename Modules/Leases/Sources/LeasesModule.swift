// SPDX-License-Identifier: Apache-2.0
public import JSONText
public import Ledger
public import Vocabulary

/// The room of long-running work: capacity, held bids, leases, usage, standbys (README.md is its
/// law).
public struct LeasesModule: LedgerModule {
    /// The module's number.
    public let id = ModuleID.leases
    /// The module's name.
    public let name = "leases"

    let bank: any LeaseBank
    let providers: any LeaseProviders
    let evidence: any LeaseEvidenceBook
    let authority: any LeaseAuthority

    /// Wires the module to what it needs of others.
    public init(
        bank: any LeaseBank, providers: any LeaseProviders, evidence: any LeaseEvidenceBook,
        authority: any LeaseAuthority = FreeTenants()
    ) {
        self.bank = bank
        self.providers = providers
        self.evidence = evidence
        self.authority = authority
    }

    /// Decides one message.
    ///
    /// - Throws: A ``LeasesRefusal`` as a ``Refusal``, or what the bank refuses.
    public func execute(
        _ payload: [UInt8], from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        let desk = LeasesDesk(self, in: context)
        switch try LeasesMessage.read(payload) {
        case .declareCapacity(let message): try desk.declareCapacity(message, from: sender)
        case .openLease(let message): try desk.openLease(message, from: sender)
        case .bidForLease(let message): try desk.bidForLease(message, from: sender)
        case .acceptBids(let message): try desk.acceptBids(message, from: sender)
        case .startLease(let message): try desk.startLease(message, from: sender)
        case .renewLeases(let message): try desk.renewLeases(message, from: sender)
        case .settleUsage(let message): try desk.settleUsage(message, from: sender)
        case .claimBase(let message): try desk.claimBase(message, from: sender)
        case .contestClaim(let message): try desk.contestClaim(message, from: sender)
        case .topUpLease(let message): try desk.topUpLease(message, from: sender)
        case .reportSnapshot(let message): try desk.reportSnapshot(message, from: sender)
        case .takeOverLease(let message): try desk.takeOverLease(message, from: sender)
        case .noticeReclaim(let message): try desk.noticeReclaim(message, from: sender)
        case .closeLease(let message): try desk.closeLease(message, from: sender)
        case .endStandby(let message): try desk.endStandby(message, from: sender)
        case .updateManifest(let message): try desk.updateManifest(message, from: sender)
        }
    }

    /// The deployment of a lease that is opened, the lease of any other message about one.
    public func resources(of payload: [UInt8]) -> [Bytes32]? {
        guard let message = try? LeasesMessage(canonicalBytes: payload) else { return nil }
        switch message {
        case .openLease(let order): return [order.terms.deployment]
        case .renewLeases(let renewals): return renewals.leases.map(\.lease.raw)
        default: return message.lease.map { [$0.raw] } ?? []
        }
    }

    /// Tenants and providers find what concerns them.
    public func parties(to event: Event) -> [Bytes32] {
        guard let read = try? LeasesEvent(event) else { return [] }
        let others = [read.note.account.raw] + (read.note.other.map { [$0.raw] } ?? [])
        return others.filter { $0 != event.subject }
    }

    /// Handles leases whose time has come (LEASES-19).
    public func endBlock(in context: ExecutionContext) {
        LeasesDesk(self, in: context).handleDueLeases()
    }

    /// Writes the figures of `/modules/leases`.
    public func initialise(
        from genesis: JSON, in context: ExecutionContext
    ) throws(GenesisFailure) {
        try adjust(to: genesis, in: context)
    }

    /// Checks the leases and capacities that the block changed (LEASES-20).
    public func breaches(after block: ExecutionContext) -> [String] {
        LeasesInvariants(bank: bank).breaches(after: block)
    }

    /// Checks every lease, capacity and index (LEASES-20).
    public func breaches(in state: any StateReader) -> [String] {
        LeasesInvariants(bank: bank).breaches(in: state)
    }
}

extension LeasesModule: AdjustableModule {
    /// The figures that hold.
    public func figures(in state: any StateReader) -> JSON { state.leasesParameters.json }

    /// Sets all figures.
    ///
    /// - Throws: ``GenesisFailure`` with the first that is out of its range; nothing has changed.
    public func adjust(to figures: JSON, in context: ExecutionContext) throws(GenesisFailure) {
        let parameters = try LeasesParameters(
            GenesisObject(figures, at: "", known: LeasesParameters.names))
        context.set(.leases, LeasesKeys.parameters, parameters.canonicalBytes)
    }
}
