// SPDX-License-Identifier: Apache-2.0
import LibP2P
import Vocabulary

extension PeerMesh {
    /// Takes in the keys that count as listed although no address of theirs is known, in place of
    /// those told before (TRANSPORT-14). A guest whose key is among them is let go, to come back.
    public func setMembers(_ keys: Set<PublicKey>) {
        let (promoted, former) = state.withLock { state in
            let former = state.members.subtracting(keys)
            state.members = keys
            let promoted = state.connected.filter {
                $0.info.isGuest && keys.contains($0.info.publicKey)
            }
            return (promoted, former.filter { state.peers[$0]?.address == nil })
        }
        for key in former { swarm.protect(PeerID(of: key), false) }
        for key in keys where key != publicKey { swarm.protect(PeerID(of: key)) }
        for connection in promoted { connection.close(.replaced) }
        keepWanted()
    }

    /// Whether a peer is a member, or in the list.
    public func isListed(_ key: PublicKey) -> Bool { state.withLock { $0.isListed(key) } }

    /// Whether a peer is a member.
    public func isMember(_ peer: PeerID) -> Bool {
        guard let key = peer.key?.ed25519 else { return false }
        return state.withLock { $0.members.contains(key) }
    }

    /// The connected peers, in key order.
    public func connectedPeers() -> [PeerInfo] {
        state.withLock { $0.connected.map(\.info) }
    }

    /// How every listed peer and guest stands, in key order.
    public func peers() -> [PeerStatus] { status().peers }

    /// How the whole mesh stands, for status pages and metrics. Cost: a lock a peer.
    public func status() -> MeshStatus {
        let snapshot = state.withLock { $0 }
        var status = MeshStatus()
        status.pendingHandshakes = swarm.pendingConnections + snapshot.greetings.count
        status.handshakesShed = swarm.refusedConnections
        status.traffic = snapshot.departed
        for key in snapshot.peers.keys.sorted() {
            guard let record = snapshot.peers[key] else { continue }
            let peer = Self.status(of: key, record)
            status.traffic.add(peer.traffic)
            status.peers.append(peer)
        }
        for (code, count) in snapshot.ends.enumerated() where count > 0 {
            let name = DisconnectReason.name(ofCode: UInt8(code))
            status.ends.append(EndCount(name: name, count: count))
        }
        return status
    }

    private static func status(of key: PublicKey, _ record: PeerRecord) -> PeerStatus {
        var status = PeerStatus(
            publicKey: key, address: record.address,
            state: record.isDialing ? .dialing : .waiting)
        status.traffic = record.traffic
        status.connections = record.connections
        status.lastReason = record.lastReason
        guard let connection = record.connection else { return status }
        status.state = .connected
        status.info = connection.info
        connection.state.withLock { state in
            status.traffic.add(state.traffic)
            status.queuedBytes = state.queue.bytes
            status.roundTripMicroseconds = state.roundTripMicroseconds
        }
        return status
    }
}
