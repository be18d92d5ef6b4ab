// SPDX-License-Identifier: Apache-2.0
import Testing
import Vocabulary

@testable import Consensus

@Suite("State roots, leading and finality")
struct StateRuleTests {
    let fixture = Fixture()

    /// Makes block 1 final at a machine and offers a block that claims the state after it.
    private func claim(
        root: Digest, at machine: inout ConsensusMachine
    ) -> (block: Block, effects: [ConsensusEffect]) {
        let first = fixture.block(slot: 1)
        let second = fixture.block(slot: 2, on: first) {
            $0.stateHeight = BlockHeight(1)
            $0.stateRoot = root
        }
        _ = machine.hear(.proposal(fixture.proposal(first)))
        let final = fixture.certificate(fixture.final(first))
        _ = machine.hear(.certificate(final))
        var effects = machine.hear(.proposal(fixture.proposal(second, parent: final)))
        effects += machine.receive(.verdict(block: second.hash, accepted: true))
        return (second, effects)
    }

    @Test("a proposal waits until its state has been executed here (CONSENSUS-21)")
    func waiting() {
        var machine = fixture.machine((fixture.leader(of: 2) + 1) % 4)
        let (block, effects) = claim(root: Fixture.digest(8), at: &machine)
        #expect(effects.votes == [])
        let executed = machine.receive(
            .executed(height: BlockHeight(1), stateRoot: Fixture.digest(8)))
        #expect(executed.votes == [fixture.notar(block)])
    }

    @Test("another state root gets no vote and raises the alarm (CONSENSUS-21)")
    func divergence() {
        var machine = fixture.machine((fixture.leader(of: 2) + 1) % 4)
        let (block, _) = claim(root: Fixture.digest(8), at: &machine)
        let executed = machine.receive(
            .executed(height: BlockHeight(1), stateRoot: Fixture.digest(9)))
        #expect(executed.votes == [])
        var expected = Divergence(
            height: BlockHeight(1), ours: Fixture.digest(9), theirs: Fixture.digest(8),
            block: block.hash, isFinal: false)
        #expect(executed.contains(.divergence(expected)))
        let final = machine.hear(.certificate(fixture.certificate(fixture.final(block))))
        expected = Divergence(
            height: BlockHeight(1), ours: Fixture.digest(9), theirs: Fixture.digest(8),
            block: block.hash, isFinal: true)
        #expect(final.contains(.divergence(expected)), "a final claim shows who is wrong")
    }

    @Test("a final claim about a state to come is compared when it is executed")
    func laterDivergence() {
        var machine = fixture.machine(nil)
        let (block, _) = claim(root: Fixture.digest(8), at: &machine)
        _ = machine.hear(.certificate(fixture.certificate(fixture.final(block))))
        let executed = machine.receive(
            .executed(height: BlockHeight(1), stateRoot: Fixture.digest(9)))
        #expect(
            executed.contains {
                if case .divergence(let divergence) = $0 { divergence.isFinal } else { false }
            })
    }

    @Test("the leader builds on the highest notarized block after which all slots are skipped")
    func leading() throws {
        let leader = fixture.leader(of: 4)
        var machine = fixture.machine(leader)
        let first = fixture.block(slot: 1)
        let second = fixture.block(slot: 2, on: first)
        let notarized = [first, second].map { fixture.certificate(fixture.notar($0)) }
        _ = machine.hear(.proposal(fixture.proposal(first)))
        _ = machine.hear(.certificate(notarized[0]))
        _ = machine.hear(.proposal(fixture.proposal(second, parent: notarized[0])))
        _ = machine.hear(.certificate(notarized[1]))
        let skip = fixture.certificate(.skip(Slot(3)))
        let request = try #require(
            machine.hear(.certificate(skip)).payloadRequests.last)
        #expect(request.slot == Slot(4) && request.parent == second.hash)
        #expect(request.ancestors == [first, second] && request.height == BlockHeight(3))
        let effects = machine.receive(.payload(offer(for: request, bytes: [7])))
        let proposal = try #require(firstProposal(in: effects))
        #expect(proposal.justification == Justification(parent: notarized[1], skips: [skip]))
        #expect(proposal.block.header.timestamp == Timestamp(2001), "later than the parent's")
        #expect(effects.votes == [fixture.notar(proposal.block)])
        #expect(effects.records.contains(.proposal(proposal)))
        #expect(machine.receive(.payload(offer(for: request, bytes: [8]))) == [], "once a slot")
    }

    private func offer(for request: PayloadRequest, bytes: [UInt8]) -> ProposedPayload {
        ProposedPayload(
            slot: request.slot, parent: request.parent, bytes: bytes, timestamp: Timestamp(5),
            stateHeight: BlockHeight(0), stateRoot: fixture.genesisRoot)
    }

    private func firstProposal(in effects: [ConsensusEffect]) -> Proposal? {
        effects.compactMap { effect -> Proposal? in
            guard case .broadcast(.proposal(let proposal)) = effect else { return nil }
            return proposal
        }.first
    }

    @Test("a waiting leader asks again when there is something to propose")
    func asksAgain() {
        var machine = fixture.machine(fixture.leader(of: 1))
        #expect(machine.receive(.payloadAvailable).payloadRequests.count == 1)
    }

    @Test("far beyond the last final slot leaders ask for empty payloads only (CONSENSUS-17)")
    func emptyBlocks() throws {
        let slot = (20..<UInt64(60)).first { fixture.leader(of: $0) == 0 } ?? 20
        var machine = fixture.machine(0)
        var requests: [PayloadRequest] = []
        for skipped in 1..<slot {
            let skip = fixture.certificate(.skip(Slot(skipped)), by: [1, 2, 3])
            requests += machine.hear(.certificate(skip)).payloadRequests
        }
        let request = try #require(requests.last { $0.slot == Slot(slot) })
        #expect(request.bytesMax == 0)
        #expect(machine.receive(.payload(offer(for: request, bytes: [1]))) == [])
        #expect(firstProposal(in: machine.receive(.payload(offer(for: request, bytes: [])))) != nil)
    }

    @Test("a final block brings its ancestors, oldest first and each once (CONSENSUS-13)")
    func order() throws {
        var machine = fixture.machine(nil)
        let first = fixture.block(slot: 1)
        let second = fixture.block(slot: 2, on: first)
        _ = machine.hear(.proposal(fixture.proposal(first)))
        _ = machine.hear(
            .proposal(fixture.proposal(second, parent: fixture.certificate(fixture.notar(first)))))
        let final = ConsensusMessage.certificate(fixture.certificate(fixture.final(second)))
        let effects = machine.hear(final)
        #expect(effects.finalized.map(\.block) == [first, second])
        #expect(effects.contains(.prunable(Slot(2))))
        for block in effects.finalized {
            try block.verify(validators: fixture.validators, chain: fixture.chain)
        }
        #expect(machine.hear(final).finalized == [])
        let late = ConsensusMessage.certificate(fixture.certificate(fixture.final(first)))
        #expect(machine.hear(late).finalized == [])
    }

    @Test("a notarized block that is not here is asked for, signer by signer (CONSENSUS-18)")
    func fetching() {
        var machine = fixture.machine(0)
        let block = fixture.block(slot: 1)
        let notarized = fixture.certificate(fixture.notar(block), by: [1, 2, 3])
        let effects = machine.hear(.certificate(notarized))
        let timer = ConsensusTimer.fetch(Epoch(0), Slot(1), attempt: 0)
        #expect(effects.contains(.setTimer(timer, afterMilliseconds: 150)))
        #expect(machine.receive(.timer(timer)).sent == [.slotRequest(Epoch(0), Slot(1))])
        #expect(
            machine.receive(.timer(.fetch(Epoch(0), Slot(1), attempt: 1))).sent == [
                .slotRequest(Epoch(0), Slot(1))
            ])
        _ = machine.hear(.proposal(fixture.proposal(block)))
        #expect(machine.receive(.timer(.fetch(Epoch(0), Slot(1), attempt: 2))) == [])
        let final = machine.hear(.certificate(fixture.certificate(fixture.final(block))))
        #expect(final.finalized.count == 1)
    }
}
