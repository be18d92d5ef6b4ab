// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// Who stands behind an account, as an issuer of the chain's list says (IDENTITIES-14).
public struct PersonRecord: Hashable, Sendable, CanonicalCodable {
    /// One human or one operator, as a hash that is the same whoever attests it.
    public let person: Digest
    /// Who vouches; the zero account is the genesis.
    public let issuer: AccountID
    /// Until when.
    public let until: Timestamp

    /// The types of credentials that say who is one.
    public static let types = ["UniqueOperator", "UniquePerson"]
    /// How long one word lasts at most: two years.
    public static let lifeMillisecondsMax: UInt64 = 63_115_200_000

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(person)
        encoder.write(issuer)
        encoder.write(until)
    }

    init(person: Digest, issuer: AccountID, until: Timestamp) {
        self.person = person
        self.issuer = issuer
        self.until = until
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        person = try decoder.read()
        issuer = try decoder.read()
        until = try decoder.read()
    }
}

/// An issuer's word that one person stands behind an account, and no other account (IDENTITIES-14).
public struct VouchForPerson: Hashable, Sendable, CanonicalCodable {
    /// Who vouches.
    public let issuer: AccountID
    /// For whom.
    public let account: AccountID
    /// Who stands behind it.
    public let person: Digest
    /// Until when.
    public let until: Timestamp

    /// Describes it.
    public init(issuer: AccountID, account: AccountID, person: Digest, until: Timestamp) {
        self.issuer = issuer
        self.account = account
        self.person = person
        self.until = until
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(issuer)
        encoder.write(account)
        encoder.write(person)
        encoder.write(until)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        issuer = try decoder.read()
        account = try decoder.read()
        person = try decoder.read()
        until = try decoder.read()
    }
}

/// Takes such a word back.
public struct EndVouch: Hashable, Sendable, CanonicalCodable {
    /// Who vouched.
    public let issuer: AccountID
    /// For whom.
    public let account: AccountID

    /// Describes it.
    public init(issuer: AccountID, account: AccountID) {
        self.issuer = issuer
        self.account = account
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(issuer)
        encoder.write(account)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        issuer = try decoder.read()
        account = try decoder.read()
    }
}

/// Whose word about persons counts on this chain; only what was decided says so.
public struct SetPersonIssuers: Hashable, Sendable, CanonicalCodable {
    /// The issuers, ascending.
    public let issuers: [AccountID]

    /// The most of them.
    public static let issuersMax = 64

    /// Names them.
    public init(_ issuers: [AccountID]) { self.issuers = issuers }

    /// Appends the list.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.writeList(issuers) }

    /// Reads at most ``issuersMax`` issuers.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        issuers = try decoder.readList(limit: Self.issuersMax)
    }
}
