// SPDX-License-Identifier: Apache-2.0
import Consensus
import Effects
import NodeInterface
import PeerNetwork
import Vocabulary

extension Node {
    /// The most inputs of one turn: 256 signature checks of 50 µs keep the thread for 13 ms.
    static let turnMax = 256

    /// Takes inputs in turns for as long as the node works (NODE-1).
    func runLoop() async {
        while isWorking {
            guard !inbox.isEmpty || !laneInbox.isEmpty else {
                await withCheckedContinuation { inboxSignal.add($0) }
                continue
            }
            await takeLanes()
            var batch: [ConsensusInput] = []
            swap(&batch, &inbox)
            inboxBytes = 0
            roomSignal.pulse()
            for start in stride(from: 0, to: batch.count, by: Self.turnMax) where isWorking {
                await take(batch[start..<min(start + Self.turnMax, batch.count)])
            }
        }
    }

    func take(_ inputs: ArraySlice<ConsensusInput>) async {
        var answers: [ConsensusEffect] = []
        for input in inputs { answers += machine.receive(input) }
        await perform(configuration.conduct?.rewrite(answers) ?? answers)
    }

    /// Carries out effects: all records first, in one durable write, then the rest in order.
    private func perform(_ answers: [ConsensusEffect]) async {
        var records: [ConsensusRecord] = []
        for case .persist(let record) in answers { records.append(record) }
        if !records.isEmpty { await untilDone("votes") { try await self.storage.append(records) } }
        for effect in answers where isWorking { await perform(effect) }
        answerRequest()
    }

    private func perform(_ effect: ConsensusEffect) async {
        switch effect {
        case .persist: break
        case .send(let peer, let message): send(message, to: peer)
        case .broadcast(let message): broadcast(message)
        case .setTimer(let timer, let milliseconds): set(timer, milliseconds)
        case .wantPayload(let request): want(request)
        case .check(let block, let ancestors): check(block, on: ancestors)
        case .finalized(let blocks): await finalize(blocks)
        case .epochEnded(let last):
            epochEnd = last.bare
            await enterEpochWhenExecuted()
        case .prunable(let slot):
            prunableSlot = max(prunableSlot, slot)
            await forgetRecords()
        case .serveBlocks(let peer, let height, let count):
            serve(peer, from: height, count: count)
        case .evidence(let evidence): await keep(evidence)
        case .divergence(let divergence): report(divergence)
        case .stateCompared(let comparison): report(comparison)
        case .note(let note): count(note)
        }
    }

    /// Repeats a write until it succeeds: a full disk halts the node and loses nothing
    /// (NODE-4).
    func untilDone(_ what: String, _ write: () async throws -> Void) async {
        while isWorking {
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
            await self.expire(timer)
        }
    }

    private func expire(_ timer: ConsensusTimer) {
        waits[TimerKind(timer)] = nil
        enqueue(.timer(timer))
    }

    private func send(_ message: ConsensusMessage, to peer: PublicKey) {
        let channel = message.isHistory ? MeshChannels.history : MeshChannels.consensus
        if !links.send(message.canonicalBytes, on: channel, to: peer) { counters.sendDrops += 1 }
    }

    private func broadcast(_ message: ConsensusMessage) {
        let dropped = links.broadcast(message.canonicalBytes, on: MeshChannels.consensus, to: .all)
        counters.sendDrops += UInt64(dropped)
    }

    /// Reads final blocks for a peer, one answer at a time each: what a small request costs here
    /// is bounded by the number of peers (NODE-3).
    private func serve(_ peer: PublicKey, from height: BlockHeight, count: Int) {
        guard serving.insert(peer).inserted else { return }
        effects.tasks.spawn("serve blocks") { [storage, links] in
            let blocks = try? await storage.finalBlocks(
                from: height, count: min(count, ConsensusMessage.blocksPerResponseMax),
                bytesMax: ConsensusMessage.responseBytesMax)
            if let blocks, !blocks.isEmpty {
                let bytes = ConsensusMessage.blockResponse(blocks).canonicalBytes
                _ = links.send(bytes, on: MeshChannels.history, to: peer)
            }
            await self.served(peer)
        }
    }

    func served(_ peer: PublicKey) { serving.remove(peer) }

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

    /// Raises the alarm of a peer whose state is another, and ends it when it is the same again
    /// (NODE-23).
    private func report(_ comparison: StateComparison) {
        guard !comparison.isSame else {
            divergences[comparison.peer] = nil
            return configuration.log(
                .info, "\(comparison.peer) has this node's state again at \(comparison.height)")
        }
        counters.stateDivergences += 1
        let divergence = NodeStatus.Divergence(
            publicKey: comparison.peer, height: comparison.height, ours: comparison.ours,
            theirs: comparison.theirs)
        divergences[comparison.peer] = divergence
        configuration.log(.error, "\(divergence)")
    }

    /// A follower outside the full mesh catches up every second: one line a minute says enough.
    private func sayCatchingUp(from height: BlockHeight, with peer: PublicKey) {
        counters.catchUps += 1
        let now = effects.time.now()
        if let last = saidCatchingUpAt, now.milliseconds(since: last) < 60_000 { return }
        saidCatchingUpAt = now
        configuration.log(.info, "catching up from height \(height) with \(peer)")
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
            sayCatchingUp(from: height, with: peer)
            askWhetherPruned(from: height, peer)
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
