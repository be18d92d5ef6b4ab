// SPDX-License-Identifier: Apache-2.0

/// Which connections there are and which more there may be: the connection manager, as a value.
///
/// Inbound connections leave room for outbound ones, and only inbound ones have shares of address
/// and subnet, so that strangers who dial can never keep this node from choosing peers itself.
/// Source: LIBP-20.
public struct ConnectionLedger: Sendable {
    /// The most connections of each sort.
    public struct Limits: Sendable {
        /// In total; each costs about 30 KiB idle, so 7.5 MiB in all.
        public var totalMax = 256
        /// Of those, dialled by others: a quarter stays for this node's own choice.
        public var inboundMax = 192
        /// Dialled by others from one IP address.
        public var perAddressMax = 8
        /// Dialled by others from one subnet, /24 of IPv4 or /48 of IPv6.
        public var perSubnetMax = 32
        /// With one peer: through a relay and directly, each dialled by either side.
        public var perPeerMax = 4
        /// The most bans kept; the one that ends first goes when there are more.
        public var bansMax = 4_096

        /// The usual limits.
        public init() {}
    }

    /// Why, and until when, a peer or an address is kept out.
    public struct Ban: Hashable, Sendable {
        /// In words for people.
        public let reason: String
        /// Milliseconds of the clock that ``ban(_:reason:until:)`` was told by.
        public let until: UInt64
    }

    /// Whom a ban keeps out.
    public enum Banned: Hashable, Sendable {
        case peer(PeerID)
        case address([UInt8])
    }

    private struct Entry {
        let peer: PeerID?
        let ip: [UInt8]?
        let isInbound: Bool
    }

    /// Connections dialled by others.
    private struct Inbound {
        var all = 0
        var perAddress = Tally<[UInt8]>()
        var perSubnet = Tally<Subnet>()
    }

    private let limits: Limits
    private let own: PeerID
    private var entries: [UInt64: Entry] = [:]
    private var perPeer = Tally<PeerID>()
    private var inbound = Inbound()
    private var next: UInt64 = 1

    /// Whom bans keep out, and why.
    public private(set) var bans: [Banned: Ban] = [:]
    /// Peers whose connections are never closed for others' sake, and who have no limits of
    /// address and subnet.
    public private(set) var protected: Set<PeerID> = []

    /// An empty ledger of a node.
    public init(own: PeerID, limits: Limits) {
        self.own = own
        self.limits = limits
    }

    /// How many connections there are.
    public var count: Int { entries.count }

    /// Books a connection before it is set up.
    ///
    /// - Parameters:
    ///   - peer: Who is dialled, when it is known.
    ///   - ip: The other end's address, when it has one.
    /// - Returns: The number to book it out by.
    /// - Throws: ``ConnectionRefusal``.
    public mutating func admit(
        peer: PeerID?, ip: [UInt8]?, isInbound: Bool, now: UInt64
    ) throws(ConnectionRefusal) -> UInt64 {
        try check(peer: peer, ip: ip, now: now)
        guard entries.count < limits.totalMax else { throw .tooMany }
        if isInbound {
            guard inbound.all < limits.inboundMax else { throw .tooMany }
            // What comes from this machine itself is its owner's.
            let isProtected = peer.map { protected.contains($0) } ?? false
            if let ip, !PublicAddress.isLoopback(ip), !isProtected { try checkNeighbours(of: ip) }
        }
        let number = next
        next += 1
        note(Entry(peer: peer, ip: ip, isInbound: isInbound), at: number)
        return number
    }

    /// Notes who is at the other end of a booked connection.
    ///
    /// - Throws: ``ConnectionRefusal``; the connection stays booked until it is booked out.
    public mutating func identify(
        _ number: UInt64, as peer: PeerID, now: UInt64
    ) throws(ConnectionRefusal) {
        guard let entry = entries[number] else { return }
        note(Entry(peer: nil, ip: entry.ip, isInbound: entry.isInbound), at: number)
        try check(peer: peer, ip: entry.ip, now: now)
        note(Entry(peer: peer, ip: entry.ip, isInbound: entry.isInbound), at: number)
    }

    /// Books a connection out.
    public mutating func release(_ number: UInt64) { note(nil, at: number) }

    // What is counted follows each change, so that admitting costs the same however many there are.
    private mutating func note(_ entry: Entry?, at number: UInt64) {
        if let old = entries.removeValue(forKey: number) { count(old, by: -1) }
        guard let entry else { return }
        entries[number] = entry
        count(entry, by: 1)
    }

    private mutating func count(_ entry: Entry, by step: Int) {
        if let peer = entry.peer { perPeer.add(step, to: peer) }
        guard entry.isInbound else { return }
        inbound.all += step
        guard let ip = entry.ip else { return }
        inbound.perAddress.add(step, to: ip)
        inbound.perSubnet.add(step, to: Subnet(of: ip))
    }

    /// Keeps a peer or an address out until a time.
    public mutating func ban(_ banned: Banned, reason: String, until: UInt64) {
        bans[banned] = Ban(reason: reason, until: until)
        guard bans.count > limits.bansMax else { return }
        if let first = bans.min(by: { $0.value.until < $1.value.until }) { bans[first.key] = nil }
    }

    /// Lets a peer or an address in again.
    public mutating func pardon(_ banned: Banned) { bans[banned] = nil }

    /// Protects a peer, or no longer.
    public mutating func protect(_ peer: PeerID, _ isProtected: Bool) {
        if isProtected { protected.insert(peer) } else { protected.remove(peer) }
    }

    private mutating func check(
        peer: PeerID?, ip: [UInt8]?, now: UInt64
    ) throws(ConnectionRefusal) {
        if let ip, isBanned(.address(ip), now) { throw .banned }
        guard let peer else { return }
        guard peer != own else { throw .ownKey }
        guard !isBanned(.peer(peer), now) else { throw .banned }
        guard perPeer[peer] < limits.perPeerMax else { throw .tooManyOfPeer }
    }

    private func checkNeighbours(of ip: [UInt8]) throws(ConnectionRefusal) {
        guard inbound.perAddress[ip] < limits.perAddressMax else { throw .tooManyFromAddress }
        guard inbound.perSubnet[Subnet(of: ip)] < limits.perSubnetMax else {
            throw .tooManyFromSubnet
        }
    }

    private mutating func isBanned(_ banned: Banned, _ now: UInt64) -> Bool {
        guard let ban = bans[banned] else { return false }
        guard ban.until <= now else { return true }
        bans[banned] = nil
        return false
    }
}

/// How many there are of each; what there is none of takes no room.
private struct Tally<Key: Hashable & Sendable>: Sendable {
    private var counts: [Key: Int] = [:]

    subscript(key: Key) -> Int { counts[key] ?? 0 }

    mutating func add(_ step: Int, to key: Key) {
        let count = self[key] + step
        counts[key] = count == 0 ? nil : count
    }
}

/// The part of an IP address that one owner usually has whole: /24 of IPv4, /48 of IPv6.
struct Subnet: Hashable, Sendable {
    private let prefix: [UInt8]

    /// The subnet of four or sixteen bytes.
    init(of ip: [UInt8]) { prefix = Array(ip.prefix(ip.count == 4 ? 3 : 6)) }
}
