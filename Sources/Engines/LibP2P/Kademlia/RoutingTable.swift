// SPDX-License-Identifier: Apache-2.0

/// The peers this node asks first, in buckets by how many bits their places share with its own.
///
/// A bucket holds at most ``bucketMax`` peers, of which few are from one subnet, so that who owns a
/// subnet owns no bucket. A peer that is known stays before newer ones as long as it answers.
///
/// Source: libp2p kad-dht specification, "Kademlia routing table"; LIBP-42.
public struct RoutingTable: Sendable {
    /// The most peers of one bucket: k.
    public static let bucketMax = 20
    /// The most of them from one public subnet.
    public static let bucketSubnetMax = 2
    /// The most peers of the whole table from one public subnet.
    public static let tableSubnetMax = 3
    /// After how long without a word a peer gives way to a newer one, in milliseconds.
    static let staleMilliseconds: UInt64 = 3_600_000

    private struct Entry {
        let peer: PeerID
        let key: KadKey
        let subnet: Subnet?
        var heardAt: UInt64
    }

    private let own: KadKey
    private let ownPeer: PeerID
    private var buckets: [[Entry]] = Array(repeating: [], count: KadKey.bitCount)
    private var subnets: [Subnet: Int] = [:]

    /// How many peers there are.
    public private(set) var count = 0

    /// An empty table of a node.
    public init(own: PeerID) {
        ownPeer = own
        self.own = KadKey(own)
    }

    /// The peers, nearest to this node last.
    public var peers: [PeerID] { buckets.flatMap { $0.map(\.peer) } }

    /// Whether a peer is in the table.
    public func contains(_ peer: PeerID) -> Bool {
        peer != ownPeer && bucket(of: KadKey(peer)).contains { $0.peer == peer }
    }

    private func bucket(of key: KadKey) -> [Entry] { buckets[index(of: key)] }

    private func index(of key: KadKey) -> Int {
        min(own.commonBits(with: key), KadKey.bitCount - 1)
    }

    /// Notes that a peer has been heard from, and takes it in when there is room.
    ///
    /// - Parameter ip: Its address, when it is a public one.
    /// - Returns: Whether it is in the table now.
    @discardableResult
    public mutating func heard(_ peer: PeerID, ip: [UInt8]?, now: UInt64) -> Bool {
        guard peer != ownPeer else { return false }
        let key = KadKey(peer)
        let index = index(of: key)
        if let place = buckets[index].firstIndex(where: { $0.peer == peer }) {
            buckets[index][place].heardAt = now
            return true
        }
        let subnet = ip.flatMap { PublicAddress.isPublic($0) ? Subnet(of: $0) : nil }
        guard hasRoom(for: subnet, in: index) else { return false }
        if buckets[index].count >= Self.bucketMax {
            guard let oldest = buckets[index].min(by: { $0.heardAt < $1.heardAt }),
                oldest.heardAt + Self.staleMilliseconds <= now
            else { return false }
            remove(oldest.peer)
        }
        buckets[index].append(Entry(peer: peer, key: key, subnet: subnet, heardAt: now))
        if let subnet { subnets[subnet, default: 0] += 1 }
        count += 1
        return true
    }

    private func hasRoom(for subnet: Subnet?, in index: Int) -> Bool {
        guard let subnet else { return true }
        return subnets[subnet, default: 0] < Self.tableSubnetMax
            && buckets[index].count { $0.subnet == subnet } < Self.bucketSubnetMax
    }

    /// Forgets a peer that does not answer.
    public mutating func remove(_ peer: PeerID) {
        let index = index(of: KadKey(peer))
        guard let place = buckets[index].firstIndex(where: { $0.peer == peer }) else { return }
        let gone = buckets[index].remove(at: place)
        count -= 1
        guard let subnet = gone.subnet, let held = subnets[subnet] else { return }
        subnets[subnet] = held > 1 ? held - 1 : nil
    }

    /// Up to `limit` peers nearest to a place, the nearest first. Cost: the peers of the buckets
    /// that can hold them.
    public func nearest(to key: KadKey, limit: Int = bucketMax) -> [PeerID] {
        let shared = index(of: key)
        // The key's own bucket and those nearer to this node hold all that share as many bits.
        var found = buckets[shared...].flatMap(\.self)
        var lower = shared
        while found.count < limit, lower > 0 {
            lower -= 1
            found += buckets[lower]
        }
        return found.map { (distance: $0.key.distance(to: key), peer: $0.peer) }
            .sorted { $0.distance < $1.distance }
            .prefix(limit).map(\.peer)
    }

    /// The numbers of shared bits for which there are peers.
    public var filledBuckets: [Int] { buckets.indices.filter { !buckets[$0].isEmpty } }
}
