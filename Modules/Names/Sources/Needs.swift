// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// What this module asks of whoever keeps the native asset: bids by the name's hash.
public protocol NameBank: Sendable {
    /// Moves an amount above zero from the bidder's balance into what is held for a name.
    ///
    /// - Throws: A ``Refusal`` when the balance is smaller; nothing has moved then.
    func holdBid(
        _ amount: Amount, for name: Bytes32, from bidder: AccountID, in context: ExecutionContext
    ) throws(Refusal)

    /// Moves what is held for a name, or a part of it, into an account's balance.
    ///
    /// - Throws: A ``Refusal`` when less is held; nothing has moved then.
    func releaseBid(
        _ amount: Amount, for name: Bytes32, to account: AccountID, in context: ExecutionContext
    ) throws(Refusal)

    /// Ends the existence of what is held for a name, or of a part of it.
    ///
    /// - Throws: A ``Refusal`` when less is held; nothing has moved then.
    func burnBid(
        _ amount: Amount, for name: Bytes32, in context: ExecutionContext) throws(Refusal)

    /// What is held for a name.
    func held(for name: Bytes32, in state: any StateReader) -> Amount
}

/// What this module asks of whoever knows identities.
public protocol SpeakerDirectory: Sendable {
    /// Whether an account speaks for an identity: that of its controlling key, or its own while
    /// there is no log.
    func speaks(
        _ sender: AccountID, for identity: AccountID, in context: ExecutionContext
    ) -> Bool
}
