// SPDX-License-Identifier: Apache-2.0
import Effects
import Ledger
import LibP2P
import NodeInterface
import PeerNetwork
import Registry
import Reputation
import ServiceDiscovery
import ServiceNetwork
import Synchronization
import Vocabulary

/// A node's part in its network's services and negotiations (specs/discovery.md), over the
/// connections of its mesh.
final class NodeServices: ServiceAccess, TraceAccess {
    /// What this node hears: everything the market can order today.
    static let capabilities = [Capability("wasm/1")].compactMap(\.self)

    private let swarm: Swarm
    private let gossip: GossipService
    /// The node's hash table, which finding nodes uses too.
    let table: KademliaService
    private let bulletin: ServiceBulletin
    private let exchange: TaskExchange
    private let window: LedgerWindow
    /// The way to providers of leases.
    let leases: NodeLeases

    /// Prepares it; nothing happens before ``start(reading:)``.
    init(_ mesh: PeerMesh, effects: Effects, chain: ChainID) {
        let swarm = mesh.swarm
        self.swarm = swarm
        let window = LedgerWindow()
        self.window = window
        gossip = GossipService(swarm, effects: effects)
        var validators = KadValidators()
        validators.set(
            ServiceTopics.namespace,
            ServiceTopics.validator(chain: chain) { effects.time.wallClock() })
        table = KademliaService(
            swarm, effects: effects, protocolName: CloudDiscovery.tableProtocol,
            validators: validators)
        bulletin = ServiceBulletin(
            swarm, gossip: gossip, table: table, effects: effects, chain: chain
        ) { signer, account in await window.standing(of: signer, account) }
        exchange = TaskExchange(gossip: gossip, effects: effects, chain: chain)
        leases = NodeLeases(mesh, chain: chain, table: table)
    }

    /// Takes part from now on; what the ledger says is read from `node`.
    func start(reading node: any NodeAccess) {
        window.open(on: node)
        gossip.start()
        table.start()
        bulletin.start(hearing: Self.capabilities)
        exchange.start(hearing: Self.capabilities)
    }

    /// Takes part no longer.
    func stop() {
        bulletin.stop()
        exchange.stop()
        table.stop()
        gossip.stop()
        window.close()
    }

    /// What is counted, by metric name.
    var counters: [(name: String, value: UInt64)] {
        let counted = gossip.counters
        return [
            ("gossip_delivered_total", counted.delivered),
            ("gossip_dropped_total", gossip.droppedMessages),
            ("gossip_published_total", counted.published),
            ("gossip_rejected_total", counted.rejected),
        ] + bulletin.counters + [("table_peers", UInt64(table.tableCount))] + exchange.counters
            + leases.counters
    }

    // MARK: Services

    var addresses: [[UInt8]] { get async { swarm.addresses.map(\.bytes) } }

    func announce(_ signed: SignedAnnouncement) async throws(ServiceRefusal) {
        try await bulletin.announce(signed)
    }

    func search(_ query: ServiceQuery) async -> ServicePage {
        let page = bulletin.search(query)
        guard page.listings.isEmpty, let capability = query.capability,
            !Self.capabilities.contains(capability)
        else { return page }
        await bulletin.lookUp(capability)
        return bulletin.search(query)
    }

    // MARK: Negotiations

    func say(_ signed: SignedTaskMessage) async throws(NegotiationRefusal) {
        try exchange.say(signed)
    }

    func negotiation(_ task: TaskID) async -> TaskNegotiation? { exchange[task] }

    func openTasks() async -> [TaskNegotiation] { exchange.open() }

    func changes(after version: UInt64, waiting milliseconds: UInt64) async -> UInt64 {
        await exchange.changes(after: version, waiting: milliseconds)
    }

    // MARK: The debug log

    func begin(
        peer: String?, protocolStart: String, seconds: UInt64
    ) async throws(NetworkRefusal) {
        var name: PeerID?
        if let peer {
            do {
                name = try PeerID(peer)
            } catch {
                throw .malformed("'\(peer)' is no peer's name")
            }
        }
        swarm.trace(TraceWish(peer: name, protocolStart: protocolStart, seconds: seconds))
    }

    func page(after number: UInt64, limit: Int) async -> NetworkTrace {
        let page = swarm.traced(after: number, limit: limit)
        return NetworkTrace(
            movements: page.movements.map { one in
                NetworkTrace.Movement(
                    number: one.number, milliseconds: one.milliseconds, peer: "\(one.peer)",
                    protocolName: one.protocolName, stream: one.stream,
                    isInbound: one.isInbound, bytes: one.bytes)
            }, noted: page.noted, isRunning: page.isRunning)
    }
}

/// What the node's own ledger says of those who announce; nothing before the node stands.
private final class LedgerWindow: Sendable {
    private let node = Mutex<(any NodeAccess)?>(nil)

    func open(on node: any NodeAccess) { self.node.withLock { $0 = node } }

    func close() { node.withLock { $0 = nil } }

    func standing(of signer: PublicKey, _ account: AccountID) async -> ProviderStanding? {
        guard let node = node.withLock({ $0 }) else { return nil }
        return await node.read { state, _ in
            guard let provider = RegistryQueries(state).provider(account),
                provider.peer == signer
            else { return nil }
            let standing = ReputationModule().standing(of: account, in: state)
            return ProviderStanding(score: standing.score, isActive: provider.isActive)
        }
    }
}
