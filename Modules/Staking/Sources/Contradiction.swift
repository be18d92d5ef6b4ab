// SPDX-License-Identifier: Apache-2.0
public import Cryptography
public import Vocabulary

/// What somebody signs in a role: this is the content of that number about that subject.
///
/// Receipts, reports and promises are signed so that two of them show a contradiction (STAKING-8).
public struct RoleStatement: Hashable, Sendable, CanonicalCodable {
    /// In which role.
    public let role: Role
    /// For whose bond.
    public let account: AccountID
    /// About what: a session, a job, an object.
    public let subject: Digest
    /// Which of the statements about it.
    public let sequence: UInt64
    /// What is stated, as its hash.
    public let content: Digest
    /// Who signed.
    public let key: PublicKey
    /// The signature.
    public let signature: Signature

    /// The tag of what is signed.
    public static let domain = "atoll/role-statement/1"

    /// Signs a statement for a bond on a chain.
    public init(
        role: Role, account: AccountID, subject: Digest, sequence: UInt64, content: Digest,
        by key: SigningKey, on chain: ChainID
    ) {
        self.role = role
        self.account = account
        self.subject = subject
        self.sequence = sequence
        self.content = content
        self.key = key.publicKey
        signature = key.sign(
            Self.place(role, account, subject, sequence, chain) + content.raw.bytes)
    }

    private static func place(
        _ role: Role, _ account: AccountID, _ subject: Digest, _ sequence: UInt64, _ chain: ChainID
    ) -> [UInt8] {
        var encoder = CanonicalEncoder(capacity: 192)
        encoder.writeFixed(Array(domain.utf8) + [0])
        encoder.write(chain)
        encoder.write(role)
        encoder.write(account)
        encoder.write(subject)
        encoder.write(sequence)
        return encoder.bytes
    }

    /// What the statement is about, without what it says.
    func place(on chain: ChainID) -> Digest {
        SHA256.hash(Self.place(role, account, subject, sequence, chain))
    }

    /// Whether its key signed it on a chain.
    func isSigned(on chain: ChainID) -> Bool {
        key.accepts(
            signature,
            over: Self.place(role, account, subject, sequence, chain) + content.raw.bytes)
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(role)
        encoder.write(account)
        encoder.write(subject)
        encoder.write(sequence)
        encoder.write(content)
        encoder.write(key)
        encoder.write(signature)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        role = try decoder.read()
        account = try decoder.read()
        subject = try decoder.read()
        sequence = try decoder.read()
        content = try decoder.read()
        key = try decoder.read()
        signature = try decoder.read()
    }
}

/// Two statements of one place with different contents.
public struct Contradiction: Hashable, Sendable, CanonicalCodable {
    /// The one.
    public let first: RoleStatement
    /// The other.
    public let second: RoleStatement

    /// Joins two statements.
    public init(_ first: RoleStatement, _ second: RoleStatement) {
        self.first = first
        self.second = second
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(first)
        encoder.write(second)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        first = try decoder.read()
        second = try decoder.read()
    }
}
