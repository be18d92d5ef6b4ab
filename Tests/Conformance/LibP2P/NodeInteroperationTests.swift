// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import LibP2P
import PeerNetwork
import TestSupport
import Testing
import Vocabulary

extension Interoperation {
    @Suite("A node's port, dialled by others (TRANSPORT-1, TRANSPORT-25)")
    struct NodeTests {
        /// Runs `body` with a node of a cloud and a peer of another implementation.
        private func withNode(
            _ kind: PeerKind,
            _ body: @escaping @Sendable (PeerMesh, PeerProcess, Effects) async throws -> Void
        ) async throws {
            guard kind.isInstalled else { return }
            let world = try LoopWorld()
            try await world.run { effects in
                guard let key = SigningKey(seed: effects.chance.bytes(32)) else {
                    preconditionFailure("thirty-two bytes were asked for")
                }
                let chain = ChainID(key.publicKey.raw)
                let mesh = PeerMesh(
                    effects: effects, identity: key, chain: chain, roles: .validator,
                    listen: Endpoint(host: "127.0.0.1", port: 0), peers: [])
                let discovery = CloudDiscovery(mesh, effects: effects, chain: chain)
                try await mesh.start(MeshHandlers(messages: { _ in }))
                try await discovery.start()
                let peer = try await PeerProcess(kind, effects, arguments(kind))
                do {
                    try await body(mesh, peer, effects)
                } catch {
                    await peer.stop()
                    await mesh.stop()
                    throw error
                }
                await peer.stop()
                try await discovery.stop()
                await mesh.stop()
            }
        }

        @Test(
            "it is dialled, says what it is, answers pings, and takes nobody into its mesh for it",
            arguments: PeerKind.allCases)
        func dialled(kind: PeerKind) async throws {
            try await withNode(kind) { mesh, peer, effects in
                try await peer.tell("dial \(address(of: mesh.swarm))", answer: "dialled")
                try await wait(effects, "identify") {
                    mesh.swarm.description(of: peer.peer)?.agent.isEmpty == false
                }
                #expect(try await mesh.swarm.ping(peer.peer) > 0)
                if kind != .kubo {
                    try await peer.tell("ping \(mesh.swarm.peer)", answer: "pong")
                }
                #expect(mesh.connectedPeers().isEmpty)
                guard kind == .python else { return }
                try await wait(effects, "identify at the other side") {
                    let names = try? await peer.tell(
                        "protocols \(mesh.swarm.peer)", answer: "protocols")
                    return names?.contains(PeerMesh.protocolName) == true
                        && names?.contains(CloudDiscovery.tableProtocol) == true
                        && names?.contains(RendezvousService.protocolName) == true
                }
            }
        }
    }
}
