// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import LibP2P
import Synchronization
import Vocabulary

/// A peer with all services that let peers find and reach each other.
final class LonePeer: Sendable {
    /// How often it is looked what has changed, in milliseconds.
    private static let lookMilliseconds: UInt64 = 200
    /// How often lost connections are dialled again and services looked for, in milliseconds.
    private static let retryMilliseconds: UInt64 = 2_000
    /// When others are first asked to dial back, once they have said what they do, and how often
    /// then, in milliseconds: who asks more than three times a minute is refused.
    private static let askMilliseconds: (first: UInt64, then: UInt64) = (3_000, 30_000)
    /// The directory's protocol.
    private static let directoryProtocol = "/atoll/kad/1.0.0"

    private let arguments: PeerArguments
    private let effects: Effects
    private let swarm: Swarm
    private let directory: KademliaService
    private let client: RelayClient
    private let relay: RelayService
    private let reachability: AutoNATService
    private let punches: HolePunchService

    init(_ arguments: PeerArguments, _ effects: Effects) async throws {
        self.arguments = arguments
        self.effects = effects
        var configuration = SwarmConfiguration(
            identity: try await Self.key(arguments.keyFile, effects), listen: arguments.listen)
        configuration.agent = "atoll-peer/1"
        configuration.dialsFromListeningPort = true
        swarm = Swarm(effects: effects, configuration)
        directory = KademliaService(
            swarm, effects: effects, protocolName: Self.directoryProtocol)
        client = RelayClient(swarm, effects: effects)
        relay = RelayService(swarm, effects: effects)
        reachability = AutoNATService(swarm, effects: effects) { peer, outcome in
            Lines.tell("dialled-back \(peer) \(outcome.rawValue)")
        }
        punches = HolePunchService(swarm, effects: effects)
    }

    private static func key(_ path: String?, _ effects: Effects) async throws -> SigningKey {
        let fresh = effects.chance.bytes(32)
        guard let path else { return try key(of: fresh) }
        do {
            let text = String(
                decoding: try await effects.disk.read(path, limit: 128), as: UTF8.self)
            let digits = text.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? ""
            return try key(of: Hexadecimal.decode(digits) ?? [])
        } catch DiskFailure.notFound {
            let text = Hexadecimal.encode(fresh) + "\n"
            try await effects.disk.replace(path, with: Array(text.utf8))
            return try key(of: fresh)
        }
    }

    private static func key(of seed: [UInt8]) throws -> SigningKey {
        guard let key = SigningKey(seed: seed) else {
            throw PeerArguments.Fault(reason: "the key's file does not hold 64 hexadecimal digits")
        }
        return key
    }

    /// Runs until its time is over.
    func run() async throws {
        try await swarm.start()
        client.start()
        directory.start()
        reachability.start()
        punches.start()
        if arguments.isRelay { relay.start() }
        Lines.tell("peer \(swarm.peer)")
        for address in swarm.addresses {
            Lines.tell("listening \(address.with(peer: swarm.peer))")
        }
        let local = await discoverLocally()
        effects.tasks.spawn("looks") { await self.look() }
        effects.tasks.spawn("keeps") { await self.keep() }
        effects.tasks.spawn("asks") { await self.askAll() }
        guard let seconds = arguments.seconds else {
            while true { await effects.time.sleep(milliseconds: 3_600_000) }
        }
        await effects.time.sleep(milliseconds: seconds * 1_000)
        await local?.stop()
        await swarm.stop()
    }

    private func discoverLocally() async -> LocalDiscoveryService? {
        guard arguments.isLocal else { return nil }
        let service = LocalDiscoveryService(swarm, effects: effects) { [self] peer, addresses in
            Lines.tell("local \(peer) \(addresses.map(\.description).joined(separator: " "))")
            effects.tasks.spawn("connects") { await self.connect(to: peer) }
        }
        if await !service.start() { Lines.tell("local none") }
        return service
    }

    // MARK: What it does

    private func keep() async {
        while true {
            for address in arguments.connect where address.peer.map(swarm.isConnected) == false {
                do {
                    let peer = try await connect(to: address)
                    if arguments.reserves { await reserve(at: peer) }
                } catch {
                    Lines.tell("failed \(address) \(error)")
                }
            }
            for name in arguments.provide {
                // The directory may have nobody yet.
                try? await directory.provide(Self.content(of: name))
            }
            for name in arguments.find { await find(name) }
            await effects.time.sleep(milliseconds: Self.retryMilliseconds)
        }
    }

    private func askAll() async {
        await effects.time.sleep(milliseconds: Self.askMilliseconds.first)
        while true {
            for peer in swarm.connectedPeers {
                guard let outcome = await reachability.ask(peer) else { continue }
                Lines.tell("dial-back \(peer) \(outcome.rawValue)")
            }
            await effects.time.sleep(milliseconds: Self.askMilliseconds.then)
        }
    }

    private func connect(to address: Multiaddr) async throws -> PeerID {
        guard address.relay == nil else { return try await client.connect(to: address) }
        return try await swarm.connect(to: address)
    }

    private func connect(to peer: PeerID) async {
        guard !swarm.isConnected(peer) else { return }
        do {
            try await client.connect(to: peer)
        } catch {
            Lines.tell("failed \(peer) \(error)")
        }
    }

    private func reserve(at peer: PeerID) async {
        do {
            for place in try await client.reserve(at: peer) { Lines.tell("place \(place)") }
        } catch {
            Lines.tell("refused \(peer) \(error)")
        }
    }

    private func find(_ name: String) async {
        guard let peers = try? await directory.providers(of: Self.content(of: name)) else {
            return
        }
        for peer in peers where peer != swarm.peer && !swarm.isConnected(peer) {
            Lines.tell("provider \(peer) \(name)")
            await connect(to: peer)
        }
    }

    private static func content(of name: String) -> Multihash {
        Multihash(sha256Of: Array(name.utf8))
    }

    // MARK: What it tells

    private func look() async {
        var ways: Set<String> = []
        var verdict = Reachability.unknown
        var round = 0
        while true {
            let present = Set(swarm.connections.map(Self.text))
            for way in ways.subtracting(present).sorted() { Lines.tell("gone \(way)") }
            for way in present.subtracting(ways).sorted() { Lines.tell("way \(way)") }
            ways = present
            if reachability.reachability != verdict {
                verdict = reachability.reachability
                Lines.tell("reachability \(verdict.rawValue)")
            }
            if round.isMultiple(of: 10) { await ping() }
            round += 1
            await effects.time.sleep(milliseconds: Self.lookMilliseconds)
        }
    }

    private static func text(_ connection: ConnectionStatus) -> String {
        let kind = connection.address.relay == nil ? "direct" : "relayed"
        let side = connection.isInbound ? "inbound" : "outbound"
        return "\(connection.peer) \(kind) \(side) \(connection.address)"
    }

    private func ping() async {
        for peer in swarm.connectedPeers {
            guard let microseconds = try? await swarm.ping(peer) else { continue }
            Lines.tell("pong \(peer) \(microseconds)")
        }
    }
}
