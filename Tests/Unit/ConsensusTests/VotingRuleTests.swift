// SPDX-License-Identifier: Apache-2.0
import Testing
import Vocabulary

@testable import Consensus

@Suite("Voting rules")
struct VotingRuleTests {
    let fixture = Fixture()

    /// A machine that does not lead slot 1, so that proposals come from outside.
    private var voter: ConsensusMachine { fixture.machine((fixture.leader(of: 1) + 1) % 4) }

    private func accept(_ block: Block, at machine: inout ConsensusMachine) -> [ConsensusEffect] {
        machine.receive(.verdict(block: block.hash, accepted: true))
    }

    @Test("a valid proposal of the current slot gets one Notar vote, persisted first (CONSENSUS-9)")
    func notar() {
        var machine = voter
        let block = fixture.block(slot: 1, payload: [1])
        let asked = machine.hear(.proposal(fixture.proposal(block)))
        #expect(asked.checks == [block])
        #expect(asked.votes == [])
        let effects = accept(block, at: &machine)
        #expect(effects.votes == [fixture.notar(block)])
        #expect(effects.records.contains(.proposal(fixture.proposal(block))))
        let firstOther = effects.firstIndex { !$0.isRecord } ?? effects.endIndex
        #expect(effects[firstOther...].allSatisfy { !$0.isRecord })
        #expect(accept(block, at: &machine).votes == [])
    }

    @Test("a second proposal of one slot gets no vote and is evidence (CONSENSUS-6, CONSENSUS-20)")
    func secondProposal() {
        var machine = voter
        let block = fixture.block(slot: 1, payload: [1])
        let other = fixture.block(slot: 1, payload: [2])
        _ = machine.hear(.proposal(fixture.proposal(block)))
        _ = accept(block, at: &machine)
        let effects = machine.hear(.proposal(fixture.proposal(other)))
        #expect(effects.votes == [] && effects.checks == [])
        let offender = effects.evidence.first?
            .offender(validators: fixture.validators, chain: fixture.chain)
        #expect(offender == fixture.leader(of: 1))
        #expect(machine.hear(.proposal(fixture.proposal(other))).evidence == [])
    }

    @Test("a notarization brings the Final vote and the next slot (CONSENSUS-8, CONSENSUS-10)")
    func final() {
        var machine = voter
        let block = fixture.block(slot: 1)
        let effects = machine.hear(.certificate(fixture.certificate(fixture.notar(block))))
        #expect(effects.votes == [fixture.final(block)])
        #expect(machine.status.slot == Slot(2))
    }

    @Test("after Skip there is no Final in the slot, and after Final no Skip (CONSENSUS-7)")
    func exclusion() {
        var skipper = voter
        let block = fixture.block(slot: 1)
        #expect(skipper.receive(.timer(.skip(Epoch(0), Slot(1)))).votes == [.skip(Slot(1))])
        let notarization = ConsensusMessage.certificate(fixture.certificate(fixture.notar(block)))
        #expect(skipper.hear(notarization).votes == [])
        #expect(skipper.status.slot == Slot(2), "the notarization still counts")
        var finalizer = voter
        #expect(finalizer.hear(notarization).votes == [fixture.final(block)])
        #expect(finalizer.receive(.timer(.skip(Epoch(0), Slot(1)))).votes == [])
    }

    @Test("a timer of a slot that has passed does nothing (CONSENSUS-11)")
    func staleTimer() {
        var machine = voter
        _ = machine.hear(.certificate(fixture.certificate(.skip(Slot(1)))))
        #expect(machine.status.slot == Slot(2))
        #expect(machine.receive(.timer(.skip(Epoch(0), Slot(1)))) == [])
        #expect(machine.receive(.timer(.skip(Epoch(0), Slot(2)))).votes == [.skip(Slot(2))])
        #expect(machine.receive(.timer(.skip(Epoch(0), Slot(2)))).votes == [], "once")
    }

    @Test("three votes of equal stake make a certificate, and each validator counts once")
    func formation() {
        var machine = fixture.machine(nil)
        let skip = Statement.skip(Slot(1))
        for index in [0, 0, 1] {
            _ = machine.hear(.vote(fixture.vote(skip, by: index)))
            #expect(machine.status.slot == Slot(1))
        }
        let effects = machine.hear(.vote(fixture.vote(skip, by: 3)))
        #expect(machine.status.slot == Slot(2))
        let formed = fixture.certificate(skip, by: [0, 1, 3])
        #expect(effects.records == [.certificate(formed)])
    }

    @Test("a vote with another's signature is rejected, one far away is not even checked")
    func badVotes() {
        var machine = fixture.machine(nil)
        let forged = Vote(
            .skip(Slot(1)), by: fixture.keys[0], validator: 1, chain: fixture.chain, epoch: Epoch(0)
        )
        let peer = fixture.keys[3].publicKey
        #expect(
            machine.hear(.vote(forged)).notes.contains(.rejected(from: peer, .badVote)))
        let far = Vote(
            .skip(Slot(1000)), by: fixture.keys[0], validator: 1, chain: fixture.chain,
            epoch: Epoch(0))
        #expect(machine.hear(.vote(far)) == [])
        let unknown = Vote(
            .skip(Slot(1)), by: fixture.keys[0], validator: 99, chain: fixture.chain,
            epoch: Epoch(0))
        #expect(machine.hear(.vote(unknown)) == [])
    }

    @Test("contradicting votes are evidence, also when one hides in a certificate (CONSENSUS-20)")
    func evidence() {
        var machine = fixture.machine(nil)
        let block = fixture.block(slot: 1)
        _ = machine.hear(.vote(fixture.vote(.notar(Slot(1), Fixture.digest(5)), by: 2)))
        let effects = machine.hear(.certificate(fixture.certificate(fixture.notar(block))))
        #expect(
            effects.evidence.map {
                $0.offender(validators: fixture.validators, chain: fixture.chain)
            } == [2])
    }

    @Test("the parent must be notarized and every slot after it skipped (CONSENSUS-9)")
    func justification() {
        let first = fixture.block(slot: 1)
        let leader = fixture.leader(of: 4)
        let notarized = fixture.certificate(fixture.notar(first))
        let late = fixture.block(slot: 4, on: first)
        let skips = [Slot(2), Slot(3)].map { fixture.certificate(.skip($0)) }
        var machine = fixture.machine((leader + 1) % 4)
        _ = machine.hear(.proposal(fixture.proposal(first)))
        let without = machine.hear(
            .proposal(fixture.proposal(late, parent: notarized, skips: [skips[0]])))
        #expect(!without.checks.contains(late))
        let effects = machine.hear(.certificate(skips[1]))
        #expect(effects.checks == [late])
        #expect(accept(late, at: &machine).votes == [fixture.notar(late)])
    }

    @Test("a justification that speaks of other blocks or slots is no proposal")
    func falseJustification() {
        let first = fixture.block(slot: 1)
        let late = fixture.block(slot: 4, on: first)
        let good = fixture.certificate(fixture.notar(first))
        let proposals = [
            fixture.proposal(late), fixture.proposal(first, parent: good),
            fixture.proposal(late, parent: fixture.certificate(.skip(Slot(1)))),
            fixture.proposal(late, parent: good, skips: [fixture.certificate(.skip(Slot(4)))]),
            fixture.proposal(late, parent: good, skips: [good]),
        ]
        for proposal in proposals {
            var machine = fixture.machine(nil)
            let effects = machine.hear(.proposal(proposal))
            #expect(
                effects.notes == [
                    .rejected(from: fixture.keys[3].publicKey, .badProposal)
                ])
        }
    }

    @Test("height and timestamp must follow the parent's")
    func parentage() {
        let changes: [(inout BlockHeader) -> Void] = [
            { $0.height = BlockHeight(3) }, { $0.timestamp = Timestamp(1000) },
        ]
        for change in changes {
            let first = fixture.block(slot: 1)
            let second = fixture.block(slot: 2, on: first, change: change)
            var machine = fixture.machine((fixture.leader(of: 2) + 1) % 4)
            _ = machine.hear(.proposal(fixture.proposal(first)))
            let effects = machine.hear(
                .proposal(
                    fixture.proposal(second, parent: fixture.certificate(fixture.notar(first)))))
            #expect(effects.notes.contains(.refused(Slot(2), .parentMismatch)))
            #expect(effects.checks == [])
        }
    }

    @Test("a refused payload gets no vote, and time skips the slot")
    func refusedPayload() {
        var machine = voter
        let block = fixture.block(slot: 1)
        _ = machine.hear(.proposal(fixture.proposal(block)))
        let effects = machine.receive(.verdict(block: block.hash, accepted: false))
        #expect(effects.notes == [.refused(Slot(1), .payloadRefused)])
        #expect(accept(block, at: &machine).votes == [])
        #expect(machine.receive(.timer(.skip(Epoch(0), Slot(1)))).votes == [.skip(Slot(1))])
    }

    @Test("an observer follows and never votes, proposes or sets a skip timer")
    func observer() {
        var machine = fixture.machine(nil)
        let block = fixture.block(slot: 1)
        var effects = machine.hear(.proposal(fixture.proposal(block)))
        effects += machine.hear(.certificate(fixture.certificate(fixture.notar(block))))
        effects += machine.receive(.timer(.skip(Epoch(0), Slot(2))))
        effects += machine.hear(.certificate(fixture.certificate(fixture.final(block))))
        #expect(effects.votes == [] && effects.checks == [] && effects.payloadRequests == [])
        #expect(effects.finalized.map(\.block) == [block])
    }
}
