// SPDX-License-Identifier: Apache-2.0

/// Whether this node can be dialled.
public enum Reachability: String, Hashable, Sendable {
    /// Too few have tried.
    case unknown
    /// Several have reached it.
    case open
    /// Several have not.
    case closed
}

/// What peers that dialled back have said, the latest word of each.
///
/// Source: AutoNAT v1 specification: more than three must agree; LIBP-53.
public struct ReachabilityVotes: Sendable {
    /// How many must agree.
    public static let agreementMin = 4
    /// The most peers whose word is kept.
    public static let votersMax = 32

    private var votes: [(peer: PeerID, hasReached: Bool)] = []

    /// Nobody has said anything.
    public init() {}

    /// Notes what one peer says.
    public mutating func note(_ hasReached: Bool, by peer: PeerID) {
        votes.removeAll { $0.peer == peer }
        votes.append((peer, hasReached))
        if votes.count > Self.votersMax { votes.removeFirst() }
    }

    /// Which side is more numerous, however few have tried: enough to prepare for it, too little to
    /// tell others.
    public var leaning: Reachability {
        guard !votes.isEmpty else { return .unknown }
        return 2 * votes.count(where: \.hasReached) >= votes.count ? .open : .closed
    }

    /// What follows; the more numerous side counts.
    public var verdict: Reachability {
        let reached = votes.count(where: \.hasReached)
        let missed = votes.count - reached
        if reached >= Self.agreementMin, reached > missed { return .open }
        if missed >= Self.agreementMin, missed >= reached { return .closed }
        return .unknown
    }
}

/// How many dials a node makes for others: so many a minute in all and for each peer.
struct DialBudget: Sendable {
    static let totalMax = 30
    static let perPeerMax = 3
    private static let windowMilliseconds: UInt64 = 60_000

    private var spent: [(peer: PeerID, at: UInt64)] = []

    /// Takes one dial out of the budget.
    ///
    /// - Returns: Whether there was one left.
    mutating func take(for peer: PeerID, now: UInt64) -> Bool {
        spent.removeAll { $0.at + Self.windowMilliseconds <= now }
        guard spent.count < Self.totalMax, spent.count(where: { $0.peer == peer }) < Self.perPeerMax
        else { return false }
        spent.append((peer, now))
        return true
    }
}
