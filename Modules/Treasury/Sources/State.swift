// SPDX-License-Identifier: Apache-2.0
import Ledger
public import Vocabulary

/// What the module stores, under which keys. Numbers in keys are big-endian, so keys sort by them.
public enum TreasuryKeys {
    /// 0, kind: the number of the next pool, grant, airdrop, auction or bounty.
    static func counter(_ kind: UInt8) -> [UInt8] { [0, kind] }
    /// 1, account: a ``Multisig``.
    public static func multisig(_ account: AccountID) -> [UInt8] { [1] + account.raw.bytes }
    /// 2, account, number: a ``Decision``.
    public static func decision(_ account: AccountID, _ number: UInt64) -> [UInt8] {
        decisions(of: account) + bigEndian(number)
    }
    /// 3, pool: a ``TreasuryPool``.
    public static func pool(_ number: UInt64) -> [UInt8] { [poolPrefix] + bigEndian(number) }
    /// 4, pool, asset: an ``OutflowLimit``.
    public static func limit(_ pool: UInt64, _ asset: AssetID) -> [UInt8] {
        [4] + bigEndian(pool) + bigEndian(asset.value)
    }
    /// 5, grant: a ``Grant``.
    public static func grant(_ number: UInt64) -> [UInt8] { [grantPrefix] + bigEndian(number) }
    /// 6, airdrop: an ``Airdrop``.
    public static func airdrop(_ number: UInt64) -> [UInt8] {
        [airdropPrefix] + bigEndian(number)
    }
    /// 7, airdrop, place in 2,048ths: which places were claimed, as bits.
    static func claims(_ airdrop: UInt64, _ page: UInt64) -> [UInt8] {
        [7] + bigEndian(airdrop) + bigEndian(page)
    }
    /// 8, auction: an ``AuctionRecord``.
    public static func auction(_ number: UInt64) -> [UInt8] {
        [auctionPrefix] + bigEndian(number)
    }
    /// 9, auction, participant: what it paid in, and from which account.
    static func bid(_ auction: UInt64, _ participant: Bytes32) -> [UInt8] {
        bids(of: auction) + participant.bytes
    }
    /// 10, bounty: a ``Bounty``.
    public static func bounty(_ number: UInt64) -> [UInt8] { [bountyPrefix] + bigEndian(number) }
    /// 11, holder, giver, name: a ``Badge``.
    public static func badge(_ holder: AccountID, _ giver: AccountID, _ name: String) -> [UInt8] {
        badges(of: holder) + giver.raw.bytes + Array(name.utf8)
    }

    static let poolPrefix: UInt8 = 3
    static let grantPrefix: UInt8 = 5
    static let airdropPrefix: UInt8 = 6
    static let auctionPrefix: UInt8 = 8
    static let bountyPrefix: UInt8 = 10

    static func decisions(of account: AccountID) -> [UInt8] { [2] + account.raw.bytes }

    static func bids(of auction: UInt64) -> [UInt8] { [9] + bigEndian(auction) }
    static func badges(of holder: AccountID) -> [UInt8] { [11] + holder.raw.bytes }

    static func bigEndian(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }

    /// The number of eight bytes at a place of a key.
    static func number(in key: [UInt8], at offset: Int) -> UInt64 {
        key[offset..<offset + 8].reduce(0) { $0 << 8 | UInt64($1) }
    }
}

/// What is counted: raw values are keys.
enum Counter: UInt8 {
    case pools = 0
    case grants = 1
    case airdrops = 2
    case auctions = 3
    case bounties = 4
    case multisigs = 5
}

/// An auction as the ledger keeps it.
public struct AuctionRecord: Hashable, Sendable, CanonicalCodable {
    /// Who began it.
    public let owner: AccountID
    /// Where the goods came from, and where what is not sold goes.
    public let source: Source
    /// How it stands.
    public internal(set) var auction: DutchAuction
    /// What lies in the chest of its goods.
    public internal(set) var goods: Amount
    /// What lies in the chest of its bids.
    public internal(set) var bids: Amount
    /// When the last bid came.
    public internal(set) var ended: Timestamp
    /// Whether its owner has fetched what was left.
    public internal(set) var isClosed: Bool

    /// For how long bidders can collect before the owner takes what is left: 30 days.
    public static let collectingMilliseconds: UInt64 = 30 * 86_400_000

    init(owner: AccountID, source: Source, terms: AuctionTerms) {
        self.owner = owner
        self.source = source
        auction = DutchAuction(terms)
        goods = terms.supply
        bids = .zero
        ended = terms.end
        isClosed = false
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(owner)
        encoder.write(source)
        encoder.write(auction)
        encoder.write(goods)
        encoder.write(bids)
        encoder.write(ended)
        encoder.write(isClosed)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        owner = try decoder.read()
        source = try decoder.read()
        auction = try decoder.read()
        goods = try decoder.read()
        bids = try decoder.read()
        ended = try decoder.read()
        isClosed = try decoder.readFlag()
    }
}

/// What one participant of an auction paid in.
public struct BidRecord: Hashable, Sendable, CanonicalCodable {
    /// Who gets goods and refund.
    public let account: AccountID
    /// How much.
    public internal(set) var paid: Amount

    init(account: AccountID, paid: Amount) {
        self.account = account
        self.paid = paid
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(account)
        encoder.write(paid)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        account = try decoder.read()
        paid = try decoder.read()
    }
}
