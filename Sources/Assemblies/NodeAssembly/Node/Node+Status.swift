// SPDX-License-Identifier: Apache-2.0
import Effects
public import NodeInterface
import PeerNetwork
import Vocabulary

extension Node {
    /// How the node stands.
    public func status() async -> NodeStatus {
        let mesh = links.status()
        let connected = Set(mesh.peers.filter { $0.state == .connected }.map(\.publicKey))
        let own = configuration.identity.publicKey
        let set = validators.validators.map { validator in
            NodeStatus.Validator(
                name: name(of: validator.key), publicKey: validator.key,
                stake: UInt64(clamping: validator.stake),
                isConnected: configuration.keys.contains { $0.publicKey == validator.key }
                    || connected.contains(validator.key))
        }
        var status = NodeStatus(
            publicKey: own, roles: roles.description, head: head,
            slot: lastFinal?.block.header.slot ?? Slot(0),
            lastBlockAgeMilliseconds: effects.time.now().milliseconds(since: lastFinalAt),
            validators: set, quorum: UInt64(clamping: validators.quorum),
            peers: mesh.peers.map(peer),
            pendingTransactions: mempool.count, blobBytes: await blobStore.bytesHeld,
            counters: counters.named + peaks + traffic(mesh), troubles: [])
        status.offences = offenceBook.all
        status.troubles = currentTroubles(of: status)
        return status
    }

    /// What people call a validator: its name in the genesis, or the beginning of its key.
    private func name(of key: PublicKey) -> String {
        genesis.validators.first { $0.publicKey == key }?.name ?? "\("\(key)".prefix(8))"
    }

    /// What the node does, with the vote its keys give it.
    var roles: PeerRoles { Self.roles(of: configuration, in: validators) }

    private func peer(_ peer: PeerStatus) -> NodeStatus.Peer {
        NodeStatus.Peer(
            publicKey: peer.publicKey, roles: peer.info?.roles.description ?? "unknown",
            endpoint: peer.address ?? peer.info?.remote, state: peer.state.rawValue,
            roundTripMicroseconds: peer.roundTripMicroseconds,
            lastReason: peer.lastReason.map { "\($0)" })
    }

    /// The names sort between the counters and those of the transport.
    private var peaks: [(name: String, value: UInt64)] {
        [
            ("inbox_bytes_peak", UInt64(inboxBytesPeak)),
            ("inbox_inputs_peak", UInt64(inboxPeak)),
            ("lane_bytes_held", UInt64(lanes.heldBytes)),
        ]
    }

    private func traffic(_ mesh: MeshStatus) -> [(name: String, value: UInt64)] {
        [
            ("transport_bytes_in_total", mesh.traffic.bytesIn),
            ("transport_bytes_out_total", mesh.traffic.bytesOut),
            ("transport_handshakes_shed_total", mesh.handshakesShed),
            ("transport_messages_in_total", mesh.traffic.messagesIn),
            ("transport_messages_out_total", mesh.traffic.messagesOut),
        ]
    }

    private func currentTroubles(of status: NodeStatus) -> [String] {
        var found = troubles.keys.sorted().compactMap { troubles[$0] }
        if !status.hasQuorum {
            let away = status.validators.filter { !$0.isConnected }.map(\.name)
            found.append(
                "no quorum: validators \(away.joined(separator: ", ")) are not connected; "
                    + "\(status.stakeConnected) of the \(status.quorum) stake a block needs is here"
            )
        }
        return found
    }
}
