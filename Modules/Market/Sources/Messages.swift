// SPDX-License-Identifier: Apache-2.0
import Cryptography
public import Vocabulary

/// What may be asked of the market. A message's canonical bytes are the payload of a transaction.
public enum MarketMessage: Hashable, Sendable, CanonicalCodable {
    /// A client asks for work.
    case openOrder(OpenOrder)
    /// A provider offers to do it.
    case placeBid(PlaceBid)
    /// A provider has a result and binds itself to it.
    case commitResult(CommitResult)
    /// A provider shows its result.
    case revealResult(RevealResult)
    /// A provider cannot do the work.
    case giveUp(GiveUp)
    /// The client no longer wants the work.
    case cancelOrder(CancelOrder)

    /// Appends the tag and the message.
    public func encode(to encoder: inout CanonicalEncoder) {
        switch self {
        case .openOrder(let message): encoder.write(tag: 0, message)
        case .placeBid(let message): encoder.write(tag: 1, message)
        case .commitResult(let message): encoder.write(tag: 2, message)
        case .revealResult(let message): encoder.write(tag: 3, message)
        case .giveUp(let message): encoder.write(tag: 4, message)
        case .cancelOrder(let message): encoder.write(tag: 5, message)
        }
    }

    /// Reads the tag and the message.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let tag = try decoder.readTag()
        switch tag {
        case 0: self = try .openOrder(decoder.read())
        case 1: self = try .placeBid(decoder.read())
        case 2: self = try .commitResult(decoder.read())
        case 3: self = try .revealResult(decoder.read())
        case 4: self = try .giveUp(decoder.read())
        case 5: self = try .cancelOrder(decoder.read())
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

/// A client asks for work and locks what it may cost (MARKET-1).
public struct OpenOrder: Hashable, Sendable, CanonicalCodable {
    /// What is asked and offered.
    public let terms: OrderTerms

    /// Asks for work.
    public init(terms: OrderTerms) { self.terms = terms }

    /// The id the job gets when this message is executed in a transaction with that hash.
    public func job(sender: AccountID, transaction: Digest) -> JobID {
        var encoder = CanonicalEncoder()
        encoder.writeFixed("atoll/market/job/1".utf8)
        encoder.write(UInt8(0))
        encoder.write(sender)
        encoder.write(transaction)
        encoder.write(terms)
        return JobID(SHA256.hash(encoder.bytes).raw)
    }

    /// Appends the terms.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.write(terms) }
    /// Reads the terms.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        terms = try decoder.read()
    }
}

/// A provider offers to run a job at a price and reserves one of its slots (MARKET-4).
public struct PlaceBid: Hashable, Sendable, CanonicalCodable {
    /// The job.
    public let job: JobID
    /// The price of one execution.
    public let price: Price

    /// Offers to run a job.
    public init(job: JobID, price: Price) {
        self.job = job
        self.price = price
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(job)
        encoder.write(price)
    }
    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        job = try decoder.read()
        price = try decoder.read()
    }
}

/// A provider binds itself to a result without showing it (MARKET-7).
public struct CommitResult: Hashable, Sendable, CanonicalCodable {
    /// The job.
    public let job: JobID
    /// ``JobResult/commitment(salt:provider:)`` of the result.
    public let commitment: Digest

    /// Commits to a result.
    public init(job: JobID, commitment: Digest) {
        self.job = job
        self.commitment = commitment
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(job)
        encoder.write(commitment)
    }
    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        job = try decoder.read()
        commitment = try decoder.read()
    }
}

/// A provider shows the result it committed to, signed with its key (MARKET-8).
public struct RevealResult: Hashable, Sendable, CanonicalCodable {
    /// The job.
    public let job: JobID
    /// The result.
    public let result: JobResult
    /// What hid the result in the commitment.
    public let salt: Bytes32
    /// The provider's key; its account is the account of this key.
    public let key: PublicKey
    /// The key's signature of the ``ResultStatement``.
    public let signature: Signature

    /// Shows a result.
    public init(
        job: JobID, result: JobResult, salt: Bytes32, key: PublicKey, signature: Signature
    ) {
        self.job = job
        self.result = result
        self.salt = salt
        self.key = key
        self.signature = signature
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(job)
        encoder.write(result)
        encoder.write(salt)
        encoder.write(key)
        encoder.write(signature)
    }
    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        job = try decoder.read()
        result = try decoder.read()
        salt = try decoder.read()
        key = try decoder.read()
        signature = try decoder.read()
    }
}

/// A provider hands its lease back before committing (MARKET-10).
public struct GiveUp: Hashable, Sendable, CanonicalCodable {
    /// The job.
    public let job: JobID
    /// Why.
    public let reason: GiveUpReason

    /// Hands a lease back.
    public init(job: JobID, reason: GiveUpReason) {
        self.job = job
        self.reason = reason
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(job)
        encoder.write(reason)
    }
    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        job = try decoder.read()
        reason = try decoder.read()
    }
}

/// Why a provider cannot do the work.
public enum GiveUpReason: UInt8, Hashable, Sendable, CanonicalCodable, CaseIterable {
    /// Nobody gave it the program.
    case moduleUnavailable = 0
    /// Nobody gave it the input.
    case inputUnavailable = 1
    /// The program ran longer than the order allows on this machine.
    case wallClockExceeded = 2
    /// The machine has no room left.
    case overloaded = 3
    /// The provider is stopping.
    case shuttingDown = 4
    /// The engine failed for a reason of its own.
    case engineFailed = 5
    /// The machine's owner does not allow it, here or now.
    case outsideAuthorization = 6

    /// Appends the tag.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.writeTag(UInt32(rawValue)) }
    /// Reads the tag.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let tag = try decoder.readTag()
        guard let value = UInt8(exactly: tag).flatMap(Self.init(rawValue:)) else {
            throw .unknownTag(tag)
        }
        self = value
    }
}

/// The client takes its order back (MARKET-14).
public struct CancelOrder: Hashable, Sendable, CanonicalCodable {
    /// The job.
    public let job: JobID

    /// Takes an order back.
    public init(job: JobID) { self.job = job }

    /// Appends the job.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.write(job) }
    /// Reads the job.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        job = try decoder.read()
    }
}
