// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// What the market asks of whoever keeps balances: sums set aside under a thirty-two-byte name.
///
/// An escrow holds one asset: the first that was put into it.
public protocol EscrowBank: Sendable {
    /// Moves `amount` from an account into an escrow.
    ///
    /// - Throws: A ``Refusal`` when the account cannot spend it, or the asset does not exist.
    func hold(
        from account: AccountID, asset: AssetID, amount: Amount, escrow: Bytes32,
        in context: ExecutionContext
    ) throws(Refusal)

    /// Moves `amount` out of an escrow to an account.
    ///
    /// - Throws: A ``Refusal`` only when the escrow holds less; the market never asks for more.
    func release(
        escrow: Bytes32, to account: AccountID, amount: Amount, in context: ExecutionContext
    ) throws(Refusal)

    /// Destroys `amount` of an escrow; the named reason is a slashed bond.
    ///
    /// - Throws: A ``Refusal`` only when the escrow holds less; the market never asks for more.
    func burn(escrow: Bytes32, amount: Amount, in context: ExecutionContext) throws(Refusal)

    /// What an escrow holds.
    func balance(of escrow: Bytes32, in state: any StateReader) -> Amount
}

/// What the market asks of whoever divides payments for work.
public protocol PaymentDesk: Sendable {
    /// Pays for work out of an escrow: what is paid leaves it wholly, to the provider and to
    /// whoever else has a share.
    ///
    /// - Throws: A ``Refusal`` only when the escrow holds less; the market never asks for more.
    func pay(
        _ payment: JobPayment, from escrow: Bytes32, in context: ExecutionContext
    ) throws(Refusal)
}

/// What a client pays one provider for a job, as the receipt says it.
public struct JobPayment: Hashable, Sendable {
    /// Who did the work.
    public let provider: AccountID
    /// Who pays.
    public let client: AccountID
    /// How much.
    public let amount: Amount
    /// Of which asset.
    public let asset: AssetID
    /// What was used; nothing where only a price's base is paid.
    public let fuel: Fuel
}

/// Everything is the provider's.
struct WholePayments: PaymentDesk {
    let bank: any EscrowBank

    func pay(
        _ payment: JobPayment, from escrow: Bytes32, in context: ExecutionContext
    ) throws(Refusal) {
        try bank.release(
            escrow: escrow, to: payment.provider, amount: payment.amount, in: context)
    }
}

/// What the market asks of whoever knows the providers.
public protocol ProviderDirectory: Sendable {
    /// What a provider offers, or nothing when the account is no provider.
    func offer(of account: AccountID, in state: any StateReader) -> ProviderOffer?

    /// Takes so many parts per million of a provider's bond, rounded down, into an escrow in the
    /// native asset, whether the provider is active or not.
    ///
    /// - Returns: What was taken: zero when there is no bond. It never refuses, or a provider
    ///   without a bond could hold up everybody else's settlement.
    func slash(
        _ provider: AccountID, partsPerMillion: UInt32, into escrow: Bytes32,
        in context: ExecutionContext
    ) -> Amount
}

/// What a provider offers.
public struct ProviderOffer: Hashable, Sendable {
    /// Whether it takes new work.
    public let isActive: Bool
    /// Its posted price, in the native asset.
    public let price: Price
    /// How many jobs it may have bid on or run at once.
    public let slots: UInt32

    /// Joins the fields.
    public init(isActive: Bool, price: Price, slots: UInt32) {
        self.isActive = isActive
        self.price = price
        self.slots = slots
    }
}

/// What the market asks of whoever keeps evidence about providers.
public protocol EvidenceBook: Sendable {
    /// Notes how a provider dealt with a job: once for every lease that ended.
    func record(
        _ evidence: ProviderEvidence, provider: AccountID, job: JobID, in context: ExecutionContext)
}

/// What the market asks of whoever knows what accounts may agree to.
public protocol ContractAuthority: Sendable {
    /// Checks that an account may agree to a contract: open an order worth `value`, or bid on one.
    ///
    /// - Throws: A ``Refusal`` when whoever owns it allows less, or nothing.
    func checkContract(
        worth value: Amount, of asset: AssetID, by account: AccountID,
        in context: ExecutionContext
    ) throws(Refusal)
}

/// Everybody agrees to what they want: a market without owners.
public struct FreeContracts: ContractAuthority {
    /// Creates it.
    public init() {}
    /// Allows it.
    public func checkContract(
        worth value: Amount, of asset: AssetID, by account: AccountID,
        in context: ExecutionContext
    ) throws(Refusal) {}
}

/// How a provider dealt with a job.
public enum ProviderEvidence: UInt8, Hashable, Sendable, CaseIterable {
    /// It gave the accepted result and was paid.
    case completed = 0
    /// Its result contradicts a strict majority.
    case lied = 1
    /// It handed its lease back.
    case abandoned = 2
    /// It let its lease run out.
    case timedOut = 3
    /// It gave a result, but the results had no majority.
    case undetermined = 4
    /// The order ended through no fault of the provider before its work was accepted.
    case interrupted = 5
}
