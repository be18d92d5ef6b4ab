// SPDX-License-Identifier: Apache-2.0
import Effects
public import NodeInterface
import PeerNetwork
import Validators
import Vocabulary

extension Node {
    /// Its network.
    public nonisolated var network: (any NetworkAccess)? { nodeNetwork }

    /// Services and negotiations on its network.
    public nonisolated var services: (any ServiceAccess)? { nodeServices }

    /// The way to providers of leases.
    public nonisolated var leases: (any LeaseAccess)? { nodeServices.leases }

    /// Its debug log.
    public nonisolated var trace: (any TraceAccess)? { nodeServices }

    /// How the node stands.
    public func status() async -> NodeStatus {
        let mesh = links.status()
        let connected = mesh.peers.filter { $0.state == .connected }.map(\.publicKey)
        let own = configuration.identity.publicKey
        let set = await standing(besides: connected)
        var status = NodeStatus(
            publicKey: own, roles: roles.description, head: head,
            slot: lastFinal?.block.header.slot ?? Slot(0),
            lastBlockAgeMilliseconds: effects.time.now().milliseconds(since: lastFinalAt),
            validators: set, quorum: UInt64(clamping: validators.quorum),
            peers: mesh.peers.map(peer),
            pendingTransactions: mempool.count, blobBytes: await blobStore.bytesHeld,
            counters: (counters.named + peaks + traffic(mesh) + nodeServices.counters)
                .sorted { $0.name < $1.name }, troubles: [])
        status.offences = offenceBook.all
        status.divergences = divergences.keys.sorted().compactMap { divergences[$0] }
        status.troubles = currentTroubles(of: status) + status.divergences.map { "\($0)" }
        if let damage = await sync.keeper.damage { status.troubles.append(damage) }
        return status
    }

    /// The validators of the epoch and whether each is in reach: under the key it votes with, or
    /// under an earlier one of the same member, which its node still goes by.
    func standing(besides connected: [PublicKey]) async -> [NodeStatus.Validator] {
        let present = Set(connected + configuration.keys.map(\.publicKey))
        let (set, founders) = (validators.validators, genesis.validators)
        return await read { state, _ in
            let known = ValidatorsQueries(state)
            let members = Set(present.compactMap { known.account(of: $0) })
            return set.map { validator in
                let account = known.account(of: validator.key)
                // Without a member of that key: its name in the genesis, or how the key begins.
                let name =
                    account.flatMap { known.member(of: $0)?.name }
                    ?? founders.first { $0.publicKey == validator.key }?.name
                return NodeStatus.Validator(
                    name: name ?? "\("\(validator.key)".prefix(8))", publicKey: validator.key,
                    stake: UInt64(clamping: validator.stake),
                    isConnected: present.contains(validator.key)
                        || account.map(members.contains) ?? false)
            }
        }
    }

    /// What the node does, with the vote its keys give it.
    var roles: PeerRoles { Self.roles(of: configuration, in: validators) }

    /// What a peer says that it does; whether it votes says the set, for a peer introduced itself
    /// in another epoch perhaps.
    private func roles(of peer: PeerInfo) -> PeerRoles {
        let others = peer.roles.subtracting(.validator)
        return validators.index(of: peer.publicKey) == nil ? others : others.union(.validator)
    }

    private func peer(_ peer: PeerStatus) -> NodeStatus.Peer {
        NodeStatus.Peer(
            publicKey: peer.publicKey, roles: peer.info.map { "\(roles(of: $0))" } ?? "unknown",
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
