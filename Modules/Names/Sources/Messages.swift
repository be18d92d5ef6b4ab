// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// What may be asked of this module.
public enum NamesMessage: Hashable, Sendable {
    /// Open the auction of a free name.
    case claim(ClaimName)
    /// Offer more for a name under auction.
    case bid(BidForName)
    /// Pay for further terms.
    case renew(RenewName)
    /// Say whom a name stands for.
    case point(PointName)
    /// Give a name to another.
    case transfer(TransferName)
    /// Give a name up.
    case release(ReleaseName)

    /// The message as a transaction carries it.
    public var message: Message { Message(module: .names, payload: canonicalBytes) }

    /// The name it is about.
    public var name: PlainName {
        switch self {
        case .claim(let message): message.name
        case .bid(let message): message.name
        case .renew(let message): message.name
        case .point(let message): message.name
        case .transfer(let message): message.name
        case .release(let message): message.name
        }
    }

    /// Reads a payload.
    ///
    /// - Throws: `malformedMessage` when the bytes are not a message within its limits.
    static func read(_ payload: [UInt8]) throws(Refusal) -> NamesMessage {
        do {
            return try NamesMessage(canonicalBytes: payload)
        } catch {
            throw .names(.malformedMessage, "the payload does not read: \(error)")
        }
    }
}

extension NamesMessage: CanonicalCodable {
    /// Appends the tag and the message.
    public func encode(to encoder: inout CanonicalEncoder) {
        switch self {
        case .claim(let message): encoder.write(tag: 0, message)
        case .bid(let message): encoder.write(tag: 1, message)
        case .renew(let message): encoder.write(tag: 2, message)
        case .point(let message): encoder.write(tag: 3, message)
        case .transfer(let message): encoder.write(tag: 4, message)
        case .release(let message): encoder.write(tag: 5, message)
        }
    }

    /// Reads the tag and the message.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let tag = try decoder.readTag()
        switch tag {
        case 0: self = try .claim(decoder.read())
        case 1: self = try .bid(decoder.read())
        case 2: self = try .renew(decoder.read())
        case 3: self = try .point(decoder.read())
        case 4: self = try .transfer(decoder.read())
        case 5: self = try .release(decoder.read())
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

/// Opens the auction of a free name with a first bid (NAMES-3).
public struct ClaimName: Hashable, Sendable, CanonicalCodable {
    /// The name.
    public let name: PlainName
    /// Whose it shall be: an identity, the sender's or another's.
    public let owner: AccountID
    /// The first bid, which the sender pays.
    public let amount: Amount

    /// Opens an auction.
    public init(name: PlainName, owner: AccountID, amount: Amount) {
        self.name = name
        self.owner = owner
        self.amount = amount
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(name)
        encoder.write(owner)
        encoder.write(amount)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        name = try decoder.read()
        owner = try decoder.read()
        amount = try decoder.read()
    }
}

/// Offers more than the highest bid so far (NAMES-4).
public struct BidForName: Hashable, Sendable, CanonicalCodable {
    /// The name.
    public let name: PlainName
    /// Whose it shall be.
    public let owner: AccountID
    /// The bid, which the sender pays.
    public let amount: Amount

    /// Offers more.
    public init(name: PlainName, owner: AccountID, amount: Amount) {
        self.name = name
        self.owner = owner
        self.amount = amount
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(name)
        encoder.write(owner)
        encoder.write(amount)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        name = try decoder.read()
        owner = try decoder.read()
        amount = try decoder.read()
    }
}

/// Pays for further terms of a name; anybody may (NAMES-7).
public struct RenewName: Hashable, Sendable, CanonicalCodable {
    /// The name.
    public let name: PlainName
    /// How many terms.
    public let terms: UInt8

    /// Pays for terms.
    public init(name: PlainName, terms: UInt8) {
        self.name = name
        self.terms = terms
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(name)
        encoder.write(terms)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        name = try decoder.read()
        terms = try decoder.read()
    }
}

/// Says whom a name stands for (NAMES-8).
public struct PointName: Hashable, Sendable, CanonicalCodable {
    /// The name.
    public let name: PlainName
    /// The identity it stands for from now on.
    public let target: AccountID

    /// Points a name.
    public init(name: PlainName, target: AccountID) {
        self.name = name
        self.target = target
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(name)
        encoder.write(target)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        name = try decoder.read()
        target = try decoder.read()
    }
}

/// Gives a name to another; it stands for the new owner then (NAMES-8).
public struct TransferName: Hashable, Sendable, CanonicalCodable {
    /// The name.
    public let name: PlainName
    /// The new owner's identity.
    public let owner: AccountID

    /// Gives a name to another.
    public init(name: PlainName, owner: AccountID) {
        self.name = name
        self.owner = owner
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(name)
        encoder.write(owner)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        name = try decoder.read()
        owner = try decoder.read()
    }
}

/// Gives a name up; it is free at once (NAMES-8).
public struct ReleaseName: Hashable, Sendable, CanonicalCodable {
    /// The name.
    public let name: PlainName

    /// Gives a name up.
    public init(name: PlainName) { self.name = name }

    /// Appends the name.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.write(name) }
    /// Reads the name.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        name = try decoder.read()
    }
}
