// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Ledger
public import Vocabulary

/// What the module stores, under which keys.
public enum IdentitiesKeys {
    /// 0: the ``IdentitiesParameters``.
    public static let parameters: [UInt8] = [0]
    /// 1, account: an identity's record in its stored form (IDENTITY-24).
    public static func identity(_ account: AccountID) -> [UInt8] {
        [identityPrefix] + account.raw.bytes
    }
    /// 2, account: an ``Issuer``.
    public static func issuer(_ account: AccountID) -> [UInt8] {
        [issuerPrefix] + account.raw.bytes
    }
    /// 3, issuer, hash of the list's address: a ``StatusAnchor``.
    public static func anchor(_ issuer: AccountID, list: String) -> [UInt8] {
        anchors(of: issuer) + SHA256.hash(Array(list.utf8)).raw.bytes
    }
    /// 3, issuer: the prefix of an issuer's anchors.
    public static func anchors(of issuer: AccountID) -> [UInt8] {
        [anchorPrefix] + issuer.raw.bytes
    }
    /// 4, issuer, key: one byte, for every key the issuer has or had to attest with.
    public static func issuerKey(_ issuer: AccountID, _ key: PublicKey) -> [UInt8] {
        [4] + issuer.raw.bytes + key.raw.bytes
    }
    /// 5, hash of a credential: one byte, once it has been reported.
    public static func report(_ document: Digest) -> [UInt8] { [5] + document.raw.bytes }

    /// 6, account: a ``PersonRecord``.
    public static func person(of account: AccountID) -> [UInt8] { [6] + account.raw.bytes }
    /// 7, person: the account it stands behind.
    public static func account(of person: Digest) -> [UInt8] { [7] + person.raw.bytes }
    /// 8: whose word about persons counts, ``SetPersonIssuers``.
    public static let personIssuers: [UInt8] = [8]
    /// 9, time, account: an account whose person is forgotten then.
    static func personEnds(_ time: Timestamp, _ account: AccountID) -> [UInt8] {
        [personEndsPrefix] + withUnsafeBytes(of: time.value.bigEndian) { Array($0) }
            + account.raw.bytes
    }
    static let personEndsPrefix: UInt8 = 9

    static let identityPrefix: UInt8 = 1
    static let issuerPrefix: UInt8 = 2
    static let anchorPrefix: UInt8 = 3
    /// What stands under a key whose presence is all it says.
    static let mark: [UInt8] = [1]
}

/// From when until when an issuer may attest a type.
public struct IssuerAuthority: Hashable, Sendable, CanonicalCodable {
    /// The type.
    public let type: String
    /// From this moment on.
    public let from: Timestamp
    /// Until just before; nothing while it lasts.
    public internal(set) var until: Timestamp?

    /// How far an issuer's clock may be from the chain's, with the second a credential is cut to.
    public static let clockMilliseconds: UInt64 = 60_000

    /// Whether it covers a moment, as near as two clocks agree.
    public func covers(_ moment: Timestamp) -> Bool {
        let begins = from <= moment.advanced(by: Self.clockMilliseconds)
        return begins && until.map { moment < $0.advanced(by: Self.clockMilliseconds) } ?? true
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeText(type)
        encoder.write(from)
        encoder.writeOptional(until)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        type = try decoder.readText(limit: RegisterIssuer.typeBytesMax)
        from = try decoder.read()
        until = try decoder.readOptional()
    }

    init(type: String, from: Timestamp) {
        self.type = type
        self.from = from
        until = nil
    }
}

/// Where an issuer stands.
public enum IssuerStatus: Hashable, Sendable, CanonicalCodable {
    /// It attests.
    case active
    /// It attests no more; its bond can be slashed still, and withdrawn from the given time on.
    case retiring(until: Timestamp)
    /// It has its bond back.
    case withdrawn

    /// Appends the tag and the time.
    public func encode(to encoder: inout CanonicalEncoder) {
        switch self {
        case .active: encoder.writeTag(0)
        case .retiring(let until):
            encoder.writeTag(1)
            encoder.write(until)
        case .withdrawn: encoder.writeTag(2)
        }
    }

    /// Reads the tag and the time.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let tag = try decoder.readTag()
        switch tag {
        case 0: self = .active
        case 1: self = try .retiring(until: decoder.read())
        case 2: self = .withdrawn
        default: throw .unknownTag(tag)
        }
    }
}

/// An issuer as the chain knows it.
public struct Issuer: Hashable, Sendable {
    /// The most authorities that are kept, past ones among them: 32 of at most 66 bytes, so that
    /// the record fits into an event.
    public static let authoritiesMax = 32
    /// The most lists of status of one issuer.
    public static let anchorsMax: UInt32 = 256

    /// The identity.
    public let account: AccountID
    /// Where it stands.
    public internal(set) var status: IssuerStatus
    /// Where people find it.
    public internal(set) var address: String
    /// What it may attest, and might, by the beginning of each.
    public internal(set) var authorities: [IssuerAuthority]
    /// What backs its word, in the native asset.
    public internal(set) var bond: Amount
    /// All that was ever taken from it.
    public internal(set) var slashed: Amount
    /// Since when it is an issuer without a break.
    public internal(set) var since: Timestamp
    /// How many lists of status it has anchored.
    public internal(set) var anchors: UInt32

    /// The types it may attest now.
    public var types: [String] {
        authorities.filter { $0.until == nil }.map(\.type)
    }

    /// Whether it might attest a type at a moment; without a moment, whether it ever might.
    public func had(_ type: String, at moment: Timestamp?) -> Bool {
        authorities.contains { one in
            one.type == type && (moment.map(one.covers) ?? true)
        }
    }
}

extension Issuer: CanonicalCodable {
    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(account)
        encoder.write(status)
        encoder.writeText(address)
        encoder.writeList(authorities)
        encoder.write(bond)
        encoder.write(slashed)
        encoder.write(since)
        encoder.write(anchors)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        account = try decoder.read()
        status = try decoder.read()
        address = try decoder.readText(limit: RegisterIssuer.addressBytesMax)
        authorities = try decoder.readList(limit: Self.authoritiesMax)
        bond = try decoder.read()
        slashed = try decoder.read()
        since = try decoder.read()
        anchors = try decoder.read()
    }
}

/// Which bytes a list of status has, and since when.
public struct StatusAnchor: Hashable, Sendable, CanonicalCodable {
    /// The list's address.
    public let list: String
    /// The SHA-256 of the signed list.
    public let digest: Digest
    /// The time of the block that anchored it.
    public let time: Timestamp

    init(list: String, digest: Digest, time: Timestamp) {
        self.list = list
        self.digest = digest
        self.time = time
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeText(list)
        encoder.write(digest)
        encoder.write(time)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        list = try decoder.readText(limit: AnchorStatus.listBytesMax)
        digest = try decoder.read()
        time = try decoder.read()
    }
}
