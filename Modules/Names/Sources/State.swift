// SPDX-License-Identifier: Apache-2.0
import Ledger
public import Vocabulary

/// What the module stores, under which keys.
public enum NamesKeys {
    /// 0: the ``NamesParameters``.
    public static let parameters: [UInt8] = [0]
    /// 1, name: a ``NameRecord``.
    public static func name(_ name: PlainName) -> [UInt8] { [namePrefix] + Array(name.text.utf8) }
    /// 2, name: a ``NameAuction``.
    public static func auction(_ name: PlainName) -> [UInt8] {
        [auctionPrefix] + Array(name.text.utf8)
    }
    /// 3, end, name: one byte, for every auction; 8 bytes big-endian, so the first end is first.
    static func due(_ ends: Timestamp, _ name: PlainName) -> [UInt8] {
        [duePrefix] + withUnsafeBytes(of: ends.value.bigEndian) { Array($0) }
            + Array(name.text.utf8)
    }
    /// 4, owner, name: one byte, for every name of an owner.
    public static func owned(_ owner: AccountID, _ name: PlainName) -> [UInt8] {
        owned(by: owner) + Array(name.text.utf8)
    }
    /// 4, owner: the prefix of an owner's names.
    public static func owned(by owner: AccountID) -> [UInt8] { [4] + owner.raw.bytes }

    static let namePrefix: UInt8 = 1
    static let auctionPrefix: UInt8 = 2
    static let duePrefix: UInt8 = 3
    /// Kind and end, before the name.
    static let dueHeadBytes = 9
    /// What stands under a key whose presence is all it says.
    static let mark: [UInt8] = [1]
}

/// A name that somebody holds, or held until lately.
public struct NameRecord: Hashable, Sendable, CanonicalCodable {
    /// Whose it is.
    public internal(set) var owner: AccountID
    /// Whom it stands for.
    public internal(set) var target: AccountID
    /// From when on it stands for nobody; its owner may still renew it for a while.
    public internal(set) var expires: Timestamp

    init(owner: AccountID, target: AccountID, expires: Timestamp) {
        self.owner = owner
        self.target = target
        self.expires = expires
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(owner)
        encoder.write(target)
        encoder.write(expires)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        owner = try decoder.read()
        target = try decoder.read()
        expires = try decoder.read()
    }
}

/// The open auction of a name.
public struct NameAuction: Hashable, Sendable, CanonicalCodable {
    /// Who paid the highest bid.
    public internal(set) var bidder: AccountID
    /// Whose the name shall be.
    public internal(set) var owner: AccountID
    /// The highest bid.
    public internal(set) var amount: Amount
    /// When it ends, unless somebody bids shortly before.
    public internal(set) var ends: Timestamp
    /// How many bids there were.
    public internal(set) var bids: UInt32

    init(bidder: AccountID, owner: AccountID, amount: Amount, ends: Timestamp, bids: UInt32) {
        self.bidder = bidder
        self.owner = owner
        self.amount = amount
        self.ends = ends
        self.bids = bids
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(bidder)
        encoder.write(owner)
        encoder.write(amount)
        encoder.write(ends)
        encoder.write(bids)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        bidder = try decoder.read()
        owner = try decoder.read()
        amount = try decoder.read()
        ends = try decoder.read()
        bids = try decoder.read()
    }
}
