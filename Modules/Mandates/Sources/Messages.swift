// SPDX-License-Identifier: Apache-2.0
import Cryptography
public import Ledger
public import Vocabulary

/// What may be asked of this module.
public enum MandatesMessage: Hashable, Sendable {
    /// The sender lets somebody act for it.
    case grant(GrantMandate)
    /// A delegate passes a part of its mandate on.
    case narrow(NarrowMandate)
    /// End a mandate, and all that are parts of it.
    case revoke(RevokeMandate)
    /// The sender sends a message for its principal.
    case act(ActForPrincipal)
    /// The principal pays the fee of this transaction; counts as its first message alone.
    case payFees(PayFees)
    /// A machine takes an owner.
    case setOwner(SetOwner)
    /// An owner says what its machine may agree to.
    case authorise(AuthoriseMachine)
    /// An owner lets a machine go.
    case releaseMachine(ReleaseMachine)

    /// The message as a transaction carries it.
    public var message: Message { Message(module: .mandates, payload: canonicalBytes) }

    /// Reads a payload.
    ///
    /// - Throws: `malformedMessage` when the bytes are not a message within its limits.
    static func read(_ payload: [UInt8]) throws(Refusal) -> MandatesMessage {
        do {
            return try MandatesMessage(canonicalBytes: payload)
        } catch {
            throw .mandates(.malformedMessage, "the payload does not read: \(error)")
        }
    }
}

extension MandatesMessage: CanonicalCodable {
    /// Appends the tag and the message.
    public func encode(to encoder: inout CanonicalEncoder) {
        switch self {
        case .grant(let message): encoder.write(tag: 0, message)
        case .narrow(let message): encoder.write(tag: 1, message)
        case .revoke(let message): encoder.write(tag: 2, message)
        case .act(let message): encoder.write(tag: 3, message)
        case .payFees(let message): encoder.write(tag: 4, message)
        case .setOwner(let message): encoder.write(tag: 5, message)
        case .authorise(let message): encoder.write(tag: 6, message)
        case .releaseMachine(let message): encoder.write(tag: 7, message)
        }
    }

    /// Reads the tag and the message.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let tag = try decoder.readTag()
        switch tag {
        case 0: self = try .grant(decoder.read())
        case 1: self = try .narrow(decoder.read())
        case 2: self = try .revoke(decoder.read())
        case 3: self = try .act(decoder.read())
        case 4: self = try .payFees(decoder.read())
        case 5: self = try .setOwner(decoder.read())
        case 6: self = try .authorise(decoder.read())
        case 7: self = try .releaseMachine(decoder.read())
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

/// The sender lets somebody act for it (MANDATES-2).
public struct GrantMandate: Hashable, Sendable, CanonicalCodable {
    /// Who may act: a person, an agent, a session's key.
    public let delegate: AccountID
    /// How far.
    public let scope: MandateScope

    /// Lets somebody act.
    public init(delegate: AccountID, scope: MandateScope) {
        self.delegate = delegate
        self.scope = scope
    }

    /// The id the mandate gets when this message is executed in a transaction with that hash.
    public func id(sender: AccountID, transaction: Digest) -> MandateID {
        MandateID(naming: self, sender, transaction)
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(delegate)
        encoder.write(scope)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        delegate = try decoder.read()
        scope = try decoder.read()
    }
}

/// A delegate passes a part of its mandate on (MANDATES-6).
public struct NarrowMandate: Hashable, Sendable, CanonicalCodable {
    /// The sender's own mandate.
    public let parent: MandateID
    /// Who may act.
    public let delegate: AccountID
    /// How far; nowhere further than the sender itself.
    public let scope: MandateScope

    /// Passes a part on.
    public init(parent: MandateID, delegate: AccountID, scope: MandateScope) {
        self.parent = parent
        self.delegate = delegate
        self.scope = scope
    }

    /// The id the mandate gets when this message is executed in a transaction with that hash.
    public func id(sender: AccountID, transaction: Digest) -> MandateID {
        MandateID(naming: self, sender, transaction)
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(parent)
        encoder.write(delegate)
        encoder.write(scope)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        parent = try decoder.read()
        delegate = try decoder.read()
        scope = try decoder.read()
    }
}

extension MandateID {
    init(naming message: some CanonicalCodable, _ sender: AccountID, _ transaction: Digest) {
        var encoder = CanonicalEncoder()
        encoder.writeFixed("atoll/mandates/mandate/1".utf8)
        encoder.write(UInt8(0))
        encoder.write(sender)
        encoder.write(transaction)
        encoder.write(message)
        self.init(SHA256.hash(encoder.bytes).raw)
    }
}

/// Ends a mandate at once (MANDATES-7).
public struct RevokeMandate: Hashable, Sendable, CanonicalCodable {
    /// The mandate.
    public let mandate: MandateID

    /// Ends a mandate.
    public init(_ mandate: MandateID) { self.mandate = mandate }

    /// Appends the mandate.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.write(mandate) }
    /// Reads the mandate.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        mandate = try decoder.read()
    }
}

/// Sends a message as if the principal had sent it (MANDATES-3).
public struct ActForPrincipal: Hashable, Sendable, CanonicalCodable {
    /// The sender's mandate.
    public let mandate: MandateID
    /// The principal's message.
    public let message: Message

    /// Sends a message for a principal.
    public init(_ mandate: MandateID, _ message: Message) {
        self.mandate = mandate
        self.message = message
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(mandate)
        encoder.write(message)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        mandate = try decoder.read()
        message = try decoder.read()
    }
}

/// As the first message of a transaction: its fee is paid by the mandate's principal (MANDATES-9).
public struct PayFees: Hashable, Sendable, CanonicalCodable {
    /// The sender's mandate.
    public let mandate: MandateID

    /// Has the fee paid.
    public init(_ mandate: MandateID) { self.mandate = mandate }

    /// Appends the mandate.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.write(mandate) }
    /// Reads the mandate.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        mandate = try decoder.read()
    }
}

/// A machine takes an owner, and can then agree only to what the owner allows (MANDATES-10).
public struct SetOwner: Hashable, Sendable, CanonicalCodable {
    /// The machine's identity.
    public let machine: AccountID
    /// The owner's identity.
    public let owner: AccountID

    /// Gives a machine an owner.
    public init(machine: AccountID, owner: AccountID) {
        self.machine = machine
        self.owner = owner
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(machine)
        encoder.write(owner)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        machine = try decoder.read()
        owner = try decoder.read()
    }
}

/// An owner says what its machine may agree to from now on (MANDATES-10).
public struct AuthoriseMachine: Hashable, Sendable, CanonicalCodable {
    /// The machine.
    public let machine: AccountID
    /// What it may agree to; nothing ends all.
    public let authorization: MachineAuthorization?

    /// Allows a machine something, or nothing more.
    public init(machine: AccountID, authorization: MachineAuthorization?) {
        self.machine = machine
        self.authorization = authorization
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(machine)
        encoder.writeOptional(authorization)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        machine = try decoder.read()
        authorization = try decoder.readOptional()
    }
}

/// An owner lets a machine go: it may agree to anything again (MANDATES-10).
public struct ReleaseMachine: Hashable, Sendable, CanonicalCodable {
    /// The machine.
    public let machine: AccountID

    /// Lets a machine go.
    public init(machine: AccountID) { self.machine = machine }

    /// Appends the machine.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.write(machine) }
    /// Reads the machine.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        machine = try decoder.read()
    }
}
