// SPDX-License-Identifier: Apache-2.0
import Consensus
import Effects
import Ledger
import PeerNetwork
import Vocabulary

extension Node {
    /// Puts an input of the lanes in line; the loop wakes.
    func enqueue(lanes input: LaneInput) {
        laneInbox.append(input)
        inboxSignal.raise()
    }

    /// Takes everything that waits for the lanes, messages that wait together as one, and carries
    /// out what the machine answers: records first, in one durable write (NODE-1).
    func takeLanes() async {
        guard !laneInbox.isEmpty else { return }
        var inputs: [LaneInput] = []
        swap(&inputs, &laneInbox)
        var answers: [LaneEffect] = []
        var deliveries: [LaneDelivery] = []
        func deliver() {
            guard !deliveries.isEmpty else { return }
            answers += lanes.receive(.messages(deliveries))
            deliveries = []
        }
        for input in inputs {
            if case .messages(let more) = input {
                deliveries += more
                continue
            }
            deliver()
            if case .payload = input { isBatchOnItsWay = false }
            answers += lanes.receive(input)
        }
        deliver()
        await perform(configuration.conduct?.rewrite(answers) ?? answers)
        fillLane()
    }

    func perform(_ answers: [LaneEffect]) async {
        let records = answers.compactMap { effect -> LaneRecord? in
            if case .persist(let record) = effect { record } else { nil }
        }
        if !records.isEmpty {
            await untilDone("batches") { try await self.storage.lanes.append(records) }
        }
        for case .batch(let batch) in records { checkAhead(batch) }
        var executions: [LaneExecution] = []
        for effect in answers where isWorking {
            if case .execute(let execution) = effect {
                executions.append(execution)
            } else {
                await perform(effect)
            }
        }
        if !executions.isEmpty { await execute(executions) }
        answerRequest()
    }

    private func perform(_ effect: LaneEffect) async {
        switch effect {
        case .persist, .execute: break
        case .send(let peer, let message): send(message, to: peer)
        case .broadcast(let message): broadcast(message)
        case .setTimer(let timer, let milliseconds): set(timer, milliseconds)
        case .room: break
        case .returned: ownBatches.takeBack()
        case .verdict(let block, let accepted):
            enqueue(.verdict(block: block, accepted: accepted))
        case .serveBatches(let peer, let request): serve(request, to: peer)
        case .prunable(let hashes): try? await storage.lanes.forget(hashes)
        case .evidence(let evidence): await keep(evidence)
        case .note(let note): count(note)
        }
    }

    private func set(_ timer: LaneTimer, _ milliseconds: UInt64) {
        let epoch = lanes.configuration.epoch
        effects.tasks.spawn("lane timer") { [effects] in
            await effects.time.sleep(milliseconds: milliseconds)
            await self.expire(timer, of: epoch)
        }
    }

    /// A timer of lanes that have ended says nothing to those of the next epoch.
    private func expire(_ timer: LaneTimer, of epoch: Epoch) {
        guard isWorking, lanes.configuration.epoch == epoch else { return }
        enqueue(lanes: .timer(timer))
    }

    private func send(_ message: LaneMessage, to peer: PublicKey) {
        let sent = links.send(
            message.canonicalBytes, on: MeshChannels.lanes(message), to: peer)
        if !sent { counters.sendDrops += 1 }
    }

    private func broadcast(_ message: LaneMessage) {
        let dropped = links.broadcast(
            message.canonicalBytes, on: MeshChannels.lanes(message), to: .all)
        counters.sendDrops += UInt64(dropped)
    }

    private func count(_ note: LaneNote) {
        switch note {
        case .rejected: counters.messagesRejected += 1
        case .dropped: counters.batchesDropped += 1
        case .fetching: counters.batchFetches += 1
        case .closed(let lane):
            configuration.log(.error, "lane \(lane) contradicts its order: closed for this epoch")
        case .twin:
            configuration.log(
                .error, "another process makes batches with this validator's key; this one stops")
        }
    }

    /// Answers from the blocks in the log, walking down from the one that was named (LANES-12).
    private func serve(_ request: BatchRequest, to peer: PublicKey) {
        guard serving.insert(peer).inserted else { return }
        effects.tasks.spawn("serve batches") { [storage, links] in
            let batches = (try? await storage.batches(request)) ?? []
            if !batches.isEmpty {
                let message = LaneMessage.answer(gathering: batches)
                _ = links.send(
                    message.canonicalBytes, on: MeshChannels.lanes(message), to: peer)
            }
            await self.served(peer)
        }
    }
}

extension MeshChannels {
    /// Vectors go before batches, and batches before answers (LANES-5).
    static func lanes(_ message: LaneMessage) -> Channel {
        switch message {
        case .vector, .request: vectors
        case .batch: batches
        case .answer: batchAnswers
        }
    }
}
