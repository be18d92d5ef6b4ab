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
    private var heard: [InboundMessage] = []
    /// The last message of a batch that it saw.
    private var batch: Batch?
    private var turn: UInt64 = 0

    /// Between two salvoes.
    private static let pauseMilliseconds: UInt64 = 20
    /// Messages of a salvo, for each peer.
    private static let salvo = 4
    private static let heardMax = 64
    /// Every so many salvoes a long one.
    private static let longEvery: UInt64 = 100
    /// The number of the channel of lanes.
    private static let lanes: UInt8 = 5
    /// Numbers of channels that mean something to a node, and two that do not.
    private static let channels: [UInt8] = [1, 2, 3, 5, 5, 6, 0, 255]

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
        heard = Array((heard + messages).suffix(Self.heardMax))
        for message in messages where message.channel == Self.lanes {
            if case .batch(let batch) = try? LaneMessage(canonicalBytes: message.bytes) {
                self.batch = batch
            }
        }
    }

    private func pour(over peer: PublicKey) {
        for _ in 0..<Self.salvo {
            let number = Self.channels[Int(effects.chance.below(UInt64(Self.channels.count)))]
            let priority = SendPriority.allCases[Int(effects.chance.below(3))]
            mesh.trySend(junk(), on: Channel(number, priority: priority), to: peer)
            mesh.trySend(laneJunk(), on: Channel(Self.lanes, priority: priority), to: peer)
        }
        repeatDisordered(to: peer)
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
        heard.isEmpty ? nil : heard[Int(effects.chance.below(UInt64(heard.count)))].bytes
    }

    /// Says again what others said, the newest first, where they said it.
    private func repeatDisordered(to peer: PublicKey) {
        for message in heard.suffix(Self.salvo).reversed() {
            let channel = Channel(message.channel, priority: .transactions)
            mesh.trySend(message.bytes, on: channel, to: peer)
        }
    }

    /// Messages of lanes that are nearly right: answers that nobody asked for, questions for all
    /// there is, batches of another payload or place, and claims of what nobody has.
    private func laneJunk() -> [UInt8] {
        guard let batch else { return [0] + effects.chance.bytes(200) }
        let tip = batch.tip
        let far = LaneTip(lane: tip.lane, height: tip.height + 1 + turn % 200, hash: batch.hash)
        switch effects.chance.below(5) {
        case 0:
            let answer = LaneMessage.answer(gathering: repeatElement(batch, count: 8))
            return answer.canonicalBytes
        case 1:
            let most = UInt16(LaneLimits.windowMax)
            return LaneMessage.request(BatchRequest(tip: far, count: most)).canonicalBytes
        case 2:
            let other = Batch(signed: batch.signed, payload: batch.payload.map { $0 ^ 1 })
            return LaneMessage.batch(other).canonicalBytes
        case 3:
            let header = SignedBatchHeader(
                header: BatchHeader(
                    chain: batch.header.chain, epoch: batch.header.epoch, lane: far.lane,
                    height: far.height, parent: far.hash, payloadDigest: .zero,
                    transactionCount: .max, payloadBytes: 1),
                signature: batch.signed.signature)
            return LaneMessage.batch(Batch(signed: header, payload: [1])).canonicalBytes
        default:
            let vector = AvailabilityVector(
                chain: batch.header.chain, epoch: batch.header.epoch, validator: far.lane,
                sequence: .max, entries: [far], signature: batch.signed.signature)
            return LaneMessage.vector(vector).canonicalBytes
        }
    }

    private func spoiled() -> [UInt8]? {
        guard var bytes = chosen(), !bytes.isEmpty else { return nil }
        let place = Int(effects.chance.below(UInt64(bytes.count)))
        bytes[place] ^= UInt8(1 + effects.chance.below(255))
        return bytes
    }
}
