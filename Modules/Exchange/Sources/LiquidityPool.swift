// SPDX-License-Identifier: Apache-2.0
import Ledger
public import Vocabulary

/// What a trade would give, before anybody agrees to it.
public struct SwapQuote: Hashable, Sendable {
    /// What is sold, fee included.
    public let given: Amount
    /// What of it stays with the pool as a fee, rounded up.
    public let fee: Amount
    /// What is bought, rounded down.
    public let received: Amount
    /// By how many millionths the trade is worse than the price before it, fee aside, rounded up.
    public let impact: UInt64
}

/// A pool of two assets whose product of reserves never falls (EXCHANGE-2).
///
/// Reserves are what the record says, so nothing that is sent to the pool from outside changes a
/// price.
public struct LiquidityPool: Hashable, Sendable, CanonicalCodable {
    /// The asset with the smaller number.
    public let first: AssetID
    /// The asset with the larger number.
    public let second: AssetID
    /// What a trade pays, in millionths of what is sold.
    public let fee: UInt64
    /// What the pool has of the first asset.
    public internal(set) var firstReserve: Amount
    /// What the pool has of the second asset.
    public internal(set) var secondReserve: Amount
    /// All shares, with those that are nobody's.
    public internal(set) var shares: Amount

    /// The shares of each pool that are nobody's for ever: 1,000 base units (EXCHANGE-4).
    public static let sharesKept = Amount(1_000)
    static let million: UInt128 = 1_000_000

    init(
        _ first: AssetID, _ firstReserve: Amount, _ second: AssetID, _ secondReserve: Amount,
        fee: UInt64
    ) {
        self.first = first
        self.second = second
        self.fee = fee
        self.firstReserve = firstReserve
        self.secondReserve = secondReserve
        shares = Amount(
            UInt128.squareRoot(of: firstReserve.units, times: secondReserve.units))
    }

    /// The asset of a pool's shares.
    public static func shareAsset(of number: UInt64) -> AssetID {
        ModuleID.exchange.asset(UInt32(truncatingIfNeeded: number))
    }

    /// The asset that is bought with another; nothing when the pool does not trade it.
    public func other(than asset: AssetID) -> AssetID? {
        asset == first ? second : asset == second ? first : nil
    }

    /// What selling an amount would give.
    ///
    /// - Returns: Nothing when the pool does not trade the asset, when so little is sold that
    ///   nothing is bought, or when the pool could not hold so much.
    public func quote(selling asset: AssetID, _ amount: Amount) -> SwapQuote? {
        guard other(than: asset) != nil else { return nil }
        let (held, bought) =
            asset == first ? (firstReserve, secondReserve) : (secondReserve, firstReserve)
        guard let fee = amount.scaledUp(by: UInt128(fee), over: Self.million),
            let net = amount.subtracting(fee), net > .zero, held.adding(amount) != nil,
            let total = held.adding(net),
            let received = bought.scaled(by: net.units, over: total.units), received > .zero,
            let impact = net.scaledUp(by: Self.million, over: total.units)
        else { return nil }
        return SwapQuote(
            given: amount, fee: fee, received: received, impact: UInt64(impact.units))
    }

    /// The pool after a trade.
    mutating func trade(_ quote: SwapQuote, selling asset: AssetID) {
        if asset == first {
            firstReserve = firstReserve.adding(quote.given) ?? firstReserve
            secondReserve = secondReserve.subtracting(quote.received) ?? secondReserve
        } else {
            secondReserve = secondReserve.adding(quote.given) ?? secondReserve
            firstReserve = firstReserve.subtracting(quote.received) ?? firstReserve
        }
    }

    /// How many shares two amounts buy at most, and what they cost then: shares rounded down,
    /// amounts rounded up, so that nobody's shares lose by it.
    public func purchase(
        _ firstMost: Amount, _ secondMost: Amount
    ) -> (shares: Amount, first: Amount, second: Amount)? {
        guard let byFirst = firstMost.scaled(by: shares.units, over: firstReserve.units),
            let bySecond = secondMost.scaled(by: shares.units, over: secondReserve.units)
        else { return nil }
        let bought = min(byFirst, bySecond)
        guard bought > .zero,
            let one = bought.scaledUp(by: firstReserve.units, over: shares.units),
            let two = bought.scaledUp(by: secondReserve.units, over: shares.units)
        else { return nil }
        return (bought, one, two)
    }

    /// What shares are worth, rounded down.
    public func worth(of part: Amount) -> (first: Amount, second: Amount) {
        (
            firstReserve.scaled(by: part.units, over: shares.units) ?? .zero,
            secondReserve.scaled(by: part.units, over: shares.units) ?? .zero
        )
    }

    /// Whether the product of the reserves is at least another pool's.
    func holdsProduct(of other: LiquidityPool) -> Bool {
        let now = firstReserve.units.multipliedFullWidth(by: secondReserve.units)
        let before = other.firstReserve.units.multipliedFullWidth(by: other.secondReserve.units)
        return now.high == before.high ? now.low >= before.low : now.high > before.high
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(first)
        encoder.write(second)
        encoder.write(fee)
        encoder.write(firstReserve)
        encoder.write(secondReserve)
        encoder.write(shares)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        first = try decoder.read()
        second = try decoder.read()
        fee = try decoder.read()
        firstReserve = try decoder.read()
        secondReserve = try decoder.read()
        shares = try decoder.read()
    }
}

/// Shares that cannot be taken out of a pool for a while (EXCHANGE-7).
public struct LiquidityLock: Hashable, Sendable, CanonicalCodable {
    /// How many.
    public internal(set) var shares: Amount
    /// Until when.
    public internal(set) var until: Timestamp

    init(shares: Amount, until: Timestamp) {
        self.shares = shares
        self.until = until
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(shares)
        encoder.write(until)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        shares = try decoder.read()
        until = try decoder.read()
    }
}
