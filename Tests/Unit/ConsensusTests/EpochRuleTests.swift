// SPDX-License-Identifier: Apache-2.0
import Testing
import Vocabulary

@testable import Consensus

@Suite("Checkpoints, last blocks, fillers and messages across epochs")
struct EpochRuleTests {
    /// Checkpoints and cuts at 2, 4, 6 and so on.
    static let lengths = EpochLengths(checkpointBlocks: 2, epochCheckpoints: 1)
    let fixture = Fixture().inEpoch(0, lengths: EpochRuleTests.lengths)

    private func root(_ height: UInt64) -> Digest { Fixture.digest(UInt8(100 + height)) }

    private func block(
        slot: UInt64, on parent: Block?, state: UInt64, payload: [UInt8] = []
    ) -> Block {
        fixture.block(slot: slot, on: parent, payload: payload) {
            $0.stateHeight = BlockHeight(state)
            $0.stateRoot = state == 0 ? fixture.genesisRoot : root(state)
        }
    }

    /// Blocks 1 to 4 in slots 1 to 4; the state of height 2 is carried by the last.
    private var chain: [Block] {
        var chain: [Block] = []
        for slot in 1...UInt64(4) {
            chain.append(block(slot: slot, on: chain.last, state: slot == 4 ? 2 : slot / 3))
        }
        return chain
    }

    /// A machine that holds these blocks final and knows the states up to height 3.
    private func machine(_ index: Int?, final: [Block]) -> ConsensusMachine {
        var machine = fixture.machine(index)
        for (place, block) in final.enumerated() {
            let parent = place == 0 ? nil : fixture.certificate(fixture.notar(final[place - 1]))
            _ = machine.hear(.proposal(fixture.proposal(block, parent: parent)))
            _ = machine.hear(.certificate(fixture.certificate(fixture.final(block))))
        }
        for height in 1...UInt64(3) {
            _ = machine.receive(
                .executed(height: BlockHeight(height), stateRoot: root(height)))
        }
        return machine
    }

    private func votes(
        for block: Block, on parent: Block, at machine: inout ConsensusMachine
    ) -> (votes: [Statement], notes: [ConsensusNote]) {
        let parent = fixture.certificate(fixture.notar(parent))
        var effects = machine.hear(.certificate(parent))
        effects += machine.hear(.proposal(fixture.proposal(block, parent: parent)))
        effects += machine.receive(.verdict(block: block.hash, accepted: true))
        return (effects.votes, effects.notes)
    }

    private func other(than slot: UInt64) -> Int { (fixture.leader(of: slot) + 1) % 4 }

    @Test("a header that takes the state over a checkpoint, or back, gets no vote (CONSENSUS-23)")
    func jump() {
        let chain = chain
        for state in [3, 0] as [UInt64] {
            var machine = machine(other(than: 4), final: Array(chain.prefix(3)))
            let wrong = block(slot: 4, on: chain[2], state: state)
            let (votes, notes) = votes(for: wrong, on: chain[2], at: &machine)
            #expect(!votes.contains(fixture.notar(wrong)))
            #expect(notes.contains(.refused(Slot(4), .checkpointPassed)))
        }
        var machine = machine(other(than: 4), final: Array(chain.prefix(3)))
        #expect(
            votes(for: chain[3], on: chain[2], at: &machine).votes.contains(
                fixture.notar(chain[3])))
    }

    @Test("a leader carries the checkpoint's state when it has executed further (CONSENSUS-23)")
    func clamp() throws {
        let chain = chain
        var machine = machine(fixture.leader(of: 4), final: Array(chain.prefix(3)))
        let effects = machine.receive(.payloadAvailable)
        let request = try #require(effects.payloadRequests.last)
        let proposed = machine.receive(
            .payload(
                ProposedPayload(
                    slot: Slot(4), parent: request.parent, bytes: [], timestamp: Timestamp(9_000),
                    stateHeight: BlockHeight(3), stateRoot: root(3))))
        let header = proposed.compactMap { effect -> BlockHeader? in
            guard case .broadcast(.proposal(let proposal)) = effect else { return nil }
            return proposal.block.header
        }.first
        #expect(header?.stateHeight == BlockHeight(2))
        #expect(header?.stateRoot == root(2))
    }

    @Test("after the last block only fillers get votes, and none of them is history (CONSENSUS-25)")
    func fillers() throws {
        let chain = chain
        for (state, payload) in [(2, [1]), (3, [])] as [(UInt64, [UInt8])] {
            var machine = machine(other(than: 5), final: Array(chain.prefix(3)))
            _ = votes(for: chain[3], on: chain[2], at: &machine)
            let wrong = block(slot: 5, on: chain[3], state: state, payload: payload)
            let (votes, notes) = votes(for: wrong, on: chain[3], at: &machine)
            #expect(!votes.contains(fixture.notar(wrong)))
            #expect(notes.contains(.refused(Slot(5), .notAFiller)))
        }
        var machine = machine(other(than: 5), final: Array(chain.prefix(3)))
        _ = votes(for: chain[3], on: chain[2], at: &machine)
        let filler = block(slot: 5, on: chain[3], state: 2)
        #expect(
            votes(for: filler, on: chain[3], at: &machine).votes.contains(fixture.notar(filler)))
        let effects = machine.hear(.certificate(fixture.certificate(fixture.final(filler))))
        #expect(effects.finalized.map(\.block) == [chain[3]])
        let last = try #require(effects.finalized.last)
        #expect(last.proof.descendants == [filler.header])
        try last.verify(validators: fixture.validators, chain: fixture.chain)
        #expect(effects.contains(.epochEnded(last)))
        #expect(machine.hasEnded)
        #expect(machine.receive(.timer(.skip(Epoch(0), Slot(6)))) == [], "it signs nothing more")
    }

    @Test("the successor begins after the last block and counts windows anew (CONSENSUS-25)")
    func successor() throws {
        let chain = chain
        var old = machine(0, final: chain)
        #expect(old.hasEnded)
        let set = fixture.set([5, 1, 1, 1])
        var next = try #require(old.successor(validators: set, identity: fixture.keys[0]))
        #expect(next.status.slot == Slot(5))
        #expect(next.status.epoch == Epoch(1))
        #expect(next.receive(.started).payloadRequests.allSatisfy { $0.parent == chain[3].hash })
        #expect(old.receive(.started) == [], "the old machine has begun long ago")
        let unended = fixture.machine(0)
        #expect(unended.successor(validators: set, identity: nil) == nil)
    }

    @Test("votes and certificates of the old validators do nothing in the next epoch")
    func oldSet() throws {
        let chain = chain
        let old = machine(0, final: chain)
        var next = try #require(
            old.successor(validators: fixture.set([0, 0, 1, 1]), identity: fixture.keys[0]))
        _ = next.receive(.started)
        let rival = block(slot: 5, on: chain[3], state: 2, payload: [9])
        for index in 1..<4 {
            let vote = fixture.vote(fixture.final(rival), by: index)
            #expect(next.receive(.message(from: key(index), .vote(vote))).records == [])
        }
        let final = fixture.certificate(fixture.final(rival), by: [1, 2, 3])
        let effects = next.receive(.message(from: key(1), .certificate(final)))
        #expect(effects.finalized.isEmpty && effects.records.isEmpty && effects.evidence.isEmpty)
        let parent = fixture.certificate(fixture.notar(chain[3]))
        _ = next.receive(
            .message(from: key(1), .proposal(fixture.proposal(rival, parent: parent))))
        #expect(next.status.finalHeight == BlockHeight(4))
    }

    private func key(_ index: Int) -> PublicKey { fixture.keys[index].publicKey }

    @Test("who is in an older epoch is told how it ended, a few times (CONSENSUS-27)")
    func helpsOlder() throws {
        let chain = chain
        let old = machine(0, final: chain)
        var next = try #require(
            old.successor(validators: fixture.validators, identity: fixture.keys[0]))
        _ = next.receive(.started)
        let word = ConsensusMessage.vote(fixture.vote(.skip(Slot(3)), by: 1))
        let sent = next.receive(.message(from: key(1), word)).sent
        let proof = fixture.certificate(fixture.final(chain[3]))
        #expect(sent == [.status(next.status), .certificate(proof)])
        _ = next.receive(.message(from: key(1), word))
        #expect(next.receive(.message(from: key(1), word)) == [], "twice between two looks")
    }

    @Test("a word of a newer epoch asks where its sender stands, and is heard when it begins")
    func newer() throws {
        let chain = chain
        var behind = machine(0, final: Array(chain.prefix(3)))
        let ahead = fixture.inEpoch(1, from: 5, lengths: Self.lengths)
        let skip = ahead.vote(.skip(Slot(5)), by: 1)
        let sent = behind.receive(.message(from: key(1), .vote(skip))).sent
        #expect(sent == [.status(behind.status)])
        let status = ConsensusStatus(
            epoch: Epoch(1), finalHeight: BlockHeight(4), finalSlot: Slot(4), slot: Slot(5))
        let effects = behind.receive(.message(from: key(1), .status(status)))
        #expect(effects.contains { if case .setTimer(.catchUp, _) = $0 { true } else { false } })

        _ = votes(for: chain[3], on: chain[2], at: &behind)
        _ = behind.hear(.certificate(fixture.certificate(fixture.final(chain[3]))))
        var next = try #require(
            behind.successor(validators: fixture.validators, identity: fixture.keys[0]))
        _ = next.receive(.started)
        #expect(next.slots[Slot(5)]?.tally.holds(skip) == true)
    }

    @Test("early words are bounded by peer and by bytes (CONSENSUS-27)")
    func earlyWords() {
        var early = EarlyWords()
        let vote = ConsensusMessage.vote(fixture.vote(.skip(Slot(1)), by: 0))
        for _ in 0..<50 { early.keep(vote, of: key(1)) }
        #expect(early.words.count == EarlyWords.messagesPerPeerMax)
        let large = fixture.block(slot: 1, payload: [UInt8](repeating: 1, count: 3 << 20))
        for index in 0..<4 { early.keep(.proposal(fixture.proposal(large)), of: key(index)) }
        #expect(early.words.count == EarlyWords.messagesPerPeerMax + 2)
        #expect(early.take().count == EarlyWords.messagesPerPeerMax + 2)
        #expect(early.words.isEmpty)
    }

    @Test("restarted at the boundary, a machine says at once that the epoch has ended")
    func restart() throws {
        let chain = chain
        let last = FinalizedBlock(
            block: chain[3],
            proof: FinalityProof(certificate: fixture.certificate(fixture.final(chain[3]))))
        var machine = ConsensusMachine(
            configuration: fixture.configuration, identity: fixture.keys[0],
            recovered: RecoveredState(lastFinal: last, records: []))
        #expect(machine.receive(.started) == [.epochEnded(last)])
        // In the next epoch what was signed after the last block in the old one is no word.
        let old = fixture.vote(.final(Slot(6), Fixture.digest(3)), by: 0)
        let ahead = fixture.inEpoch(1, from: 5, lengths: Self.lengths)
        var next = ConsensusMachine(
            configuration: ahead.configuration, identity: fixture.keys[0],
            recovered: RecoveredState(lastFinal: last, records: [.vote(old)]))
        _ = next.receive(.started)
        #expect(next.slots[Slot(6)]?.own.all.isEmpty ?? true)
    }

    @Test("lengths hold their ranges, and far ends of time do not wrap")
    func ranges() {
        let lengths = EpochLengths(checkpointBlocks: 0, epochCheckpoints: 0)
        #expect(lengths == EpochLengths(checkpointBlocks: 2, epochCheckpoints: 1))
        #expect(lengths.cut(of: Epoch(.max)) == BlockHeight(.max))
        #expect(lengths.checkpoint(after: BlockHeight(.max)) == BlockHeight(.max))
        #expect(lengths.checkpoint(after: BlockHeight(2)) == BlockHeight(4))
        #expect(!lengths.isCheckpoint(BlockHeight(0)))
        #expect(lengths.epoch(cutAt: BlockHeight(4)) == Epoch(1))
        #expect(lengths.epoch(cutAt: BlockHeight(5)) == nil)
        #expect(lengths.mayCarry(BlockHeight(4), after: BlockHeight(2)))
        #expect(!lengths.mayCarry(BlockHeight(5), after: BlockHeight(2)))
        #expect(!lengths.mayCarry(BlockHeight(1), after: BlockHeight(2)))
    }
}
