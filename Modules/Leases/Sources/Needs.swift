// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// What leases ask of whoever keeps balances: sums set aside under the name of a lease, each in
/// the asset that was put in first.
public protocol LeaseBank: Sendable {
    /// Moves `amount` from an account into a lease's escrow.
    ///
    /// - Throws: A ``Refusal`` when the account cannot spend it, or the asset does not exist.
    func hold(
        _ amount: Amount, of asset: AssetID, from account: AccountID, for lease: LeaseID,
        in context: ExecutionContext
    ) throws(Refusal)

    /// Pays a provider out of a lease's escrow, as payments for work are divided; zero does
    /// nothing.
    ///
    /// - Throws: A ``Refusal`` when the money cannot move; nothing has moved then.
    func pay(_ payment: LeasePayment, in context: ExecutionContext) throws(Refusal)

    /// Gives `amount` of a lease's escrow back to an account; zero does nothing.
    ///
    /// - Throws: A ``Refusal`` when the account can hold no more; a lease never asks for more than
    ///   its escrow has.
    func release(
        _ amount: Amount, of lease: LeaseID, to account: AccountID, in context: ExecutionContext
    ) throws(Refusal)

    /// What a lease's escrow holds.
    func balance(of lease: LeaseID, in state: any StateReader) -> Amount
}

/// What a provider is paid for a lease.
public struct LeasePayment: Hashable, Sendable {
    /// The lease.
    public let lease: LeaseID
    /// Who pays.
    public let tenant: AccountID
    /// Who worked or stood by.
    public let provider: AccountID
    /// In which asset.
    public let asset: AssetID
    /// How much.
    public let amount: Amount

    /// Joins the fields.
    public init(
        lease: LeaseID, tenant: AccountID, provider: AccountID, asset: AssetID, amount: Amount
    ) {
        self.lease = lease
        self.tenant = tenant
        self.provider = provider
        self.asset = asset
        self.amount = amount
    }
}

/// What leases ask of whoever knows the providers and keeps their bonds.
public protocol LeaseProviders: Sendable {
    /// What backs a provider, or nothing when the account is no provider.
    func backing(of account: AccountID, in state: any StateReader) -> ProviderBacking?

    /// Takes so many parts per million of a provider's bond, rounded down; they go to an account,
    /// or end when there is none.
    ///
    /// - Returns: What was taken: zero when there is no bond. It never refuses, or a provider
    ///   without a bond could hold up a lease's end.
    func slash(
        _ provider: AccountID, partsPerMillion: UInt64, to account: AccountID?,
        in context: ExecutionContext
    ) -> Amount
}

/// What backs a provider.
public struct ProviderBacking: Hashable, Sendable {
    /// Whether it takes new work.
    public let isActive: Bool
    /// Its bond, in the native asset.
    public let bond: Amount

    /// Joins the fields.
    public init(isActive: Bool, bond: Amount) {
        self.isActive = isActive
        self.bond = bond
    }
}

/// What leases ask of whoever keeps evidence about providers.
public protocol LeaseEvidenceBook: Sendable {
    /// Notes how a provider dealt with a lease: once for every provider that ran it.
    func record(
        _ evidence: LeaseEvidence, provider: AccountID, lease: LeaseID,
        in context: ExecutionContext)
}

/// How a provider dealt with a lease.
public enum LeaseEvidence: UInt8, Hashable, Sendable, ByteCase, CaseIterable {
    /// It ran it until its tenant or its funds ended it.
    case completed = 0
    /// It took it back as it might: after its notice, or a spot lease.
    case reclaimed = 1
    /// It left a reserved lease without notice, or before it began.
    case abandoned = 2
    /// It was silent for too long.
    case failed = 3
    /// It ended through nobody's proven fault.
    case undecided = 4
}

/// What leases ask of whoever knows what accounts may agree to.
public protocol LeaseAuthority: Sendable {
    /// Checks that an account may agree to a contract: a lease of which a period costs `value` at
    /// most.
    ///
    /// - Throws: A ``Refusal`` when whoever owns it allows less, or nothing.
    func checkContract(
        worth value: Amount, of asset: AssetID, by account: AccountID,
        in context: ExecutionContext
    ) throws(Refusal)
}

/// Everybody agrees to what they want: leases without owners.
public struct FreeTenants: LeaseAuthority {
    /// Creates it.
    public init() {}
    /// Allows it.
    public func checkContract(
        worth value: Amount, of asset: AssetID, by account: AccountID,
        in context: ExecutionContext
    ) throws(Refusal) {}
}
