// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import LibP2P
import TestSupport
import Testing
import Vocabulary

/// What both sides of a test with another implementation need.
///
/// Peers share the machine's processors, so one test runs at a time.
@Suite("With other implementations of libp2p", .serialized)
enum Interoperation {
    static let echoProtocol = "/echo/1.0.0"

    /// Runs `body` with a swarm of this implementation and a peer of another.
    static func with(
        _ kind: PeerKind, _ arguments: [String] = [],
        prepare: @escaping @Sendable (Swarm, Effects) -> Void = { _, _ in },
        _ body: @escaping @Sendable (Swarm, PeerProcess, Effects) async throws -> Void
    ) async throws {
        guard kind.isInstalled else { return }
        let world = try LoopWorld()
        try await world.run { effects in
            let swarm = try await makeSwarm(effects)
            prepare(swarm, effects)
            try await swarm.start()
            let peer = try await PeerProcess(kind, effects, arguments)
            do {
                try await body(swarm, peer, effects)
            } catch {
                await peer.stop()
                await swarm.stop()
                throw error
            }
            await peer.stop()
            await swarm.stop()
        }
    }

    /// A swarm that echoes, not yet listening.
    static func makeSwarm(
        _ effects: Effects, host: String = "127.0.0.1"
    ) async throws -> Swarm {
        guard let key = SigningKey(seed: effects.chance.bytes(32)) else {
            preconditionFailure("thirty-two bytes were asked for")
        }
        let configuration = SwarmConfiguration(
            identity: key, listen: [Endpoint(host: host, port: 0)])
        let swarm = Swarm(effects: effects, configuration)
        swarm.serve(echoProtocol) { stream in
            while let bytes = try? await stream.read(limit: 65_536), !bytes.isEmpty {
                guard (try? await stream.write(bytes)) != nil else { return }
            }
        }
        return swarm
    }

    /// Waits until `condition`, or gives up.
    static func wait(
        _ effects: Effects, _ what: String, milliseconds: Int = 30_000,
        until condition: @Sendable () async -> Bool
    ) async throws {
        for _ in 0..<milliseconds / 20 {
            if await condition() { return }
            await effects.time.sleep(milliseconds: 20)
        }
        throw PeerProblem.noAnswer(what)
    }

    /// Where a swarm listens, with its name.
    static func address(of swarm: Swarm) throws -> Multiaddr {
        guard let address = swarm.addresses.first else { throw PeerProblem.noAnswer("listening") }
        return address.with(peer: swarm.peer)
    }

    /// The kinds of key a py-libp2p peer may have.
    static func arguments(_ kind: PeerKind, key: String = "ed25519") -> [String] {
        kind == .python ? [key, "1.1.0"] : []
    }
}
