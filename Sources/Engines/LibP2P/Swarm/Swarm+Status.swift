// SPDX-License-Identifier: Apache-2.0
public import Effects

extension Swarm {
    /// Whether a connection with a peer is ready.
    public func isConnected(_ peer: PeerID) -> Bool {
        state.withLock { $0.links[peer] != nil }
    }

    /// The peers that are connected, in the order of their names.
    public var connectedPeers: [PeerID] { state.withLock { $0.links.keys.sorted() } }

    /// How many connections are booked, also those that are not set up yet.
    public var bookedConnections: Int { state.withLock { $0.ledger.count } }

    /// How many connections are being set up.
    public var pendingConnections: Int { state.withLock { $0.pending.count } }

    /// How many connections were refused because there were too many, or the peer is banned.
    public var refusedConnections: UInt64 { state.withLock { $0.refusals } }

    /// How often connections ended for each reason, by its name.
    public var connectionEnds: [String: UInt64] { state.withLock { $0.ends } }

    /// Where it accepts connections, with the ports the system chose; none before start.
    public var listeningEndpoints: [Endpoint] { state.withLock { $0.listeners.map(\.endpoint) } }

    /// Every connection, in the order of the peers' names.
    public var connections: [ConnectionStatus] {
        let links = state.withLock { state in
            state.links.keys.sorted().flatMap { peer in
                (state.links[peer] ?? []).map { (peer, $0) }
            }
        }
        return links.map { peer, link in
            link.state.withLock { state in
                ConnectionStatus(
                    peer: peer, address: link.address, isInbound: link.isInbound,
                    streams: state.machine.streamCount,
                    roundTripMicroseconds: state.roundTripMicroseconds)
            }
        }
    }

    /// What went over streams, by protocol.
    public var protocolTraffic: [String: ProtocolTraffic] { traffic.all }

    /// What is known of a peer, connected or not.
    public func description(of peer: PeerID) -> PeerDescription? {
        state.withLock { $0.book[peer] }
    }

    /// Where several peers say they see this node, the most agreed on first.
    public var observedAddresses: [Multiaddr] { state.withLock { $0.observed.agreed } }

    /// Whether an address of a peer is known that can be dialled, or leads through a relay.
    package func isPlaced(_ peer: PeerID) -> Bool {
        description(of: peer)?.addresses.contains { $0.endpoint != nil || $0.relay != nil }
            ?? false
    }

    /// Whether a peer is said to be at another place than this one too.
    func knowsOtherAddress(of peer: PeerID, than address: Multiaddr) -> Bool {
        address.endpoint.map { knowsOtherAddress(of: peer, than: $0) } ?? false
    }

    /// Whether a peer is said to be at another place than this one too.
    package func knowsOtherAddress(of peer: PeerID, than endpoint: Endpoint) -> Bool {
        description(of: peer)?.addresses.contains {
            $0.relay != nil || ($0.endpoint != nil && $0.endpoint != endpoint)
        } ?? false
    }

    /// Whether all connections with a peer go through relays; not of one that has none.
    package func isRelayedOnly(_ peer: PeerID) -> Bool {
        let links = state.withLock { $0.links[peer] ?? [] }
        return !links.isEmpty && links.allSatisfy { $0.address.relay != nil }
    }

    /// All that is known of peers.
    public var bookOfPeers: PeerBook { state.withLock { $0.book } }

    /// Remembers the addresses of a book.
    public func remember(_ book: PeerBook) {
        for peer in book.peers { remember(book[peer]?.addresses ?? [], of: peer) }
    }

    /// Every peer that is known, in the order of their names.
    public var knownPeers: [PeerID] { state.withLock { $0.book.peers } }

    /// Remembers addresses of a peer, unless there are signed ones, which count before hearsay.
    public func remember(_ addresses: [Multiaddr], of peer: PeerID) {
        guard peer != self.peer, !addresses.isEmpty else { return }
        state.withLock { state in
            guard state.book[peer].map({ $0.recordSequence == 0 }) ?? true else { return }
            state.book.add(addresses, of: peer)
        }
    }

    /// Keeps a peer out for some time and ends its connections.
    ///
    /// - Parameter reason: In words for people.
    public func ban(_ peer: PeerID, reason: String, milliseconds: UInt64) {
        let now = effects.time.now().value / 1_000_000
        let (until, overflow) = now.addingReportingOverflow(milliseconds)
        state.withLock {
            $0.ledger.ban(.peer(peer), reason: reason, until: overflow ? .max : until)
        }
        disconnect(peer)
    }

    /// Lets a peer in again.
    public func pardon(_ peer: PeerID) {
        state.withLock { $0.ledger.pardon(.peer(peer)) }
    }

    /// Protects a peer from limits of address and subnet, or no longer.
    public func protect(_ peer: PeerID, _ isProtected: Bool = true) {
        state.withLock { $0.ledger.protect(peer, isProtected) }
    }

    /// Whom bans keep out, and why.
    public var bans: [ConnectionLedger.Banned: ConnectionLedger.Ban] {
        state.withLock { $0.ledger.bans }
    }
}
