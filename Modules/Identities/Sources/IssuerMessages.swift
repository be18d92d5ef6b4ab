// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// Makes an identity an issuer (IDENTITIES-7).
public struct RegisterIssuer: Hashable, Sendable, CanonicalCodable {
    /// The identity that attests.
    public let issuer: AccountID
    /// The types it attests.
    public let types: [String]
    /// Where people find it.
    public let address: String
    /// What backs its word, in native base units; the sender pays.
    public let bond: Amount

    /// The most types of one issuer at a time.
    public static let typesMax = 16
    /// The longest name of a type: the longest known has 23 bytes.
    public static let typeBytesMax = 48
    /// The longest address.
    public static let addressBytesMax = 256

    /// Describes an issuer.
    public init(issuer: AccountID, types: [String], address: String, bond: Amount) {
        self.issuer = issuer
        self.types = types
        self.address = address
        self.bond = bond
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(issuer)
        encoder.writeTypes(types)
        encoder.writeText(address)
        encoder.write(bond)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        issuer = try decoder.read()
        types = try decoder.readTypes()
        address = try decoder.readText(limit: Self.addressBytesMax)
        bond = try decoder.read()
    }
}

/// Changes an issuer's types and address, and adds to its bond (IDENTITIES-8).
public struct UpdateIssuer: Hashable, Sendable, CanonicalCodable {
    /// The issuer.
    public let issuer: AccountID
    /// The types it attests from now on.
    public let types: [String]
    /// Where people find it.
    public let address: String
    /// What the sender adds to the bond; may be zero.
    public let addedBond: Amount

    /// Describes a change.
    public init(
        issuer: AccountID, types: [String], address: String, addedBond: Amount = .zero
    ) {
        self.issuer = issuer
        self.types = types
        self.address = address
        self.addedBond = addedBond
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(issuer)
        encoder.writeTypes(types)
        encoder.writeText(address)
        encoder.write(addedBond)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        issuer = try decoder.read()
        types = try decoder.readTypes()
        address = try decoder.readText(limit: RegisterIssuer.addressBytesMax)
        addedBond = try decoder.read()
    }
}

extension CanonicalEncoder {
    fileprivate mutating func writeTypes(_ types: [String]) {
        writeLength(types.count)
        for type in types { writeText(type) }
    }
}

extension CanonicalDecoder {
    fileprivate mutating func readTypes() throws(CanonicalError) -> [String] {
        var types: [String] = []
        for _ in 0..<(try readLength(limit: RegisterIssuer.typesMax)) {
            types.append(try readText(limit: RegisterIssuer.typeBytesMax))
        }
        return types
    }
}

/// Ends an issuer's authority (IDENTITIES-9).
public struct RetireIssuer: Hashable, Sendable, CanonicalCodable {
    /// The issuer.
    public let issuer: AccountID

    /// Names the issuer.
    public init(issuer: AccountID) { self.issuer = issuer }

    /// Appends the issuer.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.write(issuer) }
    /// Reads the issuer.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        issuer = try decoder.read()
    }
}

/// Pays an issuer's bond back to the sender (IDENTITIES-9).
public struct WithdrawIssuerBond: Hashable, Sendable, CanonicalCodable {
    /// The issuer.
    public let issuer: AccountID

    /// Names the issuer.
    public init(issuer: AccountID) { self.issuer = issuer }

    /// Appends the issuer.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.write(issuer) }
    /// Reads the issuer.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        issuer = try decoder.read()
    }
}

/// Says which bytes a list of status has from now on (IDENTITIES-10).
public struct AnchorStatus: Hashable, Sendable, CanonicalCodable {
    /// Whose list it is.
    public let issuer: AccountID
    /// The list's address, as credentials name it.
    public let list: String
    /// The SHA-256 of the signed list.
    public let digest: Digest

    /// The longest address of a list.
    public static let listBytesMax = 256

    /// Describes an anchor.
    public init(issuer: AccountID, list: String, digest: Digest) {
        self.issuer = issuer
        self.list = list
        self.digest = digest
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(issuer)
        encoder.writeText(list)
        encoder.write(digest)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        issuer = try decoder.read()
        list = try decoder.readText(limit: Self.listBytesMax)
        digest = try decoder.read()
    }
}

/// Shows a credential that an issuer signed without the authority to (IDENTITIES-11).
///
/// What `eddsa-jcs-2022` signs is the hash of the proof's options, then that of the document. Both
/// come here in the very bytes that were hashed, so the ledger needs no canonical form of its own.
public struct ReportIssuance: Hashable, Sendable, CanonicalCodable {
    /// Who signed.
    public let issuer: AccountID
    /// With which of its keys.
    public let key: PublicKey
    /// The credential without its proof, in canonical form.
    public let document: [UInt8]
    /// The proof without its value, in canonical form.
    public let options: [UInt8]
    /// The proof's value.
    public let signature: Signature

    /// The most bytes of a reported credential: half a transaction.
    public static let documentBytesMax = 32_768
    /// The most bytes of the options.
    public static let optionsBytesMax = 4_096

    /// Joins the parts.
    public init(
        issuer: AccountID, key: PublicKey, document: [UInt8], options: [UInt8],
        signature: Signature
    ) {
        self.issuer = issuer
        self.key = key
        self.document = document
        self.options = options
        self.signature = signature
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(issuer)
        encoder.write(key)
        encoder.writeBytes(document)
        encoder.writeBytes(options)
        encoder.write(signature)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        issuer = try decoder.read()
        key = try decoder.read()
        document = try decoder.readBytes(limit: Self.documentBytesMax)
        options = try decoder.readBytes(limit: Self.optionsBytesMax)
        signature = try decoder.read()
    }
}

/// Shows a token that an issuer signed without the authority to (IDENTITIES-13).
public struct ReportToken: Hashable, Sendable, CanonicalCodable {
    /// Who signed.
    public let issuer: AccountID
    /// With which of its keys.
    public let key: PublicKey
    /// Header and payload as they were signed: two texts of base64url with a point between.
    public let signed: [UInt8]
    /// The signature.
    public let signature: Signature

    /// The most bytes of a reported token: half a transaction.
    public static let signedBytesMax = ReportIssuance.documentBytesMax

    /// Joins the parts.
    public init(issuer: AccountID, key: PublicKey, signed: [UInt8], signature: Signature) {
        self.issuer = issuer
        self.key = key
        self.signed = signed
        self.signature = signature
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(issuer)
        encoder.write(key)
        encoder.writeBytes(signed)
        encoder.write(signature)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        issuer = try decoder.read()
        key = try decoder.read()
        signed = try decoder.readBytes(limit: Self.signedBytesMax)
        signature = try decoder.read()
    }
}
