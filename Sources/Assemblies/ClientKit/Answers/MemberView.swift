// SPDX-License-Identifier: Apache-2.0
public import JSONText
public import Vocabulary

/// A member of the validators as a gateway shows it.
public struct MemberView: Hashable, Sendable {
    /// The account that governs it.
    public let account: AccountID
    /// What people call it.
    public let name: String
    /// The key it votes with from the next epoch on.
    public let publicKey: PublicKey
    /// The account that receives the fees of its blocks.
    public let fees: AccountID
    /// `active`, `leaving`, `jailed`, `unbonding` or `withdrawn`.
    public let state: String
    /// Until which epoch that lasts at least, when it does.
    public let until: Epoch?
    /// What it paid in.
    public let bond: Amount
    /// Whole units of weight that the genesis gave it.
    public let granted: UInt64
    /// All that was ever taken from it.
    public let slashed: Amount
    /// What its votes weigh in the newest set; nothing without a seat.
    public let weight: UInt64?
    /// The answer as it came.
    public let json: JSON

    init(_ answer: AnswerReader) throws(ClientFailure) {
        account = try answer.identifier("account")
        name = try answer.text("name")
        publicKey = try answer.identifier("publicKey")
        fees = try answer.identifier("fees")
        state = try answer.text("state")
        until =
            answer.optional("untilEpoch") == nil ? nil : Epoch(try answer.unsigned("untilEpoch"))
        bond = try answer.amount("bond")
        granted = try answer.unsigned("granted")
        slashed = try answer.amount("slashed")
        weight = answer.optional("weight") == nil ? nil : try answer.unsigned("weight")
        json = answer.json
    }
}

/// A page of members and the newest set.
public struct MemberPage: Hashable, Sendable {
    /// The newest epoch whose set is known.
    public let epoch: Epoch
    /// How many seats that set has.
    public let seats: UInt64
    /// What all its votes weigh together.
    public let totalWeight: UInt64
    /// The least stake to join with.
    public let stakeMin: Amount
    /// The members.
    public let members: [MemberView]
    /// What to pass as the cursor of the next page; nothing after the last.
    public let next: String?
    /// The answer as it came.
    public let json: JSON

    init(_ answer: AnswerReader) throws(ClientFailure) {
        epoch = try Epoch(answer.unsigned("epoch"))
        seats = try answer.unsigned("seats")
        totalWeight = try answer.unsigned("totalWeight")
        stakeMin = try answer.amount("stakeMin")
        members = try answer.values("validators") { one throws(ClientFailure) in
            try MemberView(one)
        }
        next = answer.optional("next")?.json.text
        json = answer.json
    }
}
