// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// What may be asked of this module.
public enum ExchangeMessage: Hashable, Sendable {
    /// Make a pool of two assets with what it begins with.
    case createPool(CreatePool)
    /// Put both assets into a pool, in its proportion.
    case addLiquidity(AddLiquidity)
    /// Take both assets out of a pool.
    case removeLiquidity(RemoveLiquidity)
    /// Sell one asset of a pool for the other.
    case swap(Swap)
    /// Lock shares of a pool.
    case lock(pool: UInt64, shares: Amount, until: Timestamp)
    /// Take back shares whose lock has ended.
    case unlock(pool: UInt64)
    /// Pay into the fund of conversions.
    case fund(Amount)
    /// Burn a role's asset for native units, no fewer than `least`.
    case convert(asset: AssetID, amount: Amount, least: Amount)
    /// Open or change a role's window, or close it; only what was decided does.
    case setWindow(asset: AssetID, terms: WindowTerms?)

    /// The message as a transaction carries it.
    public var message: Message { Message(module: .exchange, payload: canonicalBytes) }

    /// Reads a payload.
    ///
    /// - Throws: `malformedMessage` when the bytes are not a message.
    static func read(_ payload: [UInt8]) throws(Refusal) -> ExchangeMessage {
        do {
            return try ExchangeMessage(canonicalBytes: payload)
        } catch {
            throw .exchange(.malformedMessage, "the payload does not read: \(error)")
        }
    }
}

/// An amount of an asset.
public struct AssetAmount: Hashable, Sendable, CanonicalCodable {
    /// Of which.
    public let asset: AssetID
    /// How much.
    public let amount: Amount

    /// Describes an amount.
    public init(_ amount: Amount, of asset: AssetID) {
        self.asset = asset
        self.amount = amount
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(asset)
        encoder.write(amount)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        asset = try decoder.read()
        amount = try decoder.read()
    }
}

/// Makes a pool (EXCHANGE-1).
public struct CreatePool: Hashable, Sendable, CanonicalCodable {
    /// What it begins with of one asset.
    public let one: AssetAmount
    /// What it begins with of another.
    public let other: AssetAmount
    /// What trades pay, in millionths.
    public let fee: UInt64
    /// Until when its maker's shares are locked, if they are.
    public let lockedUntil: Timestamp?

    /// Describes a pool.
    public init(
        _ one: AssetAmount, _ other: AssetAmount, fee: UInt64, lockedUntil: Timestamp? = nil
    ) {
        self.one = one
        self.other = other
        self.fee = fee
        self.lockedUntil = lockedUntil
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(one)
        encoder.write(other)
        encoder.write(fee)
        encoder.writeOptional(lockedUntil)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        one = try decoder.read()
        other = try decoder.read()
        fee = try decoder.read()
        lockedUntil = try decoder.readOptional()
    }
}

/// Puts both assets into a pool (EXCHANGE-5); the first asset is the pool's first.
public struct AddLiquidity: Hashable, Sendable, CanonicalCodable {
    /// Which pool.
    public let pool: UInt64
    /// The most of the first asset.
    public let firstMost: Amount
    /// The most of the second.
    public let secondMost: Amount
    /// The least of the first: below it the price has moved too far.
    public let firstLeast: Amount
    /// The least of the second.
    public let secondLeast: Amount

    /// Describes it.
    public init(
        pool: UInt64, firstMost: Amount, secondMost: Amount, firstLeast: Amount = .zero,
        secondLeast: Amount = .zero
    ) {
        self.pool = pool
        self.firstMost = firstMost
        self.secondMost = secondMost
        self.firstLeast = firstLeast
        self.secondLeast = secondLeast
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(pool)
        encoder.write(firstMost)
        encoder.write(secondMost)
        encoder.write(firstLeast)
        encoder.write(secondLeast)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        pool = try decoder.read()
        firstMost = try decoder.read()
        secondMost = try decoder.read()
        firstLeast = try decoder.read()
        secondLeast = try decoder.read()
    }
}

/// Takes both assets out of a pool (EXCHANGE-6).
public struct RemoveLiquidity: Hashable, Sendable, CanonicalCodable {
    /// Which pool.
    public let pool: UInt64
    /// How many shares are given up.
    public let shares: Amount
    /// The least of the first asset.
    public let firstLeast: Amount
    /// The least of the second.
    public let secondLeast: Amount

    /// Describes it.
    public init(
        pool: UInt64, shares: Amount, firstLeast: Amount = .zero, secondLeast: Amount = .zero
    ) {
        self.pool = pool
        self.shares = shares
        self.firstLeast = firstLeast
        self.secondLeast = secondLeast
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(pool)
        encoder.write(shares)
        encoder.write(firstLeast)
        encoder.write(secondLeast)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        pool = try decoder.read()
        shares = try decoder.read()
        firstLeast = try decoder.read()
        secondLeast = try decoder.read()
    }
}

/// Sells one asset of a pool for the other (EXCHANGE-3).
public struct Swap: Hashable, Sendable, CanonicalCodable {
    /// Which pool.
    public let pool: UInt64
    /// What is sold, fee included.
    public let sold: AssetAmount
    /// The least that is bought: the limit of slippage.
    public let least: Amount
    /// The last moment at which it may happen.
    public let expires: Timestamp

    /// Describes a trade.
    public init(pool: UInt64, selling sold: AssetAmount, least: Amount, expires: Timestamp) {
        self.pool = pool
        self.sold = sold
        self.least = least
        self.expires = expires
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(pool)
        encoder.write(sold)
        encoder.write(least)
        encoder.write(expires)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        pool = try decoder.read()
        sold = try decoder.read()
        least = try decoder.read()
        expires = try decoder.read()
    }
}
