// SPDX-License-Identifier: Apache-2.0
public import Cryptography
public import Vocabulary

/// Why an announcement is not believed.
public enum AnnouncementRefusal: Error, Hashable, Sendable {
    /// It is for another chain.
    case otherChain
    /// The signature is not the signer's.
    case badSignature
    /// It was signed later than now and a little.
    case fromTheFuture
    /// Its time is over.
    case expired
}

/// An announcement with its signer's signature.
public struct SignedAnnouncement: Hashable, Sendable, CanonicalCodable {
    /// What is announced.
    public let announcement: ServiceAnnouncement
    /// The signer's signature.
    public let signature: Signature

    /// Signs an announcement; the key must be the one it names.
    public init(_ announcement: ServiceAnnouncement, signedBy key: SigningKey) {
        precondition(key.publicKey == announcement.id.signer, "signers speak for themselves")
        self.announcement = announcement
        signature = key.sign(announcement.signedBytes(domain: ServiceAnnouncement.domain))
    }

    /// Checks everything that one announcement shows by itself (DISCOVERY-3). Cost: one signature.
    ///
    /// - Throws: ``AnnouncementRefusal``.
    public func checked(
        on chain: ChainID, at now: Timestamp
    ) throws(AnnouncementRefusal) -> CheckedAnnouncement {
        guard announcement.chain == chain else { throw .otherChain }
        guard announcement.expires > now else { throw .expired }
        guard announcement.issued <= now.advanced(by: ServiceAnnouncement.skewMillisecondsMax)
        else { throw .fromTheFuture }
        guard isSigned else { throw .badSignature }
        return CheckedAnnouncement(signed: self)
    }

    /// Whether the signature is the signer's.
    var isSigned: Bool {
        announcement.id.signer.accepts(
            signature, over: announcement.signedBytes(domain: ServiceAnnouncement.domain))
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(announcement)
        encoder.write(signature)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        announcement = try decoder.read()
        signature = try decoder.read()
    }

    /// Reads what a peer sent, within the limit of one announcement.
    ///
    /// - Throws: ``CanonicalError``.
    public init(received bytes: [UInt8]) throws(CanonicalError) {
        guard bytes.count <= ServiceAnnouncement.encodedBytesMax else {
            throw .tooLong(length: bytes.count, limit: ServiceAnnouncement.encodedBytesMax)
        }
        try self.init(canonicalBytes: bytes)
    }
}

/// An announcement that was found to be for this chain, in time and truly signed.
public struct CheckedAnnouncement: Hashable, Sendable {
    /// The announcement with its proof.
    public let signed: SignedAnnouncement

    init(signed: SignedAnnouncement) { self.signed = signed }

    /// What is announced.
    public var announcement: ServiceAnnouncement { signed.announcement }
}

/// Two announcements of one machine with one number: proof that its signer tells different people
/// different things (DISCOVERY-6).
public struct AnnouncementContradiction: Hashable, Sendable, CanonicalCodable {
    /// The one.
    public let one: SignedAnnouncement
    /// The other.
    public let other: SignedAnnouncement

    /// Joins two that contradict each other, or nothing. Cost: two signatures.
    public init?(_ one: SignedAnnouncement, _ other: SignedAnnouncement) {
        let (first, second) = (one.announcement, other.announcement)
        guard first.chain == second.chain, first.id == second.id,
            first.sequence == second.sequence, first != second, one.isSigned, other.isSigned
        else { return nil }
        self.one = one
        self.other = other
    }

    /// Appends both.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(one)
        encoder.write(other)
    }

    /// Reads both and checks that they contradict each other.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let one = try decoder.read(SignedAnnouncement.self)
        let other = try decoder.read(SignedAnnouncement.self)
        guard let value = Self(one, other) else {
            throw .outOfRange("AnnouncementContradiction")
        }
        self = value
    }
}
