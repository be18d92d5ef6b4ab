// SPDX-License-Identifier: Apache-2.0
public import JSONText
public import Vocabulary

/// An account as a gateway shows it.
public struct AccountView: Hashable, Sendable {
    /// What an account has of one asset.
    public struct Balance: Hashable, Sendable {
        /// The asset.
        public let asset: AssetID
        /// How much.
        public let amount: Amount
    }

    /// The account.
    public let account: AccountID
    /// The nonce after everything that is executed or waits.
    public let nonce: UInt64
    /// The balances, by ascending asset.
    public let balances: [Balance]
    /// Where the next page starts, when more balances remain.
    public let next: String?
    /// The answer as it came.
    public let json: JSON

    /// What it has of an asset.
    public func balance(of asset: AssetID = .native) -> Amount {
        balances.first { $0.asset == asset }?.amount ?? .zero
    }

    init(_ answer: AnswerReader) throws(ClientFailure) {
        account = try answer.identifier("account")
        nonce = try answer.unsigned("nonce")
        balances = try answer.values("balances") { one throws(ClientFailure) in
            Balance(asset: AssetID(try one.unsigned("asset")), amount: try one.amount("amount"))
        }
        next = answer.optional("next")?.json.text
        json = answer.json
    }
}

/// What became of a transaction.
public struct TransactionView: Hashable, Sendable {
    /// The transaction.
    public let hash: Digest
    /// The height of its block.
    public let height: BlockHeight
    /// Its place in the block, from 0.
    public let index: UInt64
    /// The fee paid.
    public let fee: Amount
    /// Why it had no effect beyond the fee; nothing when it was applied.
    public let refusal: RefusalReport?
    /// The answer as it came.
    public let json: JSON

    init(_ answer: AnswerReader) throws(ClientFailure) {
        hash = try answer.identifier("hash")
        height = try BlockHeight(answer.unsigned("height"))
        index = try answer.unsigned("index")
        let fee = try answer.amount("fee")
        self.fee = fee
        refusal = try answer.optional("refusal").map { refusal throws(ClientFailure) in
            RefusalReport(
                module: try refusal.text("module"), code: try refusal.unsigned("code"),
                name: try refusal.text("name"), detail: try refusal.text("detail"), fee: fee)
        }
        json = answer.json
    }
}

/// What a gateway says to a submitted transaction (GATEWAY-1).
public enum Acknowledgement: Hashable, Sendable {
    /// It was checked and is held for the validators.
    case received(Digest)
    /// A final block carries it.
    case final(TransactionView)

    init(_ answer: AnswerReader) throws(ClientFailure) {
        switch try answer.text("acknowledged") {
        case "received": self = .received(try answer.identifier("hash"))
        case "final": self = .final(try TransactionView(answer))
        case let other: throw .badAnswer("/acknowledged is '\(other)'")
        }
    }
}

/// A final block as a gateway shows it.
public struct BlockView: Hashable, Sendable {
    /// Its height.
    public let height: BlockHeight
    /// Its slot.
    public let slot: Slot
    /// Its hash.
    public let hash: Digest
    /// Its parent's hash.
    public let parent: Digest
    /// When it was proposed.
    public let time: Timestamp
    /// Who proposed it.
    public let proposer: PublicKey
    /// The height whose state root it certifies.
    public let stateHeight: BlockHeight
    /// That root.
    public let stateRoot: Digest
    /// Its transactions.
    public let transactions: [Digest]
    /// Who signed that it is final.
    public let signers: [String]
    /// The answer as it came.
    public let json: JSON

    init(_ answer: AnswerReader) throws(ClientFailure) {
        height = try BlockHeight(answer.unsigned("height"))
        slot = try Slot(answer.unsigned("slot"))
        hash = try answer.identifier("hash")
        parent = try answer.identifier("parent")
        time = try Timestamp(answer.unsigned("time"))
        proposer = try answer.identifier("proposer")
        stateHeight = try BlockHeight(answer.unsigned("stateHeight"))
        stateRoot = try answer.identifier("stateRoot")
        var transactions: [Digest] = []
        for text in try answer.texts("transactions") {
            guard let hash = Digest(hexadecimal: text) else {
                throw answer.wrong("transactions", "must hold hashes")
            }
            transactions.append(hash)
        }
        self.transactions = transactions
        signers = try answer.texts("signers")
        json = answer.json
    }
}

/// A page of a list (GATEWAY-2).
public struct GatewayPage<Item: Sendable>: Sendable {
    /// The items.
    public let items: [Item]
    /// What to pass as the cursor of the next page; nothing after the last.
    public let next: String?
    /// The answer as it came.
    public let json: JSON

    init(
        _ answer: AnswerReader, _ name: String,
        _ read: (AnswerReader) throws(ClientFailure) -> Item
    ) throws(ClientFailure) {
        items = try answer.values(name, read)
        next = answer.optional("next")?.json.text
        json = answer.json
    }
}
