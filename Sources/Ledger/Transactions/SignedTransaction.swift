// SPDX-License-Identifier: Apache-2.0
import Cryptography
public import Vocabulary

/// A transaction with its sender's signature, as it travels and as blocks hold it.
public struct SignedTransaction: Hashable, Sendable {
    /// What is asked.
    public let transaction: Transaction
    /// The sender's signature over the transaction's domain and canonical bytes.
    public let signature: Signature

    /// The most canonical bytes of one: 64 KiB, a sixteenth of ``Payload/bytesMax``.
    public static let bytesMax = 65_536

    /// Joins a transaction and a signature that has not been checked.
    public init(transaction: Transaction, signature: Signature) {
        self.transaction = transaction
        self.signature = signature
    }

    /// The transaction's name.
    public var hash: Digest { transaction.hash }

    /// The bytes of a signature, which end the encoding.
    static let signatureBytes = 64

    /// Checks everything that needs no state; pure, so many can be checked at once (LEDGER-4).
    ///
    /// - Throws: A ``Refusal`` of the ledger: `wrongChain`, `noMessages`, `tooLarge`,
    ///   `badSignature`.
    public func check(chain: ChainID) throws(Refusal) {
        try check(chain: chain, body: transaction.canonicalBytes)
    }

    /// Checks the same with the transaction's canonical bytes at hand.
    func check(chain: ChainID, body: [UInt8]) throws(Refusal) {
        try checkForm(chain: chain, bodyBytes: body.count)
        guard transaction.sender.accepts(signature, over: Transaction.signedBytes(body)) else {
            throw Self.badSignature
        }
    }

    /// Checks what comes before the signature.
    func checkForm(chain: ChainID, bodyBytes: Int) throws(Refusal) {
        guard transaction.chain == chain else {
            throw .ledger(.wrongChain, "it is for chain \(transaction.chain), this is \(chain)")
        }
        guard !transaction.messages.isEmpty else {
            throw .ledger(.noMessages, "a transaction has 1 to \(Transaction.messagesMax) messages")
        }
        let count = bodyBytes + Self.signatureBytes
        guard count <= Self.bytesMax, transaction.messages.count <= Transaction.messagesMax else {
            throw .ledger(
                .tooLarge,
                "\(count) bytes and \(transaction.messages.count) messages; "
                    + "the limits are \(Self.bytesMax) and \(Transaction.messagesMax)")
        }
    }

    /// What the signature says, to be decided together with others.
    func claim(body: [UInt8]) -> SignatureClaim {
        SignatureClaim(
            key: transaction.sender, signature: signature, message: Transaction.signedBytes(body))
    }

    /// What a transaction meets whose claim does not hold.
    static let badSignature = Refusal.ledger(
        .badSignature, "the signature is not the sender's over these bytes")
}

extension SignedTransaction: CanonicalCodable {
    /// Appends the transaction, then the signature.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(transaction)
        encoder.write(signature)
    }

    /// Reads the transaction, then the signature.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        transaction = try decoder.read()
        signature = try decoder.read()
    }
}
