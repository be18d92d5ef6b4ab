// SPDX-License-Identifier: Apache-2.0
import Cryptography
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
        let body = signed.transaction.canonicalBytes
        let refusal = Self.refusal { () throws(Refusal) in
            try signed.check(chain: chain, body: body)
        }
        self.init(signed, chain: chain, body: body, refusal: refusal)
    }

    /// Checks many for a chain; each comes out as it does alone, in the same order.
    ///
    /// Their signatures are decided together, which takes a tenth of the time where the machine has
    /// lanes for that (CRYPTO-13). Cost: the messages' bytes are held once more meanwhile.
    public static func check(
        all signed: [SignedTransaction], chain: ChainID
    ) -> [CheckedTransaction] {
        let bodies = signed.map(\.transaction.canonicalBytes)
        var refusals = zip(signed, bodies).map { signed, body in
            refusal { () throws(Refusal) in
                try signed.checkForm(chain: chain, bodyBytes: body.count)
            }
        }
        let open = refusals.indices.filter { refusals[$0] == nil }
        let verdicts = Ed25519Verifier.verify(open.map { signed[$0].claim(body: bodies[$0]) })
        for (index, isSigned) in zip(open, verdicts) where !isSigned {
            refusals[index] = SignedTransaction.badSignature
        }
        return signed.indices.map {
            CheckedTransaction(signed[$0], chain: chain, body: bodies[$0], refusal: refusals[$0])
        }
    }

    private init(_ signed: SignedTransaction, chain: ChainID, body: [UInt8], refusal: Refusal?) {
        self.signed = signed
        self.chain = chain
        self.refusal = refusal
        byteCount = body.count + SignedTransaction.signatureBytes
        hash = Transaction.hash(ofCanonicalBytes: body)
        account = signed.transaction.account
    }

    /// Keeps what was found, with the hash of the text that was signed.
    init(_ found: TransactionScanner.Found, chain: ChainID, refusal: Refusal?) {
        signed = found.signed
        self.chain = chain
        self.refusal = refusal
        byteCount = found.bodyBytes + SignedTransaction.signatureBytes
        hash = SHA256.hash(found.text)
        account = found.signed.transaction.account
    }

    /// What a check throws, or nothing.
    static func refusal(from check: () throws(Refusal) -> Void) -> Refusal? {
        do {
            try check()
            return nil
        } catch {
            return error
        }
    }

    /// What was asked.
    public var transaction: Transaction { signed.transaction }
}
