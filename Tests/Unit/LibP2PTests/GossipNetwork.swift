// SPDX-License-Identifier: Apache-2.0
import Cryptography

@testable import LibP2P

/// Routers that speak with each other in rounds of one link's time, without any loss.
struct GossipNetwork {
    private(set) var routers: [PeerID: GossipRouter] = [:]
    private(set) var delivered: [PeerID: [GossipMessage]] = [:]
    /// How many messages went over links.
    private(set) var transmissions = 0
    private(set) var now: UInt64 = 1_000
    /// Peers that take everything and pass nothing on.
    var silent: Set<PeerID> = []
    private var wires: [(from: PeerID, to: PeerID, bytes: [UInt8])] = []
    private let linkMilliseconds: UInt64 = 20
    private var nextBeat: UInt64 = 2_000

    let peers: [PeerID]

    init(_ count: Int, parameters: GossipParameters = GossipParameters()) {
        let keys = (0..<count).map { number in
            let seed = [UInt8(number >> 8), UInt8(truncatingIfNeeded: number)]
            return must(SigningKey(seed: seed + [UInt8](repeating: 1, count: 30)))
        }
        peers = keys.map { PeerID(of: $0.publicKey) }.sorted()
        for (index, key) in keys.enumerated() {
            let router = GossipRouter(
                signer: key, parameters: parameters, firstSequence: 1, seed: UInt64(index))
            routers[PeerID(of: key.publicKey)] = router
        }
    }

    subscript(peer: PeerID) -> GossipRouter { routers[peer] ?? must(nil) }

    /// Joins two routers; the first has dialled.
    mutating func connect(_ one: PeerID, _ other: PeerID, version: GossipVersion = .v12) {
        act(one) { $0.connected(other, version: version, isOutbound: true, ip: nil) }
        act(other) { $0.connected(one, version: version, isOutbound: false, ip: nil) }
    }

    /// Joins each with so many others.
    mutating func connect(degree: Int, seed: UInt64) {
        var dice = SeededDice(seed)
        for peer in peers {
            for other in dice.pick(degree, of: peers.filter { $0 != peer }) {
                connect(peer, other)
            }
        }
    }

    /// Lets one router do something and takes what it wants done.
    mutating func act(_ peer: PeerID, _ body: (inout GossipRouter) -> [GossipEffect]) {
        guard var router = routers[peer] else { return }
        let effects = body(&router)
        routers[peer] = router
        for effect in effects {
            switch effect {
            case .send(let rpc, let other): wires.append((peer, other, rpc.encoded))
            case .forward(let message, let others):
                guard !silent.contains(peer) else { continue }
                var rpc = GossipRPC()
                rpc.messages = [must(try? GossipMessage(message[...]))]
                transmissions += others.count
                for other in others { wires.append((peer, other, rpc.encoded)) }
            case .deliver(let message): delivered[peer, default: []].append(message)
            case .judge, .connect: break
            }
        }
    }

    mutating func subscribe(to topic: String) {
        for peer in peers {
            let now = now
            act(peer) { $0.subscribe(to: topic, now: now) }
        }
    }

    mutating func publish(_ data: [UInt8], by peer: PeerID, to topic: String = "t") {
        let now = now
        act(peer) { (try? $0.publish(data, to: topic, now: now)) ?? [] }
    }

    /// Ends all links of a router and joins it with others.
    mutating func move(_ peer: PeerID, degree: Int, dice: inout SeededDice) {
        for other in peers where other != peer {
            routers[peer]?.disconnected(other, now: now)
            routers[other]?.disconnected(peer, now: now)
        }
        for other in dice.pick(degree, of: peers.filter { $0 != peer }) { connect(peer, other) }
    }

    /// Says something to a router in another's name, whatever that one's router thinks of it.
    mutating func say(_ rpc: GossipRPC, from peer: PeerID, to other: PeerID) {
        wires.append((peer, other, rpc.encoded))
    }

    /// Lets time pass.
    mutating func run(milliseconds: UInt64) {
        let end = now + milliseconds
        while now < end {
            now += linkMilliseconds
            let arriving = wires
            wires = []
            let now = now
            for (from, to, bytes) in arriving {
                let rpc = must(try? GossipRPC(bytes))
                act(to) { $0.receive(rpc, from: from, now: now) }
            }
            guard now >= nextBeat else { continue }
            nextBeat += 1_000
            for peer in peers { act(peer) { $0.heartbeat(now: now) } }
        }
    }
}
