// SPDX-License-Identifier: Apache-2.0
public import Cryptography
public import Vocabulary

/// What an account asks the chain to do, all of it or nothing (LEDGER-3).
public struct Transaction: Hashable, Sendable {
    /// The chain it is meant for; no other accepts it.
    public let chain: ChainID
    /// The key of the sender, whose account pays the fee.
    public let sender: PublicKey
    /// The sender's next number, from 0.
    public let nonce: UInt64
    /// The most native base units the sender pays.
    public let feeMax: Amount
    /// The last block height it may enter.
    public let validUntil: BlockHeight
    /// What is asked, in order: 1 to ``messagesMax``.
    public let messages: [Message]

    /// The most messages of one transaction: 64, so that a block's slowest transaction stays short.
    public static let messagesMax = 64

    /// The tag of its hash and of what is signed.
    public static let domain = "atoll/transaction/1"

    /// Describes a transaction; limits are checked by ``SignedTransaction/check(chain:)``.
    public init(
        chain: ChainID, sender: PublicKey, nonce: UInt64, feeMax: Amount, validUntil: BlockHeight,
        messages: [Message]
    ) {
        self.chain = chain
        self.sender = sender
        self.nonce = nonce
        self.feeMax = feeMax
        self.validUntil = validUntil
        self.messages = messages
    }

    /// The sender's account.
    public var account: AccountID { AccountID(of: sender) }

    /// Its name: SHA-256 under ``domain``. The signature is no part of it.
    public var hash: Digest { Self.hash(ofCanonicalBytes: canonicalBytes) }

    /// The name of the transaction with these canonical bytes.
    static func hash(ofCanonicalBytes body: [UInt8]) -> Digest { SHA256.hash(signedBytes(body)) }

    /// What its sender signs: the domain, a zero byte, the canonical bytes.
    static func signedBytes(_ body: [UInt8]) -> [UInt8] { Array(domain.utf8) + [0] + body }

    /// Signs it.
    public func signed(by key: SigningKey) -> SignedTransaction {
        SignedTransaction(
            transaction: self, signature: key.sign(signedBytes(domain: Self.domain)))
    }
}

extension Transaction: CanonicalCodable {
    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(chain)
        encoder.write(sender)
        encoder.write(nonce)
        encoder.write(feeMax)
        encoder.write(validUntil)
        encoder.writeList(messages)
    }

    /// Reads the fields in order, with at most ``messagesMax`` messages.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        chain = try decoder.read()
        sender = try decoder.read()
        nonce = try decoder.read()
        feeMax = try decoder.read()
        validUntil = try decoder.read()
        messages = try decoder.readList(limit: Self.messagesMax)
    }
}
