// SPDX-License-Identifier: Apache-2.0
import LibP2P

/// Many gossip routers in one process and one virtual time: the routers and the connection managers
/// are those of real nodes, the network between them is a list of arrivals.
///
/// The same scenario and the same seed give the same history, in every process.
public final class GossipField {
    /// What all honest nodes want.
    static let topic = "field"
    /// What honest messages begin with; everything else is judged to be junk.
    static let mark: [UInt8] = [0x61, 0x74, 0x6f, 0x6c, 0x6c, 0x21, 0x0a, 0x00]
    /// How often a node looks whether it has enough connections, in microseconds.
    private static let keepMicroseconds: UInt64 = 5_000_000
    /// How often a villain misbehaves.
    static let mischiefMicroseconds: UInt64 = 500_000

    let scenario: GossipScenario
    var dice: Dice
    let delays: Delays
    var nodes: [FieldNode] = []
    var numbers: [PeerID: Int] = [:]
    var agenda = Agenda()
    var book: DeliveryBook
    var traffic = FieldTraffic()
    /// Microseconds since the beginning.
    var now: UInt64 = 0
    private var wiresMade: UInt64 = 0
    /// Whom eclipsers surround.
    private(set) var victims: [Int] = []

    /// Prepares a field.
    public init(_ scenario: GossipScenario, seed: UInt64) {
        precondition(
            (10...GossipScenario.nodesMax).contains(scenario.nodes), "too many, or too few")
        precondition((0...50).contains(scenario.hostilePercent), "half may be hostile at most")
        precondition(scenario.messageBytes >= 16, "a message has room for its number")
        self.scenario = scenario
        dice = Dice(seed)
        delays = Delays(distance: scenario.distance)
        book = DeliveryBook(nodeCount: scenario.nodes)
        makeNodes(seed)
    }

    var milliseconds: UInt64 { now / 1_000 }

    // MARK: The nodes

    private func makeNodes(_ seed: UInt64) {
        let hostile = scenario.nodes * scenario.hostilePercent / 100
        let roles = GossipScenario.Role.hostile
        for number in 0..<scenario.nodes {
            // Those that do not keep the rules have the last numbers.
            let place = number - (scenario.nodes - hostile)
            let role = place < 0 ? .honest : roles[place % roles.count]
            let node = FieldNode(
                number, role, ip: Self.ip(number, role), scenario, seed: seed)
            nodes.append(node)
            numbers[node.peer] = number
        }
        victims = Array(0..<max(1, honestCount / 100))
        for node in nodes { node.known = acquaintances(of: node) }
    }

    /// How many nodes keep the rules.
    var honestCount: Int { scenario.nodes - scenario.nodes * scenario.hostilePercent / 100 }

    // Honest nodes have a subnet each; sybils have ten names an address.
    private static func ip(_ number: Int, _ role: GossipScenario.Role) -> [UInt8] {
        switch role {
        case .sybil: [9, 9, UInt8(truncatingIfNeeded: number / 600), UInt8(number / 60 % 250 + 1)]
        case .eclipser: [8, 8, UInt8(number / 48 % 250), UInt8(number / 6 % 250 + 1)]
        default: [20, UInt8(number >> 8), UInt8(truncatingIfNeeded: number), 1]
        }
    }

    // A part of all; villains make themselves heard twice as much.
    private func acquaintances(of node: FieldNode) -> [Int] {
        let honest = nodes.indices.filter { $0 != node.number && nodes[$0].role == .honest }
        let hostile = nodes.indices.filter { $0 != node.number && nodes[$0].role != .honest }
        switch node.role {
        case .honest:
            return dice.pick(80, of: honest)
                + dice.pick(2 * 80 * hostile.count / honest.count, of: hostile)
        case .eclipser: return victims + dice.pick(8, of: honest)
        default: return dice.pick(60, of: honest)
        }
    }

    // MARK: Running

    /// Runs to the end and tells what came of it.
    public func run() -> GossipReport {
        for node in nodes { begin(node) }
        let first = GossipScenario.formingMilliseconds * 1_000
        for number in 0..<Int(scenario.seconds * scenario.messagesPerSecond) {
            let at = first + UInt64(number) * 1_000_000 / scenario.messagesPerSecond
            agenda.note(.publishes(number), at: at + dice.below(100_000))
        }
        for second in 0..<scenario.seconds {
            agenda.note(.leaves, at: first + second * 1_000_000)
        }
        while let (time, happening) = agenda.take(), time <= scenario.endMilliseconds * 1_000 {
            now = time
            happen(happening)
        }
        return report()
    }

    private func begin(_ node: FieldNode) {
        node.upSince = milliseconds
        act(node) { $0.subscribe(to: Self.topic, isJudged: true, now: self.milliseconds) }
        agenda.note(.heartbeat(node.number, life: node.life), at: now + dice.below(1_000_000))
        agenda.note(.keeps(node.number, life: node.life), at: now + dice.below(500_000))
        guard node.role != .honest else { return }
        agenda.note(.misbehaves(node.number), at: now + 3_000_000 + dice.below(500_000))
    }

    private func happen(_ happening: Happening) {
        switch happening {
        case .arrives(let parcel, let from, let to, let link): arrive(parcel, from, to, link)
        case .heartbeat(let number, let life):
            let node = nodes[number]
            guard node.isUp, node.life == life else { return }
            act(node) { $0.heartbeat(now: self.milliseconds) }
            agenda.note(happening, at: now + scenario.parameters.heartbeatMilliseconds * 1_000)
        case .keeps(let number, let life):
            let node = nodes[number]
            guard node.isUp, node.life == life else { return }
            keep(node)
            agenda.note(happening, at: now + Self.keepMicroseconds)
        case .misbehaves(let number):
            misbehave(nodes[number])
            agenda.note(happening, at: now + Self.mischiefMicroseconds)
        case .publishes: publish()
        case .leaves: churn()
        case .ends(let number, let other, let link):
            guard nodes[number].wires[other]?.number == link else { return }
            hangUp(nodes[number], other)
        case .returns(let number):
            let node = nodes[number]
            book.forget(number)
            node.restart(seed: dice.next(), now: milliseconds)
            begin(node)
        }
    }

    private func publish() {
        let settled = nodes.filter {
            $0.role == .honest && $0.isUp
                && $0.upSince + GossipScenario.settledMilliseconds <= milliseconds
        }
        guard !settled.isEmpty else { return }
        let author = settled[dice.place(settled.count)]
        let number = book.publish(by: author.number, at: now)
        var data = Self.mark + (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
        data += [UInt8](repeating: 0x2e, count: scenario.messageBytes - data.count)
        act(author) { router in
            (try? router.publish(data, to: Self.topic, now: self.milliseconds)) ?? []
        }
    }

    // MARK: Acting

    /// Lets a router do something and does what it wants.
    func act(_ node: FieldNode, _ body: (inout GossipRouter) -> [GossipEffect]) {
        perform(body(&node.router), node, hops: 0)
    }

    private func arrive(_ parcel: Parcel, _ from: Int, _ to: Int, _ link: UInt64) {
        let node = nodes[to]
        guard node.isUp, node.wires[from]?.number == link else { return }
        if node.role != .honest { remember(parcel.rpc.messages, node) }
        let effects = node.router.receive(
            parcel.rpc, from: nodes[from].peer, now: milliseconds)
        perform(effects, node, hops: parcel.hops)
    }

    private func perform(_ effects: [GossipEffect], _ node: FieldNode, hops: UInt8) {
        for effect in effects {
            switch effect {
            case .send(let rpc, let peer):
                guard let to = numbers[peer], says(rpc, node) else { continue }
                send(Parcel(rpc, bytes: rpc.encoded.count, hops: 0), from: node, to: to)
            case .forward(let message, let peers): forward(message, peers, node)
            case .deliver(let message): deliver(message, node, hops)
            case .judge(let id, let message, _):
                let isGood = message.data.starts(with: Self.mark)
                perform(
                    node.router.decide(id, isGood ? .accept : .reject, now: milliseconds), node,
                    hops: hops)
            case .connect: break
            }
        }
    }

    private func forward(_ encoded: [UInt8], _ peers: [PeerID], _ node: FieldNode) {
        guard passesOn(node), let message = try? GossipMessage(encoded[...]) else { return }
        var rpc = GossipRPC()
        rpc.messages = [message]
        let number = Self.number(of: message)
        let hops = number.map { book.hops($0, node.number) } ?? 0
        // Field, length of two bytes, message, and the length of the whole.
        let parcel = Parcel(rpc, bytes: encoded.count + 5, hops: hops &+ 1)
        for peer in peers {
            guard let to = numbers[peer] else { continue }
            send(parcel, from: node, to: to)
        }
    }

    private func deliver(_ message: GossipMessage, _ node: FieldNode, _ hops: UInt8) {
        guard let number = Self.number(of: message) else { return }
        book.deliver(number, to: node.number, at: now, hops: hops)
    }

    static func number(of message: GossipMessage) -> Int? {
        guard message.data.count >= 16, message.data.starts(with: mark) else { return nil }
        return message.data[8..<16].reduce(0) { $0 << 8 | Int($1) }
    }

    /// Puts a parcel on its way.
    func send(_ parcel: Parcel, from node: FieldNode, to: Int) {
        guard let wire = node.wires[to] else { return }
        if node.role == .honest { traffic.count(parcel) }
        let flight = delays.microseconds(from: node.region, to: nodes[to].region, &dice)
        let arrival = max(wire.lastArrival, now + flight)
        node.wires[to]?.lastArrival = arrival
        agenda.note(
            .arrives(parcel, from: node.number, to: to, link: wire.number), at: arrival)
    }

    // MARK: Connections

    private func keep(_ node: FieldNode) {
        let outbound = node.neighbours.filter { node.wires[$0]?.isOutbound == true }
            .map { OutboundPlan.Candidate(peer: nodes[$0].peer, ip: nodes[$0].ip) }
        let known = node.known.filter { node.wires[$0] == nil }
            .map { OutboundPlan.Candidate(peer: nodes[$0].peer, ip: nodes[$0].ip) }
        guard node.role == .honest else {
            // Villains dial everybody they know.
            for candidate in known { dial(node, candidate.peer) }
            return
        }
        for peer in node.plan.choose(outbound: outbound, known: known, now: milliseconds) {
            dial(node, peer)
        }
    }

    private func dial(_ node: FieldNode, _ peer: PeerID) {
        guard let number = numbers[peer], nodes[number].isUp, node.wires[number] == nil,
            let own = try? node.ledger.admit(
                peer: peer, ip: nodes[number].ip, isInbound: false, now: milliseconds)
        else { return node.plan.failed(peer, now: milliseconds) }
        let other = nodes[number]
        guard
            let theirs = try? other.ledger.admit(
                peer: node.peer, ip: node.ip, isInbound: true, now: milliseconds)
        else {
            node.ledger.release(own)
            return node.plan.failed(peer, now: milliseconds)
        }
        node.plan.succeeded(peer)
        wiresMade += 1
        node.wires[number] = .init(number: wiresMade, booked: own, isOutbound: true)
        other.wires[node.number] = .init(number: wiresMade, booked: theirs, isOutbound: false)
        act(node) { $0.connected(other.peer, version: .v12, isOutbound: true, ip: other.ip) }
        act(other) { $0.connected(node.peer, version: .v12, isOutbound: false, ip: node.ip) }
    }

    /// Ends a connection at one end.
    private func hangUp(_ node: FieldNode, _ other: Int) {
        guard let wire = node.wires.removeValue(forKey: other) else { return }
        node.ledger.release(wire.booked)
        node.router.disconnected(nodes[other].peer, now: milliseconds)
    }

    // What was on its way arrives first.
    private func part(_ node: FieldNode, from other: Int) {
        guard let wire = node.wires[other] else { return }
        let flight = delays.microseconds(from: node.region, to: nodes[other].region, &dice)
        agenda.note(
            .ends(other, with: node.number, link: wire.number),
            at: max(wire.lastArrival, now + flight))
    }

    // Most of those that leave are missed at once and come back; a part just goes dark, and its
    // neighbours go on speaking to it.
    private func churn() {
        let up = nodes.filter { $0.role == .honest && $0.isUp }
        let count = Int(
            (UInt64(up.count) * scenario.leavingPerMille + dice.below(1_000)) / 1_000)
        for node in dice.pick(count, of: up) {
            node.isUp = false
            node.life += 1
            guard dice.below(4) > 0 else { continue }
            for neighbour in node.neighbours { part(node, from: neighbour) }
            agenda.note(.returns(node.number), at: now + 3_000_000 + dice.below(7_000_000))
        }
    }
}
