// SPDX-License-Identifier: Apache-2.0
public import JSONText
public import Vocabulary

/// Something that happened in a past block, as a gateway tells it.
public struct PastEventView: Hashable, Sendable {
    /// The block.
    public let height: BlockHeight
    /// Its number among the block's events, from 0.
    public let index: UInt64
    /// The module it is of, such as `accounts`.
    public let module: String
    /// Its name within the module, such as `transferred`.
    public let name: String
    /// The transaction it belongs to; nothing for what fell due at the end of a block.
    public let transaction: Digest?
    /// All it says.
    public let json: JSON

    init(_ answer: AnswerReader) throws(ClientFailure) {
        height = try BlockHeight(answer.unsigned("height"))
        index = try answer.unsigned("index")
        module = try answer.text("module")
        name = try answer.text("name")
        transaction =
            answer.optional("transaction") == nil ? nil : try answer.identifier("transaction")
        json = answer.json
    }

    /// Who gave how much to whom, for an event that moves an amount.
    public var movement: (from: AccountID, to: AccountID, amount: Amount)? {
        let answer = AnswerReader(json)
        guard let from = try? answer.identifier("from", as: AccountID.self),
            let to = try? answer.identifier("to", as: AccountID.self),
            let amount = try? answer.amount("amount")
        else { return nil }
        return (from, to, amount)
    }
}
