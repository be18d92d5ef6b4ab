// SPDX-License-Identifier: Apache-2.0
import Cryptography
public import Ledger
public import Vocabulary

/// An account that acts when enough of its members agree; it has no key (TREASURY-1).
public struct Multisig: Hashable, Sendable, CanonicalCodable {
    /// Its account.
    public let account: AccountID
    /// Who decides, ascending, each once; 1 to ``membersMax``.
    public internal(set) var members: [AccountID]
    /// How many must agree.
    public internal(set) var threshold: UInt8
    /// The number of its next decision.
    public internal(set) var next: UInt64
    /// Changes with the members: decisions of before count no more.
    public internal(set) var generation: UInt32

    /// The most members.
    public static let membersMax = 32

    init(account: AccountID, members: [AccountID], threshold: UInt8) {
        self.account = account
        self.members = members
        self.threshold = threshold
        next = 0
        generation = 0
    }

    /// Whether members and threshold make sense together.
    static func isValid(_ members: [AccountID], _ threshold: UInt8) -> Bool {
        (1...membersMax).contains(members.count) && (1...members.count).contains(Int(threshold))
            && zip(members, members.dropFirst()).allSatisfy { $0 < $1 }
    }

    /// The account of a creator's so many-th creation on a chain.
    static func account(of creator: AccountID, _ number: UInt64, on chain: ChainID) -> AccountID {
        var encoder = CanonicalEncoder(capacity: 96)
        encoder.writeFixed(Array("atoll/multisig/1".utf8) + [0])
        encoder.write(chain)
        encoder.write(creator)
        encoder.write(number)
        return AccountID(SHA256.hash(encoder.bytes).raw)
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(account)
        encoder.writeList(members)
        encoder.write(threshold)
        encoder.write(next)
        encoder.write(generation)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        account = try decoder.read()
        members = try decoder.readList(limit: Self.membersMax)
        threshold = try decoder.read()
        next = try decoder.read()
        generation = try decoder.read()
    }
}

/// What a member wants such an account to do.
public struct Decision: Hashable, Sendable, CanonicalCodable {
    /// Whose idea it is.
    public let proposer: AccountID
    /// What is done, in order, all or nothing; 1 to ``messagesMax``.
    public let messages: [Message]
    /// Who agrees, ascending.
    public internal(set) var approvals: [AccountID]
    /// Until when it can be done.
    public let expires: Timestamp
    /// Of which generation of members it is.
    public let generation: UInt32

    /// The most messages: eight with what a transaction carries.
    public static let messagesMax = 8

    init(
        proposer: AccountID, messages: [Message], expires: Timestamp, generation: UInt32
    ) {
        self.proposer = proposer
        self.messages = messages
        approvals = [proposer]
        self.expires = expires
        self.generation = generation
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(proposer)
        encoder.writeList(messages)
        encoder.writeList(approvals)
        encoder.write(expires)
        encoder.write(generation)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        proposer = try decoder.read()
        messages = try decoder.readList(limit: Self.messagesMax)
        approvals = try decoder.readList(limit: Multisig.membersMax)
        expires = try decoder.read()
        generation = try decoder.read()
    }
}
