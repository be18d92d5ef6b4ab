// SPDX-License-Identifier: Apache-2.0
public import Cryptography
public import Ledger
public import Vocabulary

/// Makes signed transactions of one key for one chain; pure, without a gateway.
public struct TransactionBuilder: Sendable {
    /// The genesis the sender trusts: it gives the chain and the fees.
    public let genesis: Genesis
    /// The sender's key.
    public let key: SigningKey

    /// For how many blocks a transaction stays valid unless the chain allows fewer: 2,000, half an
    /// hour of an idle chain and minutes of a busy one.
    public static let validityBlocks: UInt64 = 2_000

    /// Joins a chain and a key.
    public init(genesis: Genesis, key: SigningKey) {
        self.genesis = genesis
        self.key = key
    }

    /// The sender's account.
    public var account: AccountID { AccountID(of: key.publicKey) }

    /// A signed transaction that offers exactly its fee.
    ///
    /// - Parameters:
    ///   - messages: What is asked of the chain, all of it or nothing.
    ///   - nonce: The account's next number.
    ///   - height: The chain's height now.
    /// - Throws: ``ClientFailure/invalid(_:)`` when the messages exceed a transaction's limits.
    public func build(
        _ messages: [Message], nonce: UInt64, height: BlockHeight
    ) throws(ClientFailure) -> SignedTransaction {
        let draft = signed(messages, nonce: nonce, height: height, feeMax: .zero)
        // Every amount has the same number of bytes, so the fee is that of the draft.
        guard let fee = genesis.parameters.fee(of: draft) else {
            throw .invalid("the fee exceeds 128 bits")
        }
        let transaction = signed(messages, nonce: nonce, height: height, feeMax: fee)
        do {
            try transaction.check(chain: genesis.chain)
        } catch {
            throw .invalid("the transaction cannot be valid: \(error)")
        }
        return transaction
    }

    private func signed(
        _ messages: [Message], nonce: UInt64, height: BlockHeight, feeMax: Amount
    ) -> SignedTransaction {
        let validity = min(genesis.parameters.validityBlocksMax, Self.validityBlocks)
        return Transaction(
            chain: genesis.chain, sender: key.publicKey, nonce: nonce, feeMax: feeMax,
            validUntil: height.advanced(by: validity), messages: messages
        ).signed(by: key)
    }
}
