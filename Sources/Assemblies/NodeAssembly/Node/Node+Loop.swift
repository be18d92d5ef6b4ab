// SPDX-License-Identifier: Apache-2.0
import Consensus
import Effects
import NodeInterface
import PeerNetwork
import Vocabulary

extension Node {
    /// Takes inputs in batches for as long as the node runs.
    func runLoop() async {
        while !isStopping {
            guard !inbox.isEmpty else {
                await withCheckedContinuation { _ = inboxSignal.add($0) }
                continue
            }
            var batch: [ConsensusInput] = []
            swap(&batch, &inbox)
            roomSignal.pulse()
            var answers: [ConsensusEffect] = []
            for input in batch { answers += machine.receive(input) }
            await perform(answers)
        }
    }

    /// Carries out effects: all records first, in one durable write, then the rest in order.
    private func perform(_ answers: [ConsensusEffect]) async {
        var records: [ConsensusRecord] = []
        for case .persist(let record) in answers { records.append(record) }
        if !records.isEmpty { await untilDone("votes") { try await self.storage.append(records) } }
        for effect in answers where !isStopping { await perform(effect) }
        answerRequest()
    }

    private func perform(_ effect: ConsensusEffect) async {
        switch effect {
        case .persist: break
        case .send(let peer, let message): send(message, to: peer)
        case .broadcast(let message): broadcast(message)
        case .setTimer(let timer, let milliseconds): set(timer, milliseconds)
        case .wantPayload(let request): want(request)
        case .check(let block, let ancestors): check(block, ancestors: ancestors)
        case .finalized(let blocks): await finalize(blocks)
        case .prunable(let slot): try? await storage.forget(through: slot)
        case .serveBlocks(let peer, let height, let count):
            serve(peer, from: height, count: count)
        case .evidence(let evidence): await keep(evidence)
        case .divergence(let divergence): report(divergence)
        case .note(let note): count(note)
        }
    }

    /// Repeats a write until it succeeds: a full disk halts the node and loses nothing.
    func untilDone(_ what: String, _ write: () async throws -> Void) async {
        while !isStopping {
            do {
                try await write()
                return trouble(what, nil)
            } catch {
                trouble(
                    what,
                    "cannot write \(what): \(error); the node waits and tries again each second")
                await effects.time.sleep(milliseconds: 1_000)
            }
        }
    }

    private func set(_ timer: ConsensusTimer, _ milliseconds: UInt64) {
        let kind = TimerKind(timer)
        waits[kind]?.cancel()
        waits[kind] = effects.tasks.spawn("consensus timer") { [effects] in
            await effects.time.sleep(milliseconds: milliseconds)
            guard !Task.isCancelled else { return }
            await self.enqueue(.timer(timer))
        }
    }

    private func send(_ message: ConsensusMessage, to peer: PublicKey) {
        let channel = message.isHistory ? MeshChannels.history : MeshChannels.consensus
        if !links.send(message.canonicalBytes, on: channel, to: peer) { counters.sendDrops += 1 }
    }

    private func broadcast(_ message: ConsensusMessage) {
        let dropped = links.broadcast(message.canonicalBytes, on: MeshChannels.consensus, to: .all)
        counters.sendDrops += UInt64(dropped)
    }

    private func serve(_ peer: PublicKey, from height: BlockHeight, count: Int) {
        effects.tasks.spawn("serve blocks") { [storage, links] in
            let blocks = try? await storage.finalBlocks(
                from: height, count: min(count, ConsensusMessage.blocksPerResponseMax),
                bytesMax: ConsensusMessage.responseBytesMax)
            guard let blocks, !blocks.isEmpty else { return }
            let bytes = ConsensusMessage.blockResponse(blocks).canonicalBytes
            _ = links.send(bytes, on: MeshChannels.history, to: peer)
        }
    }

    private func keep(_ evidence: EquivocationEvidence) async {
        counters.evidence += 1
        let path = "\(configuration.folder)/evidence"
        let bytes = evidence.canonicalBytes
        configuration.log(.error, "a validator signed two contradicting statements: \(evidence)")
        try? await effects.disk.createFolder(path)
        try? await effects.disk.replace("\(path)/\(counters.evidence)", with: bytes)
    }

    private func report(_ divergence: Divergence) {
        let text =
            "state of height \(divergence.height): this node has root \(divergence.ours), "
            + "block \(divergence.block) states \(divergence.theirs)"
        if divergence.isFinal {
            trouble("state", text + "; a quorum vouches for the other: verify or rebuild this node")
        } else {
            configuration.log(.warning, text)
        }
    }

    private func count(_ note: ConsensusNote) {
        switch note {
        case .skipped: counters.slotsSkipped += 1
        case .stalled: counters.stalls += 1
        case .refused(let slot, let fault):
            counters.proposalsRefused += 1
            configuration.log(.warning, "slot \(slot): no vote for the proposal: \(fault.rawValue)")
        case .rejected(_, _): counters.messagesRejected += 1
        case .catchingUp(let height, let peer):
            configuration.log(.info, "catching up from height \(height) with \(peer)")
        case .entered, .notarized, .votedSkip: break
        }
    }
}

extension ConsensusMessage {
    /// Whether it carries old blocks, which may wait behind everything urgent.
    var isHistory: Bool {
        if case .blockResponse = self { return true }
        return false
    }
}
