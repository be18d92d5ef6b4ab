// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// What this module asks of whoever knows all the others: that a message of a principal is carried
/// out, and what it cost the principal.
public protocol PrincipalDesk: Sendable {
    /// Carries a message out as if the principal had sent it.
    ///
    /// - Returns: What left the principal's balances of each asset, ascending, only what is above
    ///   zero: amounts sent, and amounts set aside.
    /// - Throws: What the message's module refuses; the caller undoes what was done.
    func carryOut(
        _ message: Message, for principal: AccountID, in context: ExecutionContext
    ) throws(Refusal) -> [Spending]

    /// Whom or what a message touches beside its sender; nothing when its module does not say.
    func resources(of message: Message) -> [Bytes32]?
}

/// What this module asks of whoever knows identities.
public protocol IdentityDirectory: Sendable {
    /// Whether an account speaks for an identity: that of its controlling key, or its own while
    /// there is no log.
    func speaks(
        _ sender: AccountID, for identity: AccountID, in context: ExecutionContext
    ) -> Bool
}

/// So much of an asset that was spent.
public struct Spending: Hashable, Sendable, CanonicalCodable {
    /// Of which asset.
    public let asset: AssetID
    /// How much.
    public let amount: Amount

    /// States an amount.
    public init(asset: AssetID, amount: Amount) {
        self.asset = asset
        self.amount = amount
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(asset)
        encoder.write(amount)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        asset = try decoder.read()
        amount = try decoder.read()
    }
}
