// SPDX-License-Identifier: Apache-2.0
import Effects
import LibP2P
import NodeInterface
import PeerNetwork
import Vocabulary

/// What a node shows of its network and lets its owner change there (TRANSPORT-23).
final class NodeNetwork: NetworkAccess {
    private let swarm: Swarm
    private let links: MeshLinks
    private let effects: Effects

    init(_ swarm: Swarm, links: MeshLinks, effects: Effects) {
        self.swarm = swarm
        self.links = links
        self.effects = effects
    }

    private var now: UInt64 { effects.time.now().value / 1_000_000 }

    // MARK: Showing

    func status() async -> NetworkStatus {
        var status = NetworkStatus()
        status.peer = "\(swarm.peer)"
        status.addresses = swarm.addresses.map { "\($0.with(peer: swarm.peer))" }
        status.observedAddresses = swarm.observedAddresses.map { "\($0)" }
        if let doors = links.doorsStatus {
            status.reachability = doors.reachability.rawValue
            status.placesHeld = doors.placesHeld
            status.circuits = doors.circuits
        }
        status.connections = swarm.connections.map { one in
            NetworkConnection(
                peer: "\(one.peer)", address: "\(one.address)", isInbound: one.isInbound,
                streams: one.streams, roundTripMicroseconds: one.roundTripMicroseconds)
        }
        let traffic = swarm.protocolTraffic
        status.protocols = traffic.keys.sorted().compactMap { name in
            traffic[name].map { NetworkProtocol(name, $0) }
        }
        status.bans = bans.values.sorted { $0.banned < $1.banned }
        status.knownPeers = swarm.knownPeers.count
        status.ends = links.status().ends.map { ($0.name, $0.count) }
        return status
    }

    func peers() async -> [NetworkPeer] {
        let (bans, mesh, connected) = (bans, meshPeers, connections)
        let names = Set(swarm.knownPeers).union(connected.keys).union(mesh.keys)
            .union(bans.keys.compactMap { try? PeerID($0) })
        return names.sorted().map { page(of: $0, bans, mesh, connected) }
    }

    func describe(_ peer: String) async -> NetworkPeer? {
        guard let name = Self.name(peer) else { return nil }
        let (bans, mesh, connected) = (bans, meshPeers, connections)
        guard
            swarm.description(of: name) != nil || connected[name] != nil || mesh[name] != nil
                || bans["\(name)"] != nil
        else { return nil }
        return page(of: name, bans, mesh, connected)
    }

    private func page(
        of name: PeerID, _ bans: [String: NetworkBan], _ mesh: [PeerID: PeerStatus],
        _ connected: [PeerID: ConnectionStatus]
    ) -> NetworkPeer {
        var peer = NetworkPeer(peer: "\(name)")
        peer.publicKey = name.key?.ed25519
        if let known = swarm.description(of: name) {
            peer.addresses = known.addresses.map { "\($0)" }
            peer.protocols = known.protocols
            peer.agent = known.agent
        }
        if let connection = connected[name] {
            peer.isConnected = true
            peer.roundTripMicroseconds = connection.roundTripMicroseconds
            if peer.addresses.isEmpty { peer.addresses = ["\(connection.address)"] }
        }
        peer.roles = mesh[name]?.info.map { "\($0.roles)" }
        peer.lastReason = mesh[name]?.lastReason.map { "\($0)" }
        peer.isAdded = links.keeps(name)
        peer.isProtected = peer.publicKey.map(links.isMember) ?? false
        peer.ban = bans["\(name)"]
        return peer
    }

    private var connections: [PeerID: ConnectionStatus] {
        Dictionary(swarm.connections.map { ($0.peer, $0) }) { one, _ in one }
    }

    private var meshPeers: [PeerID: PeerStatus] {
        Dictionary(links.status().peers.map { (PeerID(of: $0.publicKey), $0) }) { one, _ in one }
    }

    private var bans: [String: NetworkBan] {
        let now = now
        var bans: [String: NetworkBan] = [:]
        for (banned, ban) in swarm.bans where ban.until > now {
            let name =
                switch banned {
                case .peer(let peer): "\(peer)"
                case .address(let ip):
                    ip.count == 4
                        ? ip.map { "\($0)" }.joined(separator: ".") : Hexadecimal.encode(ip)
                }
            bans[name] = NetworkBan(
                banned: name, reason: ban.reason, millisecondsLeft: ban.until - now)
        }
        return bans
    }

    // MARK: Changing

    func add(_ address: String) async throws(NetworkRefusal) {
        guard let way = try? Multiaddr(address), let peer = way.peer, way.endpoint != nil else {
            throw .malformed("'\(address)' is no address that ends in a peer's name")
        }
        if let ban = bans["\(peer)"] { throw .banned("\(peer) is kept out: \(ban.reason)") }
        guard await links.keep(way) else {
            throw .tooMany("this node keeps \(PeerKeeper.keptMax) added peers, or none")
        }
        do throws(ConnectionFailure) {
            try await swarm.connect(to: way)
        } catch {
            throw .unreachable(
                "\(peer) does not answer now (\(error.name)); it is kept, and dialled again")
        }
    }

    func ban(
        _ peer: String, reason: String, milliseconds: UInt64
    ) async throws(NetworkRefusal) {
        guard let name = Self.name(peer) else { throw Self.malformed(peer) }
        guard reason.utf8.count <= NetworkBan.reasonBytesMax else {
            throw .malformed("a reason has at most \(NetworkBan.reasonBytesMax) bytes")
        }
        if let key = name.key?.ed25519, links.isMember(key) {
            throw .protected("\(name) votes in this epoch or the next")
        }
        await links.letGo(name)
        swarm.ban(name, reason: reason, milliseconds: milliseconds)
    }

    func pardon(_ peer: String) async throws(NetworkRefusal) {
        guard let name = Self.name(peer) else { throw Self.malformed(peer) }
        guard bans["\(name)"] != nil else { throw .unknown("\(name) is not kept out") }
        swarm.pardon(name)
    }

    /// A peer by its name, or by its key's 64 hexadecimal digits.
    private static func name(_ text: String) -> PeerID? {
        PublicKey(hexadecimal: text).map { PeerID(of: $0) } ?? (try? PeerID(text))
    }

    private static func malformed(_ text: String) -> NetworkRefusal {
        .malformed("'\(text)' is neither a peer's name nor a key")
    }
}

extension NetworkProtocol {
    /// What a swarm counted of one protocol.
    fileprivate init(_ name: String, _ traffic: ProtocolTraffic) {
        self.init(name: name)
        inboundStreams = traffic.inboundStreams
        outboundStreams = traffic.outboundStreams
        refusedStreams = traffic.refusedStreams
        bytesIn = traffic.bytesIn
        bytesOut = traffic.bytesOut
    }
}
