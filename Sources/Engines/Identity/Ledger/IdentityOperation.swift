// SPDX-License-Identifier: Apache-2.0
public import Cryptography
public import Vocabulary

/// A key beside the controlling one, for some uses and a time: a machine's session key.
public struct DelegateKey: CanonicalCodable, Hashable {
    /// The longest kind and key: 2 bytes and a compressed point.
    public static let multicodecBytesMax = 35

    /// The key.
    public let key: VerificationKey
    /// What it is for.
    public let uses: Set<Relationship>
    /// From when on it counts no more; nothing when it has no end.
    public let expiry: Moment?

    /// Lends a key.
    public init(key: VerificationKey, uses: Set<Relationship>, expiry: Moment? = nil) {
        self.key = key
        self.uses = uses
        self.expiry = expiry
    }

    /// Whether the key counts at a moment.
    public func counts(at now: Moment) -> Bool { expiry.map { now < $0 } ?? true }

    /// The kind and key, the uses as bits in their order, the expiry.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeBytes(key.multicodec)
        var bits: UInt8 = 0
        for (index, use) in Relationship.allCases.enumerated() where uses.contains(use) {
            bits |= 1 << index
        }
        encoder.write(bits)
        encoder.write(expiry != nil)
        if let expiry { encoder.write(expiry.seconds) }
    }

    /// Reads kind, key, uses and expiry.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let bytes = try decoder.readBytes(limit: Self.multicodecBytesMax)
        guard let key = try? VerificationKey(multicodec: bytes) else {
            throw .outOfRange("DelegateKey.key")
        }
        let bits = try decoder.read(UInt8.self)
        guard bits >> Relationship.allCases.count == 0 else {
            throw .outOfRange("DelegateKey.uses")
        }
        let uses = Relationship.allCases.enumerated().filter { bits >> $0.offset & 1 == 1 }
        let expiry = try decoder.readFlag() ? Moment(seconds: decoder.read(Int64.self)) : nil
        self.init(key: key, uses: Set(uses.map(\.element)), expiry: expiry)
    }
}

extension ServiceEndpoint: CanonicalCodable {
    /// The longest name, kind or address.
    public static let textBytesMax = 256
    /// The most addresses of one service.
    public static let addressesMax = 8

    /// Name, kind, addresses.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeText(id)
        encoder.writeText(type)
        encoder.writeLength(addresses.count)
        for address in addresses { encoder.writeText(address) }
    }

    /// Reads name, kind and addresses.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let id = try decoder.readText(limit: Self.textBytesMax)
        let type = try decoder.readText(limit: Self.textBytesMax)
        var addresses: [String] = []
        for _ in 0..<(try decoder.readLength(limit: Self.addressesMax)) {
            addresses.append(try decoder.readText(limit: Self.textBytesMax))
        }
        self.init(id: id, type: type, addresses: addresses)
    }
}

/// What the holder of an identity may ask.
public enum IdentityAction: CanonicalCodable, Hashable {
    /// Begins the log: the first key, and the hash of a key that is kept away until it is needed.
    case create(key: PublicKey, recovery: Digest)
    /// Another controlling key from here on.
    case rotate(key: PublicKey)
    /// A new controlling key and a new commitment, asked with the key that was kept away.
    case recover(with: PublicKey, key: PublicKey, recovery: Digest)
    /// All keys beside the controlling one.
    case setDelegates([DelegateKey])
    /// All services.
    case setServices([ServiceEndpoint])
    /// The hash of the machine's specification, or nothing.
    case setSpecification(Digest?)
    /// The end: no operation follows.
    case deactivate

    /// The most keys beside the controlling one.
    public static let delegatesMax = 16
    /// The most services.
    public static let servicesMax = 16

    /// Tag, then what the action holds.
    public func encode(to encoder: inout CanonicalEncoder) {
        switch self {
        case .create(let key, let recovery):
            encoder.writeTag(0)
            encoder.write(key)
            encoder.write(recovery)
        case .rotate(let key):
            encoder.writeTag(1)
            encoder.write(key)
        case .recover(let spare, let key, let recovery):
            encoder.writeTag(2)
            encoder.write(spare)
            encoder.write(key)
            encoder.write(recovery)
        case .setDelegates(let keys):
            encoder.writeTag(3)
            encoder.writeList(keys)
        case .setServices(let services):
            encoder.writeTag(4)
            encoder.writeList(services)
        case .setSpecification(let digest):
            encoder.writeTag(5)
            encoder.writeOptional(digest)
        case .deactivate: encoder.writeTag(6)
        }
    }

    /// Reads an action.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        switch try decoder.readTag() {
        case 0: self = try .create(key: decoder.read(), recovery: decoder.read())
        case 1: self = try .rotate(key: decoder.read())
        case 2:
            self = try .recover(
                with: decoder.read(), key: decoder.read(), recovery: decoder.read())
        case 3: self = try .setDelegates(decoder.readList(limit: Self.delegatesMax))
        case 4: self = try .setServices(decoder.readList(limit: Self.servicesMax))
        case 5: self = try .setSpecification(decoder.readOptional())
        case 6: self = .deactivate
        case let tag: throw .unknownTag(tag)
        }
    }
}

/// One entry of an identity's log, as it is signed (IDENTITY-8).
public struct IdentityOperation: CanonicalCodable, Hashable {
    /// What is signed begins with this.
    public static let domain = "atoll/identity/operation/1"

    /// The chain it is meant for.
    public let chain: ChainID
    /// Whose log it stands in.
    public let subject: AccountID
    /// Its place in the log, from 0.
    public let sequence: UInt64
    /// The hash of the entry before it, with its signature; zero for the first.
    public let previous: Digest
    /// What is asked.
    public let action: IdentityAction

    /// Joins the parts.
    public init(
        chain: ChainID, subject: AccountID, sequence: UInt64, previous: Digest,
        action: IdentityAction
    ) {
        self.chain = chain
        self.subject = subject
        self.sequence = sequence
        self.previous = previous
        self.action = action
    }

    /// The fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(chain.raw)
        encoder.write(subject)
        encoder.write(sequence)
        encoder.write(previous)
        encoder.write(action)
    }

    /// Reads the fields.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        chain = ChainID(try decoder.read())
        subject = try decoder.read()
        sequence = try decoder.read()
        previous = try decoder.read()
        action = try decoder.read()
    }
}

/// An operation with the signature of whoever may ask for it.
public struct SignedOperation: CanonicalCodable, Hashable {
    /// What is asked.
    public let operation: IdentityOperation
    /// The signature over the operation.
    public let signature: Signature

    /// Joins the two.
    public init(operation: IdentityOperation, signature: Signature) {
        self.operation = operation
        self.signature = signature
    }

    /// Signs an operation.
    public init(_ operation: IdentityOperation, by key: SigningKey) {
        self.init(
            operation: operation,
            signature: key.sign(operation.signedBytes(domain: IdentityOperation.domain)))
    }

    /// What the next entry calls its previous one.
    public var digest: Digest { digest(domain: "atoll/identity/entry/1") }

    /// The operation, then the signature.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(operation)
        encoder.write(signature)
    }

    /// Reads both.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        operation = try decoder.read()
        signature = try decoder.read()
    }
}
