// SPDX-License-Identifier: Apache-2.0
import Effects
import LibP2P
import Synchronization
import TestSupport
import Testing
import Vocabulary

extension Interoperation {
    @Suite("Being reached (LIBP-53) and local networks (LIBP-61)")
    struct DiscoveryTests {
        @Test("py-libp2p dials back for this side, and this side for it")
        func autonat() async throws {
            try await with(.python, arguments(.python)) { swarm, peer, effects in
                let service = AutoNATService(swarm, effects: effects)
                service.start()
                try await swarm.connect(to: peer.address)
                #expect(await service.ask(peer.peer) == .reached)
                // 0: the status of success.
                #expect(try await peer.tell("autonat \(swarm.peer)", answer: "answered") == "0")
            }
        }

        // Those dial public addresses only; that they say so is an answer.
        @Test("go-libp2p and Kubo answer who asks to be dialled", arguments: [PeerKind.go, .kubo])
        func autonatRefused(kind: PeerKind) async throws {
            try await with(kind, arguments(kind)) { swarm, peer, effects in
                let service = AutoNATService(swarm, effects: effects)
                try await swarm.connect(to: peer.address)
                #expect(await service.ask(peer.peer) == .refused)
            }
        }

        private final class Heard: Sendable {
            let peers = Mutex<[PeerID: [Multiaddr]]>([:])
        }

        /// An address of this machine on a network with groups, or nothing, which is said.
        private static func place(_ effects: Effects) -> String? {
            let found = ((try? effects.network.interfaces()) ?? [])
                .filter { $0.isMulticast && !$0.isLoopback }
                .flatMap(\.addresses).first { $0.contains(".") }
            if found == nil { print("no network here has groups: mDNS is not tried") }
            return found
        }

        @Test("peers of a local network find each other", arguments: PeerKind.allCases)
        func local(kind: PeerKind) async throws {
            guard kind.isInstalled else { return }
            let world = try LoopWorld()
            try await world.run { effects in
                guard let place = Self.place(effects) else { return }
                let swarm = try await makeSwarm(effects, host: place)
                try await swarm.start()
                let heard = Heard()
                let service = LocalDiscoveryService(swarm, effects: effects) { peer, addresses in
                    heard.peers.withLock { $0[peer] = addresses }
                }
                #expect(await service.start())
                let peer = try await PeerProcess(kind, effects, arguments(kind) + [place])
                do {
                    try await wait(effects, "word of it") {
                        heard.peers.withLock { $0[peer.peer] != nil }
                    }
                    // Nobody here dials: it has heard of this side, and dialled.
                    try await wait(effects, "its connection") { swarm.isConnected(peer.peer) }
                    #expect(swarm.connections.contains { $0.peer == peer.peer && $0.isInbound })
                    let addresses = heard.peers.withLock { $0[peer.peer] ?? [] }
                    #expect(addresses.contains(peer.address.withoutPeer))
                } catch {
                    await peer.stop()
                    throw error
                }
                await peer.stop()
                await service.stop()
                await swarm.stop()
            }
        }
    }
}
