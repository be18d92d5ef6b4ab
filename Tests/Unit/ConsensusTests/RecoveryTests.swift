// SPDX-License-Identifier: Apache-2.0
import Testing
import Vocabulary

@testable import Consensus

@Suite("Restart and catching up")
struct RecoveryTests {
    let fixture = Fixture()

    /// Final blocks of the slots 1 to `count`, each with its own certificate.
    private func chain(_ count: Int) -> [FinalizedBlock] {
        var blocks: [Block] = []
        for slot in 1...UInt64(count) { blocks.append(fixture.block(slot: slot, on: blocks.last)) }
        return blocks.map {
            FinalizedBlock(
                block: $0, proof: FinalityProof(certificate: fixture.certificate(fixture.final($0)))
            )
        }
    }

    private func status(height: UInt64) -> ConsensusMessage {
        .status(
            ConsensusStatus(
                epoch: Epoch(0), finalHeight: BlockHeight(height), finalSlot: Slot(height),
                slot: Slot(height + 1)))
    }

    @Test("a restarted validator keeps to what it signed (CONSENSUS-15)")
    func keepsWord() {
        let index = (fixture.leader(of: 1) + 1) % 4
        let block = fixture.block(slot: 1, payload: [1])
        let other = fixture.block(slot: 1, payload: [2])
        let notar = fixture.vote(fixture.notar(block), by: index)
        let skip = fixture.vote(.skip(Slot(1)), by: index)
        let records: [ConsensusRecord] = [
            .proposal(fixture.proposal(block)), .vote(notar), .vote(skip),
        ]
        var machine = ConsensusMachine(
            configuration: fixture.configuration, identity: fixture.keys[index],
            recovered: RecoveredState(lastFinal: nil, records: records))
        _ = machine.receive(.executed(height: BlockHeight(0), stateRoot: fixture.genesisRoot))
        let started = machine.receive(.started)
        #expect(started.votes == [notar.statement, skip.statement], "it says again what it said")
        let effects =
            machine.hear(.proposal(fixture.proposal(other)))
            + machine.receive(.verdict(block: other.hash, accepted: true))
            + machine.hear(.certificate(fixture.certificate(fixture.notar(block))))
        #expect(effects.votes == [], "no second Notar, no Final after Skip")
    }

    @Test("a restarted leader repeats its proposal instead of making another (CONSENSUS-15)")
    func leader() {
        let leader = fixture.leader(of: 1)
        let proposal = fixture.proposal(fixture.block(slot: 1, payload: [1]))
        var machine = ConsensusMachine(
            configuration: fixture.configuration, identity: fixture.keys[leader],
            recovered: RecoveredState(lastFinal: nil, records: [.proposal(proposal)]))
        _ = machine.receive(.executed(height: BlockHeight(0), stateRoot: fixture.genesisRoot))
        let effects = machine.receive(.started)
        #expect(effects.payloadRequests == [])
        #expect(effects.contains(.broadcast(.proposal(proposal))))
        #expect(effects.votes == [fixture.notar(proposal.block)], "nothing forbids the vote")
    }

    @Test("a validator whose records are lost signs nothing up to its bound (CONSENSUS-22)")
    func silence() {
        let index = (fixture.leader(of: 1) + 1) % 4
        var machine = ConsensusMachine(
            configuration: fixture.configuration, identity: fixture.keys[index],
            recovered: RecoveredState(lastFinal: nil, records: [], silentThrough: Slot(2)))
        _ = machine.receive(.executed(height: BlockHeight(0), stateRoot: fixture.genesisRoot))
        var effects = machine.receive(.started)
        let block = fixture.block(slot: 1, payload: [1])
        effects += machine.hear(.proposal(fixture.proposal(block)))
        effects += machine.receive(.verdict(block: block.hash, accepted: true))
        effects += machine.receive(.timer(.skip(Epoch(0), Slot(1))))
        effects += machine.hear(.certificate(fixture.certificate(fixture.notar(block))))
        effects += machine.hear(.certificate(fixture.certificate(.skip(Slot(2)))))
        #expect(effects.votes == [])
        #expect(machine.status.slot == Slot(3), "it follows all the same")
        #expect(machine.receive(.timer(.skip(Epoch(0), Slot(3)))).votes == [.skip(Slot(3))])
    }

    @Test("within its bound a leader asks for no payload and proposes nothing (CONSENSUS-22)")
    func silentLeader() {
        let leader = fixture.leader(of: 1)
        var machine = ConsensusMachine(
            configuration: fixture.configuration, identity: fixture.keys[leader],
            recovered: RecoveredState(lastFinal: nil, records: [], silentThrough: Slot(3)))
        _ = machine.receive(.executed(height: BlockHeight(0), stateRoot: fixture.genesisRoot))
        #expect(machine.receive(.started).payloadRequests == [])
        let votes = fixture.vote(.skip(Slot(1)), by: leader)
        #expect(machine.hear(.vote(votes)).contains(.persist(.vote(votes))), "it adopts its vote")
    }

    @Test("a machine starts after its last final block and ignores older records")
    func lastFinal() {
        let blocks = chain(3)
        let stale = ConsensusRecord.certificate(fixture.certificate(.skip(Slot(2))))
        var machine = ConsensusMachine(
            configuration: fixture.configuration, identity: nil,
            recovered: RecoveredState(lastFinal: blocks[2], records: [stale]))
        _ = machine.receive(.started)
        #expect(machine.status.finalHeight == BlockHeight(3))
        #expect(machine.status.slot == Slot(4))
    }

    @Test("a machine that is behind asks one peer and takes what is proved (CONSENSUS-19)")
    func catchUp() {
        var machine = fixture.machine(nil)
        let blocks = chain(3)
        _ = machine.hear(status(height: 3), from: 1)
        let asked = machine.receive(.timer(.catchUp(1)))
        #expect(asked.sent == [.blockRequest(from: BlockHeight(1), count: 64)])
        #expect(machine.hear(.blockResponse(blocks), from: 2) == [], "nobody asked this one")
        let effects = machine.hear(.blockResponse(blocks), from: 1)
        #expect(effects.finalized == blocks)
        #expect(machine.status.slot == Slot(4))
    }

    @Test("a peer that does not answer, or lies, gives way to the next")
    func rotation() {
        var machine = fixture.machine(nil)
        let blocks = chain(2)
        for peer in [1, 2] { _ = machine.hear(status(height: 2), from: peer) }
        var asked: [PublicKey] = []
        func remember(_ effects: [ConsensusEffect]) {
            for case .send(let peer, .blockRequest) in effects { asked.append(peer) }
        }
        remember(machine.receive(.timer(.catchUp(1))))
        remember(machine.receive(.timer(.catchUp(2))))
        #expect(Set(asked).count == 2)
        let last = fixture.keys.firstIndex { $0.publicKey == asked.last } ?? 0
        let forged = FinalizedBlock(
            block: blocks[0].block,
            proof: FinalityProof(certificate: fixture.certificate(.skip(Slot(1)))))
        let effects = machine.hear(.blockResponse([forged]), from: last)
        #expect(effects.finalized == [])
        #expect(effects.notes == [.rejected(from: fixture.keys[last].publicKey, .badBlocks)])
    }

    @Test("requests for final blocks go to the host, within what exists and one answer holds")
    func serving() {
        var machine = fixture.machine(nil)
        let peer = fixture.keys[1].publicKey
        _ = machine.hear(status(height: 3), from: 1)
        _ = machine.receive(.timer(.catchUp(1)))
        _ = machine.hear(.blockResponse(chain(3)), from: 1)
        #expect(
            machine.hear(.blockRequest(from: BlockHeight(2), count: 999), from: 1)
                == [.serveBlocks(to: peer, from: BlockHeight(2), count: 2)])
        #expect(
            machine.hear(.blockRequest(from: BlockHeight(9), count: 1), from: 1)
                == [.send(to: peer, .blockResponse([]))])
    }

    @Test("a peer that connects hears at once what was voted, not only the next repetition")
    func greeting() {
        let index = (fixture.leader(of: 1) + 1) % 4
        var machine = fixture.machine(index)
        _ = machine.receive(.timer(.skip(Epoch(0), Slot(1))))
        let sent = machine.receive(.connected(Fixture.key(77).publicKey)).sent
        #expect(
            sent == [.status(machine.status), .vote(fixture.vote(.skip(Slot(1)), by: index))])
    }

    @Test("a machine where nothing moves repeats itself, ever more seldom (CONSENSUS-18)")
    func standstill() {
        var machine = fixture.machine((fixture.leader(of: 1) + 1) % 4)
        _ = machine.receive(.timer(.skip(Epoch(0), Slot(1))))
        var waits: [UInt64] = []
        var votes = 0
        for sequence in 1...6 {
            let effects = machine.receive(.timer(.stall(UInt64(sequence))))
            votes += effects.votes.count
            for case .setTimer(.stall, let wait) in effects { waits.append(wait) }
        }
        #expect(waits == [500, 1_000, 2_000, 4_000, 4_000, 4_000])
        #expect(votes == 5, "the first look only remembers where it stands")
        #expect(machine.receive(.timer(.stall(3))) == [], "an old timer does nothing")
    }

    @Test("a peer that is behind is told what it lacks, a few times at most")
    func help() {
        var machine = fixture.machine(nil)
        let skips = (1...UInt64(40)).map { fixture.certificate(.skip(Slot($0))) }
        for skip in skips { _ = machine.hear(.certificate(skip)) }
        let behind = ConsensusMessage.status(
            ConsensusStatus(
                epoch: Epoch(0), finalHeight: BlockHeight(0), finalSlot: Slot(0), slot: Slot(3)))
        let sent = machine.hear(behind).sent
        #expect(sent == skips[2..<34].map { .certificate($0) })
        _ = machine.hear(behind)
        #expect(machine.hear(behind) == [])
    }

    @Test(
        "no sequence of strange messages brings a machine down or fills its memory",
        arguments: 0..<6 as Range<UInt64>)
    func fuzz(seed: UInt64) {
        var dice = Dice(seed: seed)
        var machine = fixture.machine(dice.below(2) == 0 ? nil : dice.below(4))
        for _ in 0..<250 {
            let index = dice.below(4)
            _ = machine.hear(strange(&dice), from: index)
            if dice.below(4) == 0 { _ = machine.receive(.timer(strangeTimer(&dice))) }
        }
        #expect(machine.blocks.count <= 2 * machine.slots.count)
        let span = ConsensusLimits.slotsAheadMax + ConsensusLimits.evidenceSlotsMax
        let undecided = min(machine.current.value - machine.final.slot.value, 1 << 20)
        #expect(machine.slots.count <= Int(undecided + span) + 1)
    }

    private func strange(_ dice: inout Dice) -> ConsensusMessage {
        let ranges = [dice.next(), UInt64.max - UInt64(dice.below(3)), UInt64(dice.below(90_000))]
        let index = dice.below(30)
        let slot = index < 3 ? ranges[index] : UInt64(dice.below(90))
        let statements: [Statement] = [
            .skip(Slot(slot)), .notar(Slot(slot), Fixture.digest(UInt8(dice.below(3)))),
            .final(Slot(slot), Fixture.digest(UInt8(dice.below(3)))),
        ]
        let statement = statements[dice.below(3)]
        switch dice.below(7) {
        case 0, 1: return .vote(fixture.vote(statement, by: dice.below(4)))
        case 2:
            let near = Statement.skip(Slot(UInt64(dice.below(6))))
            return .certificate(fixture.certificate(dice.below(2) == 0 ? near : statement))
        case 3:
            return .status(
                ConsensusStatus(
                    epoch: Epoch(0), finalHeight: BlockHeight(dice.next()),
                    finalSlot: Slot(dice.next()),
                    slot: Slot(slot)))
        case 4: return .slotRequest(Epoch(0), Slot(slot))
        case 5: return .blockRequest(from: BlockHeight(slot), count: UInt16(dice.below(70)))
        default:
            let block = fixture.block(slot: max(1, slot % 90), payload: [UInt8(dice.below(9))])
            return .proposal(fixture.proposal(block))
        }
    }

    private func strangeTimer(_ dice: inout Dice) -> ConsensusTimer {
        switch dice.below(4) {
        case 0: .skip(Epoch(0), Slot(UInt64(dice.below(90))))
        case 1: .stall(UInt64(dice.below(9)))
        case 2: .fetch(Epoch(0), Slot(UInt64(dice.below(90))), attempt: UInt32.max)
        default: .catchUp(UInt64(dice.below(9)))
        }
    }
}
