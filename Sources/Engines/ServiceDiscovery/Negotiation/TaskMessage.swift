// SPDX-License-Identifier: Apache-2.0
public import Cryptography
public import Vocabulary

/// What is said about a task.
public enum TaskMessage: Hashable, Sendable, CanonicalCodable {
    /// A client asks.
    case manifest(TaskManifest)
    /// A provider offers.
    case bid(TaskBid)
    /// The client would pay less.
    case counterBid(CounterBid)
    /// The client gives a place.
    case award(TaskAward)
    /// One side does not want what the other said.
    case refusal(TaskRefusal)
    /// One side takes back what it said.
    case withdrawal(TaskWithdrawal)

    /// Which task it is about.
    public var task: TaskID {
        switch self {
        case .manifest(let manifest): manifest.task
        case .bid(let bid): bid.task
        case .counterBid(let counter): counter.task
        case .award(let award): award.task
        case .refusal(let refusal): refusal.task
        case .withdrawal(let withdrawal): withdrawal.task
        }
    }

    /// Appends the tag and the message.
    public func encode(to encoder: inout CanonicalEncoder) {
        switch self {
        case .manifest(let message): encoder.write(tag: 0, message)
        case .bid(let message): encoder.write(tag: 1, message)
        case .counterBid(let message): encoder.write(tag: 2, message)
        case .award(let message): encoder.write(tag: 3, message)
        case .refusal(let message): encoder.write(tag: 4, message)
        case .withdrawal(let message): encoder.write(tag: 5, message)
        }
    }

    /// Reads the tag and the message.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let tag = try decoder.readTag()
        switch tag {
        case 0: self = try .manifest(decoder.read())
        case 1: self = try .bid(decoder.read())
        case 2: self = try .counterBid(decoder.read())
        case 3: self = try .award(decoder.read())
        case 4: self = try .refusal(decoder.read())
        case 5: self = try .withdrawal(decoder.read())
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

/// A message about a task with its signer and signature.
public struct SignedTaskMessage: Hashable, Sendable, CanonicalCodable {
    /// The longest encoding: a manifest and 100 bytes.
    public static let encodedBytesMax = TaskManifest.encodedBytesMax + 128
    private static let domain = "atoll/task-message/1"

    /// What is said.
    public let message: TaskMessage
    /// Who says it.
    public let signer: PublicKey
    private let signature: Signature

    /// Signs a message.
    public init(_ message: TaskMessage, signedBy key: SigningKey) {
        self.message = message
        signer = key.publicKey
        signature = key.sign(Self.signedBytes(message, key.publicKey))
    }

    /// Checks the signature. Cost: one.
    ///
    /// - Throws: ``NegotiationRefusal/badSignature``.
    public func checked() throws(NegotiationRefusal) -> CheckedTaskMessage {
        guard signer.accepts(signature, over: Self.signedBytes(message, signer)) else {
            throw .badSignature
        }
        return CheckedTaskMessage(signed: self)
    }

    /// What names this very message.
    public var digest: Digest { digest(domain: Self.domain) }

    // The signer is signed with the rest: no other key's signature stands for it.
    private static func signedBytes(_ message: TaskMessage, _ signer: PublicKey) -> [UInt8] {
        message.signedBytes(domain: domain) + signer.raw.bytes
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(message)
        encoder.write(signer)
        encoder.write(signature)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        message = try decoder.read()
        signer = try decoder.read()
        signature = try decoder.read()
    }

    /// Reads what a peer sent, within the limit of one message.
    ///
    /// - Throws: ``CanonicalError``.
    public init(received bytes: [UInt8]) throws(CanonicalError) {
        guard bytes.count <= Self.encodedBytesMax else {
            throw .tooLong(length: bytes.count, limit: Self.encodedBytesMax)
        }
        try self.init(canonicalBytes: bytes)
    }
}

/// A message that its signer has truly signed.
public struct CheckedTaskMessage: Hashable, Sendable {
    /// The message with its proof.
    public let signed: SignedTaskMessage

    init(signed: SignedTaskMessage) { self.signed = signed }

    /// What is said.
    public var message: TaskMessage { signed.message }
    /// Who says it.
    public var signer: PublicKey { signed.signer }
}
