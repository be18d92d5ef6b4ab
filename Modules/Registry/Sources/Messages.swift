// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// What may be asked of this module; the sender is always the provider itself.
public enum RegistryMessage: Hashable, Sendable {
    /// Become a provider.
    case register(RegisterProvider)
    /// Change terms, add to the bond.
    case update(UpdateProvider)
    /// Take no new work.
    case pause
    /// Take work again, after a pause or after jail.
    case resume
    /// Leave; the bond can be withdrawn later.
    case unbond
    /// Take back the bond after leaving.
    case withdraw

    /// The message as a transaction carries it.
    public var message: Message { Message(module: .registry, payload: canonicalBytes) }

    /// Reads a payload.
    ///
    /// - Throws: `malformedMessage` when the bytes are not a message within its limits.
    static func read(_ payload: [UInt8]) throws(Refusal) -> RegistryMessage {
        do {
            return try RegistryMessage(canonicalBytes: payload)
        } catch {
            throw .registry(.malformedMessage, "the payload does not read: \(error)")
        }
    }
}

extension RegistryMessage: CanonicalCodable {
    /// Appends the tag and the message.
    public func encode(to encoder: inout CanonicalEncoder) {
        switch self {
        case .register(let message):
            encoder.writeTag(0)
            encoder.write(message)
        case .update(let message):
            encoder.writeTag(1)
            encoder.write(message)
        case .pause: encoder.writeTag(2)
        case .resume: encoder.writeTag(3)
        case .unbond: encoder.writeTag(4)
        case .withdraw: encoder.writeTag(5)
        }
    }

    /// Reads the tag and the message.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let tag = try decoder.readTag()
        switch tag {
        case 0: self = try .register(decoder.read())
        case 1: self = try .update(decoder.read())
        case 2: self = .pause
        case 3: self = .resume
        case 4: self = .unbond
        case 5: self = .withdraw
        default: throw .unknownTag(tag)
        }
    }
}

/// Makes the sender a provider (REGISTRY-3).
public struct RegisterProvider: Hashable, Sendable, CanonicalCodable {
    /// The key it is known by on the network: the sender's own.
    public let peer: PublicKey
    /// What it offers.
    public let terms: ProviderTerms
    /// What it pays in as bond, in native base units.
    public let bond: Amount

    /// Describes a registration.
    public init(peer: PublicKey, terms: ProviderTerms, bond: Amount) {
        self.peer = peer
        self.terms = terms
        self.bond = bond
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(peer)
        encoder.write(terms)
        encoder.write(bond)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        peer = try decoder.read()
        terms = try decoder.read()
        bond = try decoder.read()
    }
}

/// Replaces the sender's terms and adds to its bond (REGISTRY-4).
public struct UpdateProvider: Hashable, Sendable, CanonicalCodable {
    /// What it offers from now on.
    public let terms: ProviderTerms
    /// What it adds to its bond; may be zero.
    public let addedBond: Amount

    /// Describes an update.
    public init(terms: ProviderTerms, addedBond: Amount = .zero) {
        self.terms = terms
        self.addedBond = addedBond
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(terms)
        encoder.write(addedBond)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        terms = try decoder.read()
        addedBond = try decoder.read()
    }
}
