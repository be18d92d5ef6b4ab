// SPDX-License-Identifier: Apache-2.0
import Consensus
import Cryptography
import Effects
import PeerNetwork
import Vocabulary

/// A machine without a node: it connects to everybody and sends junk on every channel, random and
/// almost right, small and as long as a message may be.
///
/// Touched only by the tasks of its machine.
final class Flooder: @unchecked Sendable {
    private let effects: Effects
    private let mesh: PeerMesh
    /// What others said lately, to repeat and to spoil.
    private var heard: [[UInt8]] = []
    private var turn: UInt64 = 0

    /// Between two salvoes.
    private static let pauseMilliseconds: UInt64 = 20
    /// Messages of a salvo, for each peer.
    private static let salvo = 4
    private static let heardMax = 64
    /// Every so many salvoes a long one.
    private static let longEvery: UInt64 = 100
    /// Numbers of channels that mean something to a node, and two that do not.
    private static let channels: [UInt8] = [1, 2, 3, 0, 255]

    init(_ member: Member, chain: ChainID, peers: [PeerAddress], effects: Effects) {
        self.effects = effects
        mesh = PeerMesh(
            effects: effects, identity: member.key, chain: chain, roles: [],
            listen: Endpoint(host: member.name, port: 7_000), peers: peers)
    }

    /// Floods for as long as its machine lives.
    func run() async {
        let handlers = MeshHandlers(messages: { messages in self.hear(messages) })
        guard (try? await mesh.start(handlers)) != nil else { return }
        while !Task.isCancelled {
            await effects.time.sleep(milliseconds: Self.pauseMilliseconds)
            turn += 1
            for peer in mesh.connectedPeers() { pour(over: peer.publicKey) }
        }
    }

    private func hear(_ messages: [InboundMessage]) {
        heard = Array((heard + messages.map(\.bytes)).suffix(Self.heardMax))
    }

    private func pour(over peer: PublicKey) {
        for _ in 0..<Self.salvo {
            let number = Self.channels[Int(effects.chance.below(UInt64(Self.channels.count)))]
            let priority = SendPriority.allCases[Int(effects.chance.below(3))]
            mesh.trySend(junk(), on: Channel(number, priority: priority), to: peer)
        }
        guard turn % Self.longEvery == 0 else { return }
        let long = [UInt8](repeating: UInt8(truncatingIfNeeded: turn), count: 1 << 20)
        mesh.trySend(long, on: Channel(1, priority: .consensus), to: peer)
        effects.tasks.spawn("flood request") { [mesh] in
            _ = try? await mesh.request(
                long, on: Channel(3, priority: .bulk), to: peer, timeoutMilliseconds: 1_000)
        }
    }

    private func junk() -> [UInt8] {
        switch effects.chance.below(6) {
        case 0: return effects.chance.bytes(Int(effects.chance.below(300)))
        case 1:
            return ConsensusMessage.blockRequest(from: BlockHeight(1), count: .max).canonicalBytes
        case 2: return ConsensusMessage.slotRequest(Epoch(0), Slot(turn)).canonicalBytes
        case 3:
            let end = Slot(.max)
            let status = ConsensusStatus(
                epoch: Epoch(0), finalHeight: BlockHeight(.max), finalSlot: end, slot: end)
            return ConsensusMessage.status(status).canonicalBytes
        case 4: return spoiled() ?? []
        default: return chosen() ?? []
        }
    }

    private func chosen() -> [UInt8]? {
        heard.isEmpty ? nil : heard[Int(effects.chance.below(UInt64(heard.count)))]
    }

    private func spoiled() -> [UInt8]? {
        guard var bytes = chosen(), !bytes.isEmpty else { return nil }
        let place = Int(effects.chance.below(UInt64(bytes.count)))
        bytes[place] ^= UInt8(1 + effects.chance.below(255))
        return bytes
    }
}
