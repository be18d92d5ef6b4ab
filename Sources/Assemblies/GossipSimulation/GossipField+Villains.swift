// SPDX-License-Identifier: Apache-2.0
import LibP2P

extension GossipField {
    /// The most messages a villain remembers.
    private static let heardMax = 200
    /// How many neighbours one round of mischief reaches.
    private static let targetsMax = 30

    // MARK: What villains leave out

    /// Whether a node passes messages on.
    func passesOn(_ node: FieldNode) -> Bool {
        switch node.role {
        case .honest, .spammer, .replayer: true
        case .silent, .forger, .eclipser: false
        case .sybil: milliseconds < scenario.turnMilliseconds
        }
    }

    /// Whether a node says what its router would: gossip goes where messages go.
    func says(_ rpc: GossipRPC, _ node: FieldNode) -> Bool { rpc.have.isEmpty || passesOn(node) }

    /// Keeps what has been heard, to be used against others.
    func remember(_ messages: [GossipMessage], _ node: FieldNode) {
        guard node.role == .replayer || node.role == .spammer || node.role == .forger else {
            return
        }
        node.heard.append(contentsOf: messages)
        if node.heard.count > Self.heardMax {
            node.heard.removeFirst(node.heard.count - Self.heardMax)
        }
    }

    // MARK: What villains add

    /// One round of mischief.
    func misbehave(_ node: FieldNode) {
        guard let rpc = mischief(node) else { return }
        let parcel = Parcel(rpc, bytes: rpc.encoded.count, hops: 0)
        for target in dice.pick(Self.targetsMax, of: node.neighbours) {
            send(parcel, from: node, to: target)
        }
    }

    private func mischief(_ node: FieldNode) -> GossipRPC? {
        switch node.role {
        case .spammer: spam(node)
        case .replayer: replay(node)
        case .forger: lie(node)
        case .eclipser: embrace()
        case .honest, .silent, .sybil: nil
        }
    }

    // Junk under the own name, forgeries of what others said, and topics nobody has heard of.
    private func spam(_ node: FieldNode) -> GossipRPC {
        var rpc = GossipRPC()
        let junk = GossipMessage(
            topic: Self.topic, data: dice.bytes(64), sequence: dice.next(), signedBy: node.key)
        rpc.messages = [junk]
        if !node.heard.isEmpty {
            var forged = node.heard[dice.place(node.heard.count)]
            forged.sequence = dice.bytes(8)
            rpc.messages.append(forged)
            var changed = node.heard[dice.place(node.heard.count)]
            changed.data += [1]
            rpc.messages.append(changed)
        }
        rpc.subscriptions = (0..<20).map { _ in
            .init(isWanted: true, topic: "spam-\(dice.next())")
        }
        return rpc
    }

    private func replay(_ node: FieldNode) -> GossipRPC {
        var rpc = GossipRPC()
        rpc.messages = dice.pick(10, of: node.heard)
        return rpc
    }

    // Grafts again and again, prunes for an hour, tells of messages that are not there, asks for
    // all there are, and wants none of them.
    private func lie(_ node: FieldNode) -> GossipRPC {
        var rpc = GossipRPC()
        rpc.graft = [Self.topic, "no such topic"]
        rpc.prune = [.init(topic: Self.topic, exchange: [], backoffSeconds: 3_600)]
        rpc.have = [.init(topic: Self.topic, ids: (0..<50).map { _ in dice.bytes(46) })]
        let ids = node.heard.map(\.stamp)
        rpc.want = ids
        rpc.dontWant = ids
        return rpc
    }

    // Asks to be in the mesh of whoever is surrounded.
    private func embrace() -> GossipRPC {
        var rpc = GossipRPC()
        rpc.graft = [Self.topic]
        return rpc
    }
}
