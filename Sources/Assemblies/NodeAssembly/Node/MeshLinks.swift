// SPDX-License-Identifier: Apache-2.0
import Effects
import LibP2P
import PeerNetwork
import Synchronization
import Vocabulary

/// The node's side of the mesh: sends never wait, requests end in time.
final class MeshLinks: Sendable {
    private let mesh: PeerMesh
    private let members = Mutex<Set<PublicKey>>([])
    /// What finds peers besides those the node was told of, where it is wanted.
    private let discovery: CloudDiscovery?
    /// What lets it be reached where it cannot be dialled.
    private let doors: Doors?

    init(mesh: PeerMesh, discovery: CloudDiscovery? = nil, doors: Doors? = nil) {
        self.mesh = mesh
        self.discovery = discovery
        self.doors = doors
    }

    /// How others can reach it; nothing of a node that does not ask.
    var doorsStatus: DoorsStatus? { doors?.status }

    /// Listens, dials, and looks for peers.
    ///
    /// - Throws: ``NodeFailure/network(_:)``, ``NodeFailure/disk(_:)``.
    func start(_ handlers: MeshHandlers) async throws(NodeFailure) {
        do throws(NetworkFailure) {
            try await mesh.start(handlers)
        } catch {
            throw .network(error)
        }
        do throws(DiskFailure) {
            try await discovery?.start()
        } catch {
            await mesh.stop()
            throw .disk(error)
        }
        doors?.start()
    }

    /// Queues bytes for one peer; false when it is away or its queue is full.
    func send(_ bytes: [UInt8], on channel: Channel, to peer: PublicKey) -> Bool {
        mesh.trySend(bytes, on: channel, to: peer)
    }

    /// Queues bytes for many peers and returns for how many there was no room.
    func broadcast(_ bytes: [UInt8], on channel: Channel, to filter: PeerFilter) -> Int {
        mesh.broadcast(bytes, on: channel, to: filter).dropped
    }

    /// Asks one peer; nil when it refuses, is away or does not answer in time.
    func request(
        _ bytes: [UInt8], on channel: Channel, to peer: PublicKey, milliseconds: UInt64
    ) async -> [UInt8]? {
        try? await mesh.request(bytes, on: channel, to: peer, timeoutMilliseconds: milliseconds)
    }

    /// Asks one peer.
    ///
    /// - Throws: ``RequestFailure``, case by case.
    func answer(
        _ bytes: [UInt8], on channel: Channel, from peer: PublicKey, milliseconds: UInt64
    ) async throws(RequestFailure) -> [UInt8] {
        try await mesh.request(bytes, on: channel, to: peer, timeoutMilliseconds: milliseconds)
    }

    /// Says whose keys are no guests: the validators of this epoch and the next.
    func setMembers(_ keys: Set<PublicKey>) {
        members.withLock { $0 = keys }
        mesh.setMembers(keys)
    }

    /// Whether a key is one of them.
    func isMember(_ key: PublicKey) -> Bool { members.withLock { $0.contains(key) } }

    /// Who is connected, in key order.
    func connectedPeers() -> [PeerInfo] { mesh.connectedPeers() }

    /// How the mesh stands.
    func status() -> MeshStatus { mesh.status() }

    /// Keeps one more peer connected, over this process's end too; false where there is no room, or
    /// the node keeps to its list.
    func keep(_ address: Multiaddr) async -> Bool {
        await discovery?.keeper.keep(address) ?? false
    }

    /// Keeps a peer no longer that was added.
    func letGo(_ peer: PeerID) async { await discovery?.keeper.letGo(peer) }

    /// Whether a peer was added.
    func keeps(_ peer: PeerID) -> Bool { discovery?.keeper.keeps(peer) ?? false }

    /// Whether a peer is a validator, or one this node was told of.
    func isListed(_ peer: PublicKey) -> Bool { mesh.isListed(peer) }

    /// Closes every connection and returns when no handler runs any more.
    func stop() async {
        doors?.stop()
        // Peers that cannot be written down now are found again.
        try? await discovery?.stop()
        await mesh.stop()
    }
}
