// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// A signed transaction with everything that needs no state worked out once (LEDGER-4).
///
/// Making one is pure and costs a signature check, two hashes and two encodings, so a node makes
/// them on its workers, keeps them while they wait, and executes a block without checking again.
public struct CheckedTransaction: Hashable, Sendable {
    /// What was checked.
    public let signed: SignedTransaction
    /// The chain it was checked for.
    public let chain: ChainID
    /// The transaction's name.
    public let hash: Digest
    /// The sender's account.
    public let account: AccountID
    /// How many canonical bytes the signed transaction has.
    public let byteCount: Int
    /// Why no block can apply it, or nothing when it is in order.
    public let refusal: Refusal?

    /// Checks a transaction for a chain.
    public init(_ signed: SignedTransaction, chain: ChainID) {
        self.signed = signed
        self.chain = chain
        let body = signed.transaction.canonicalBytes
        byteCount = body.count + SignedTransaction.signatureBytes
        hash = Transaction.hash(ofCanonicalBytes: body)
        account = signed.transaction.account
        do {
            try signed.check(chain: chain, body: body)
            refusal = nil
        } catch {
            refusal = error
        }
    }

    /// What was asked.
    public var transaction: Transaction { signed.transaction }
}
