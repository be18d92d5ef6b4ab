// SPDX-License-Identifier: Apache-2.0
public import Cryptography
public import Identity
public import Ledger
public import Vocabulary

/// What may be asked of this module.
///
/// Operations of identities are signed by their own keys, so anybody may send them; messages about
/// an issuer are sent by whoever speaks for it (IDENTITIES-6).
public enum IdentitiesMessage: Hashable, Sendable {
    /// Begin the logs of many identities.
    case create(CreateIdentities)
    /// Continue, or begin, logs by signed operations.
    case submit(SubmitOperations)
    /// Become an issuer.
    case registerIssuer(RegisterIssuer)
    /// Change what an issuer attests, where it is found, and its bond.
    case updateIssuer(UpdateIssuer)
    /// Attest no more; the bond can be withdrawn later.
    case retireIssuer(RetireIssuer)
    /// Take back the bond of an issuer that has retired.
    case withdrawIssuerBond(WithdrawIssuerBond)
    /// Say which list of status holds from now on.
    case anchorStatus(AnchorStatus)
    /// Show that an issuer attested what it had no authority for.
    case reportIssuance(ReportIssuance)
    /// The same, for a token.
    case reportToken(ReportToken)
    /// Say who stands behind an account.
    case vouchForPerson(VouchForPerson)
    /// Say it no more.
    case endVouch(EndVouch)
    /// Say whose word about persons counts.
    case setPersonIssuers(SetPersonIssuers)

    /// The message as a transaction carries it.
    public var message: Message { Message(module: .identities, payload: canonicalBytes) }

    /// Reads a payload.
    ///
    /// - Throws: `malformedMessage` when the bytes are not a message within its limits.
    static func read(_ payload: [UInt8]) throws(Refusal) -> IdentitiesMessage {
        do {
            return try IdentitiesMessage(canonicalBytes: payload)
        } catch {
            throw .identities(.malformedMessage, "the payload does not read: \(error)")
        }
    }
}

extension IdentitiesMessage: CanonicalCodable {
    /// Appends the tag and the message.
    public func encode(to encoder: inout CanonicalEncoder) {
        switch self {
        case .create(let message): encoder.write(tag: 0, message)
        case .submit(let message): encoder.write(tag: 1, message)
        case .registerIssuer(let message): encoder.write(tag: 2, message)
        case .updateIssuer(let message): encoder.write(tag: 3, message)
        case .retireIssuer(let message): encoder.write(tag: 4, message)
        case .withdrawIssuerBond(let message): encoder.write(tag: 5, message)
        case .anchorStatus(let message): encoder.write(tag: 6, message)
        case .reportIssuance(let message): encoder.write(tag: 7, message)
        case .reportToken(let message): encoder.write(tag: 8, message)
        case .vouchForPerson(let message): encoder.write(tag: 9, message)
        case .endVouch(let message): encoder.write(tag: 10, message)
        case .setPersonIssuers(let message): encoder.write(tag: 11, message)
        }
    }

    /// Reads the tag and the message.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let tag = try decoder.readTag()
        switch tag {
        case 0: self = try .create(decoder.read())
        case 1: self = try .submit(decoder.read())
        case 2: self = try .registerIssuer(decoder.read())
        case 3: self = try .updateIssuer(decoder.read())
        case 4: self = try .retireIssuer(decoder.read())
        case 5: self = try .withdrawIssuerBond(decoder.read())
        case 6: self = try .anchorStatus(decoder.read())
        case 7: self = try .reportIssuance(decoder.read())
        case 8: self = try .reportToken(decoder.read())
        case 9: self = try .vouchForPerson(decoder.read())
        case 10: self = try .endVouch(decoder.read())
        case 11: self = try .setPersonIssuers(decoder.read())
        default: throw .unknownTag(tag)
        }
    }
}

extension CanonicalEncoder {
    fileprivate mutating func write(tag: UInt32, _ message: some CanonicalCodable) {
        writeTag(tag)
        write(message)
    }
}

/// The beginning of one identity's log, without what follows from its place: 128 bytes.
public struct NewIdentity: Hashable, Sendable, CanonicalCodable {
    /// The first key; its account is the identity.
    public let key: PublicKey
    /// The hash of the key that may recover (``IdentityRecord/commitment(to:)``).
    public let recovery: Digest
    /// The first key's signature of the operation that this stands for.
    public let signature: Signature

    /// Joins the parts.
    public init(key: PublicKey, recovery: Digest, signature: Signature) {
        self.key = key
        self.recovery = recovery
        self.signature = signature
    }

    /// Begins an identity whose first key is at hand.
    public init(of key: SigningKey, recovery: Digest, chain: ChainID) {
        let operation = Self.operation(key.publicKey, recovery, chain)
        self.init(
            key: key.publicKey, recovery: recovery,
            signature: SignedOperation(operation, by: key).signature)
    }

    /// The signed operation this stands for on a chain.
    public func entry(on chain: ChainID) -> SignedOperation {
        SignedOperation(operation: Self.operation(key, recovery, chain), signature: signature)
    }

    private static func operation(
        _ key: PublicKey, _ recovery: Digest, _ chain: ChainID
    ) -> IdentityOperation {
        IdentityOperation(
            chain: chain, subject: AccountID(of: key), sequence: 0, previous: .zero,
            action: .create(key: key, recovery: recovery))
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(key)
        encoder.write(recovery)
        encoder.write(signature)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        key = try decoder.read()
        recovery = try decoder.read()
        signature = try decoder.read()
    }
}

/// Begins the logs of many identities, all or none (IDENTITIES-1).
public struct CreateIdentities: Hashable, Sendable, CanonicalCodable {
    /// The identities.
    public let identities: [NewIdentity]

    /// The most of one message: 500 of 128 bytes are 62.5 KiB, within a transaction's 64 KiB.
    public static let identitiesMax = 500

    /// Begins logs.
    public init(_ identities: [NewIdentity]) { self.identities = identities }

    /// Appends the list.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.writeList(identities) }

    /// Reads at most ``identitiesMax`` identities.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        identities = try decoder.readList(limit: Self.identitiesMax)
    }
}

/// Adds operations to logs, in order, all or none (IDENTITIES-2).
public struct SubmitOperations: Hashable, Sendable, CanonicalCodable {
    /// The operations, of one identity or of many.
    public let operations: [SignedOperation]

    /// The most of one message: the shortest has 169 bytes, so 384 fill a transaction's 64 KiB.
    public static let operationsMax = 384
    /// The most bytes of one operation with its signature: what an event may hold.
    public static let operationBytesMax = Event.payloadBytesMax

    /// Adds operations.
    public init(_ operations: [SignedOperation]) { self.operations = operations }

    /// Appends the list.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.writeList(operations) }

    /// Reads at most ``operationsMax`` operations.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        operations = try decoder.readList(limit: Self.operationsMax)
    }
}
