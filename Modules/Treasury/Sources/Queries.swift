// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// What may be read of common money. It needs the state alone, so readers need no bank.
public struct TreasuryQueries {
    let state: any StateReader

    /// Reads a state, finished or under way.
    public init(_ state: any StateReader) { self.state = state }

    /// An account of several signers.
    public func multisig(_ account: AccountID) -> Multisig? {
        Self.decoded(state.value(.treasury, TreasuryKeys.multisig(account)))
    }

    /// A decision that has not happened.
    public func decision(_ number: UInt64, of account: AccountID) -> Decision? {
        Self.decoded(state.value(.treasury, TreasuryKeys.decision(account, number)))
    }

    /// A pool.
    public func pool(_ number: UInt64) -> TreasuryPool? {
        Self.decoded(state.value(.treasury, TreasuryKeys.pool(number)))
    }

    /// Pools by number, after `after`; at most `limit`.
    public func pools(
        after: UInt64? = nil, limit: Int = 100
    ) -> [(number: UInt64, pool: TreasuryPool)] {
        page(TreasuryKeys.poolPrefix, after.map(TreasuryKeys.pool), limit)
    }

    /// What a pool may spend of an asset in a period, if it is limited.
    public func limit(of pool: UInt64, _ asset: AssetID) -> OutflowLimit? {
        Self.decoded(state.value(.treasury, TreasuryKeys.limit(pool, asset)))
    }

    /// A grant.
    public func grant(_ number: UInt64) -> Grant? {
        Self.decoded(state.value(.treasury, TreasuryKeys.grant(number)))
    }

    /// Grants by number, after `after`; at most `limit`.
    public func grants(
        after: UInt64? = nil, limit: Int = 100
    ) -> [(number: UInt64, grant: Grant)] {
        page(TreasuryKeys.grantPrefix, after.map(TreasuryKeys.grant), limit)
    }

    /// An airdrop.
    public func airdrop(_ number: UInt64) -> Airdrop? {
        Self.decoded(state.value(.treasury, TreasuryKeys.airdrop(number)))
    }

    /// Airdrops by number, after `after`; at most `limit`.
    public func airdrops(
        after: UInt64? = nil, limit: Int = 100
    ) -> [(number: UInt64, airdrop: Airdrop)] {
        page(TreasuryKeys.airdropPrefix, after.map(TreasuryKeys.airdrop), limit)
    }

    /// Whether a place of an airdrop has been claimed.
    public func isClaimed(_ place: UInt64, of airdrop: UInt64) -> Bool {
        let (page, byte, bit) = ClaimPage.place(place)
        let bytes = state.value(.treasury, TreasuryKeys.claims(airdrop, page))
        return (bytes?[byte] ?? 0) & bit != 0
    }

    /// An auction.
    public func auction(_ number: UInt64) -> AuctionRecord? {
        Self.decoded(state.value(.treasury, TreasuryKeys.auction(number)))
    }

    /// Auctions by number, after `after`; at most `limit`.
    public func auctions(
        after: UInt64? = nil, limit: Int = 100
    ) -> [(number: UInt64, auction: AuctionRecord)] {
        page(TreasuryKeys.auctionPrefix, after.map(TreasuryKeys.auction), limit)
    }

    /// What a participant of an auction paid in.
    public func bid(_ participant: Bytes32, in auction: UInt64) -> BidRecord? {
        Self.decoded(state.value(.treasury, TreasuryKeys.bid(auction, participant)))
    }

    /// A bounty.
    public func bounty(_ number: UInt64) -> Bounty? {
        Self.decoded(state.value(.treasury, TreasuryKeys.bounty(number)))
    }

    /// Bounties by number, after `after`; at most `limit`.
    public func bounties(
        after: UInt64? = nil, limit: Int = 100
    ) -> [(number: UInt64, bounty: Bounty)] {
        page(TreasuryKeys.bountyPrefix, after.map(TreasuryKeys.bounty), limit)
    }

    /// Decisions of an account of several signers that have not happened, by number; at most
    /// `limit`.
    public func decisions(
        of account: AccountID, limit: Int = 100
    ) -> [(number: UInt64, decision: Decision)] {
        state.scan(
            .treasury, prefix: TreasuryKeys.decisions(of: account), after: nil, limit: limit
        ).compactMap { pair in
            Self.decoded(pair.value).map { (TreasuryKeys.number(in: pair.key, at: 33), $0) }
        }
    }

    /// An account's marks; at most `limit`.
    public func badges(of holder: AccountID, limit: Int = 100) -> [Badge] {
        state.scan(
            .treasury, prefix: TreasuryKeys.badges(of: holder), after: nil, limit: limit
        ).compactMap { Self.decoded($0.value) }
    }

    private func page<Value: CanonicalCodable>(
        _ prefix: UInt8, _ after: [UInt8]?, _ limit: Int
    ) -> [(UInt64, Value)] {
        state.scan(.treasury, prefix: [prefix], after: after, limit: limit).compactMap { pair in
            Self.decoded(pair.value).map { (TreasuryKeys.number(in: pair.key, at: 1), $0) }
        }
    }

    /// A stored value; what this module wrote always reads.
    static func decoded<Value: CanonicalCodable>(_ bytes: [UInt8]?) -> Value? {
        guard let bytes else { return nil }
        guard let value = try? Value(canonicalBytes: bytes) else {
            preconditionFailure("stored bytes of the treasury do not read as \(Value.self)")
        }
        return value
    }
}

/// Bits of claimed places: 2,048 of them take 256 bytes, one value of the state.
enum ClaimPage {
    static let bytes = 256

    static func place(_ place: UInt64) -> (page: UInt64, byte: Int, bit: UInt8) {
        let within = place % (UInt64(bytes) * 8)
        return (place / (UInt64(bytes) * 8), Int(within / 8), 1 << UInt8(within % 8))
    }
}
