// SPDX-License-Identifier: Apache-2.0
import Accounts
public import Cryptography
public import Ledger
import Staking
import Treasury
public import Vocabulary

/// One payment.
public struct MachinePayment: Hashable, Sendable {
    /// Who is paid.
    public let account: AccountID
    /// How much, in base units.
    public let amount: Amount
    /// Of which asset.
    public let asset: AssetID

    /// Describes a payment.
    public init(to account: AccountID, _ amount: Amount, of asset: AssetID = .native) {
        self.account = account
        self.amount = amount
        self.asset = asset
    }
}

/// What shall be held between two, and when the payee gets which part.
public struct EscrowWish: Hashable, Sendable {
    /// Who is paid.
    public var payee: AccountID
    /// The whole, in base units, taken from the payer when the contract is made.
    public var amount: Amount
    /// Of which asset.
    public var asset = AssetID.native
    /// The milestones' parts in millionths, together a million; usually one for the whole.
    public var milestones: [UInt64] = [1_000_000]
    /// Whether the payer may take back what no milestone has released.
    public var isRevocable = true

    /// An escrow of native units that one milestone releases.
    public init(payee: AccountID, _ amount: Amount) {
        self.payee = payee
        self.amount = amount
    }
}

/// Money that the ledger holds between two, which goes to the payee by milestones.
public struct EscrowContract: Hashable, Sendable {
    /// Its number on the ledger.
    public let number: UInt64
    /// The transaction that made it.
    public let transaction: Digest
}

/// Chronos: what machines pay, hold in escrow, and stake.
public struct Chronos: Sendable {
    /// Signs and sends.
    public let sender: TransactionSender

    /// Joins a gateway, the trusted genesis and the key that pays.
    public init(client: GatewayClient, genesis: Genesis, key: SigningKey) {
        sender = TransactionSender(client: client, genesis: genesis, key: key)
    }

    /// Pays one or many at once, all or nobody; returns when it is final.
    ///
    /// - Throws: ``ClientFailure``.
    public func processPayment(
        _ payments: [MachinePayment]
    ) async throws(ClientFailure) -> SentTransaction {
        let parts = payments.map { Transfer.Part(to: $0.account, $0.amount, of: $0.asset) }
        return try await sender.send([AccountsMessage.transfer(Transfer(parts)).message])
    }

    /// Puts money into escrow: from then on nobody moves it but by the contract's rules.
    ///
    /// - Throws: ``ClientFailure``; ``ClientFailure/refused(_:)`` when the money or the parts do
    ///   not add up.
    public func createEscrowContract(
        _ wish: EscrowWish
    ) async throws(ClientFailure) -> EscrowContract {
        let grant = CreateGrant(
            source: .account(sender.builder.account), receiver: .account(wish.payee),
            asset: wish.asset, amount: wish.amount, schedule: .milestones(wish.milestones),
            isRevocable: wish.isRevocable)
        let sent = try await sender.send([TreasuryMessage.createGrant(grant).message])
        let transaction = sent.outcome.hash
        let created = try await sender.client.happenings(in: transaction).first {
            $0["module"]?.text == "treasury" && $0["name"]?.text == "grantCreated"
        }
        guard let number = created?["number"]?.unsigned else {
            throw .badAnswer("the contract of \(transaction) has no number")
        }
        return EscrowContract(number: number, transaction: transaction)
    }

    /// Finds that a milestone of the payer's contract was reached, and has its part paid out.
    ///
    /// - Throws: ``ClientFailure``; ``ClientFailure/refused(_:)`` for anybody but the payer.
    @discardableResult
    public func releaseEscrow(
        _ contract: UInt64, milestone: UInt8 = 0
    ) async throws(ClientFailure) -> SentTransaction {
        try await sender.send([
            TreasuryMessage.reachMilestone(grant: contract, milestone: milestone).message,
            TreasuryMessage.claimGrant(contract).message,
        ])
    }

    /// Takes back what no milestone has released, as the payer.
    ///
    /// - Throws: ``ClientFailure``; ``ClientFailure/refused(_:)`` when it is not revocable.
    @discardableResult
    public func cancelEscrow(_ contract: UInt64) async throws(ClientFailure) -> SentTransaction {
        try await sender.send([TreasuryMessage.revokeGrant(contract).message])
    }

    /// Puts base units behind a validator; with `compounds` its rewards are added to them.
    ///
    /// - Throws: ``ClientFailure``; ``ClientFailure/refused(_:)`` when there is no such pool.
    @discardableResult
    public func delegateStake(
        _ amount: Amount, behind validator: AccountID, compounds: Bool = false
    ) async throws(ClientFailure) -> SentTransaction {
        let order = StakeOrder(operator: validator, amount: amount, compounds: compounds)
        return try await sender.send([StakingMessage.delegate(order).message])
    }
}
