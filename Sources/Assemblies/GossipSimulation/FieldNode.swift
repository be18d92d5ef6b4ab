// SPDX-License-Identifier: Apache-2.0
import Cryptography
import LibP2P

/// One node of the field: a router, a connection manager, and whom it knows.
final class FieldNode {
    /// A connection with another node.
    struct Wire {
        /// The same at both ends; a message of an earlier one arrives nowhere.
        let number: UInt64
        let booked: UInt64
        let isOutbound: Bool
        /// When the last message arrives: streams keep their order.
        var lastArrival: UInt64 = 0
    }

    let number: Int
    let role: GossipScenario.Role
    let key: SigningKey
    let peer: PeerID
    let ip: [UInt8]
    let region: Int
    private let scenario: GossipScenario

    var router: GossipRouter
    var ledger: ConnectionLedger
    var plan: OutboundPlan
    /// Whom it has heard of.
    var known: [Int] = []
    var wires: [Int: Wire] = [:]
    var isUp = true
    /// Since when, in milliseconds.
    var upSince: UInt64 = 0
    var life: UInt64 = 1
    /// What a villain has heard and says again.
    var heard: [GossipMessage] = []

    init(
        _ number: Int, _ role: GossipScenario.Role, ip: [UInt8], _ scenario: GossipScenario,
        seed: UInt64
    ) {
        self.number = number
        self.role = role
        self.ip = ip
        self.scenario = scenario
        region = number % Delays.regionCount
        var dice = Dice(seed ^ UInt64(number) &* 0x1000_0000_01b3)
        guard let key = SigningKey(seed: dice.bytes(32)) else {
            preconditionFailure("thirty-two bytes make a key")
        }
        self.key = key
        peer = PeerID(of: key.publicKey)
        router = Self.router(key, scenario, life: 1, seed: dice.next())
        ledger = ConnectionLedger(own: peer, limits: ConnectionLedger.Limits())
        plan = OutboundPlan(Self.rules, seed: dice.next())
    }

    /// The usual rules, but that a new node dials all it wants at once, to save time.
    private static var rules: OutboundPlan.Rules {
        var rules = OutboundPlan.Rules()
        rules.dialsMax = rules.wanted
        return rules
    }

    private static func router(
        _ key: SigningKey, _ scenario: GossipScenario, life: UInt64, seed: UInt64
    ) -> GossipRouter {
        GossipRouter(
            signer: key, parameters: scenario.parameters, scoring: scenario.scoring,
            firstSequence: life << 32, seed: seed)
    }

    /// Begins a new life that remembers nothing but whom it knows.
    func restart(seed: UInt64, now: UInt64) {
        life += 1
        router = Self.router(key, scenario, life: life, seed: seed)
        ledger = ConnectionLedger(own: peer, limits: ConnectionLedger.Limits())
        plan = OutboundPlan(Self.rules, seed: seed ^ 1)
        wires = [:]
        isUp = true
        upSince = now
    }

    /// Its neighbours, in order.
    var neighbours: [Int] { wires.keys.sorted() }
}
