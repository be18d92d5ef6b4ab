// SPDX-License-Identifier: Apache-2.0
import Consensus
import Cryptography
import Ledger
import LedgerSupport
import Testing
import Validators
import Vocabulary

@Suite("Offences of validators")
struct PunishTests {
    let council: Council

    init() throws {
        council = try Council()
        try council.join(4, stake: 200)
        council.cut()
    }

    private func submit(_ evidence: EquivocationEvidence, from place: Int = 9) throws(Refusal) {
        try council.send(.submitEvidence(evidence), from: place)
    }

    @Test("an offender loses a part of its stake and its seat at the next cut (VALIDATORS-11)")
    func punished() throws {
        try submit(council.evidence(against: 4, in: 1))
        let member = try #require(council.member(4))
        #expect(member.bond == Amount(whole: 190) && member.slashed == Amount(whole: 10))
        #expect(member.status == .jailed(until: Epoch(3)))
        #expect(council.seated.contains(4))
        council.cut()
        #expect(!council.seated.contains(4))
    }

    @Test("a grant loses its part rounded up")
    func founder() throws {
        try submit(council.evidence(against: 0))
        #expect(council.member(0)?.granted == 9)
        council.expectSound()
    }

    @Test("all contradictions of one member in one epoch are one offence (VALIDATORS-11)")
    func once() throws {
        try submit(council.evidence(against: 4, in: 1))
        #expect(
            refusal { try submit(council.evidence(against: 4, in: 1, slot: 6)) }
                == "alreadyPunished")
        #expect(council.member(4)?.bond == Amount(whole: 190))
        council.expectSound()
    }

    @Test("what contradicts nothing, or is not signed by its validator, punishes nobody")
    func noOffence() throws {
        let seats = try #require(council.queries.seats(of: Epoch(1)))
        let place = try #require(seats.seats.firstIndex { $0.account == Council.account(4) })
        func vote(_ statement: Statement, by key: Int = 4) -> Vote {
            Vote(
                statement, by: Council.key(key), validator: UInt16(place), chain: Council.chain,
                epoch: Epoch(1))
        }
        let skip = vote(.skip(Slot(5)))
        let final = vote(.final(Slot(5), .zero))
        let elsewhere = vote(.final(Slot(6), .zero))
        let forged = vote(.final(Slot(5), .zero), by: 3)
        for second in [skip, elsewhere, forged] {
            #expect(refusal { try submit(.votes(skip, second)) } == "noOffence")
        }
        try submit(.votes(skip, final))
    }

    @Test("two proposals of one slot are an offence of their proposer")
    func proposals() throws {
        func header(_ time: UInt64) -> BlockHeader {
            BlockHeader(
                chain: Council.chain, epoch: Epoch(1), slot: Slot(9), height: BlockHeight(8),
                parentSlot: Slot(8), parent: .zero, timestamp: Timestamp(time),
                payloadDigest: .zero, stateHeight: BlockHeight(7), stateRoot: .zero,
                proposer: Council.key(4).publicKey)
        }
        func signed(_ time: UInt64) -> SignedHeader {
            SignedHeader(
                header: header(time), signature: Council.key(4).sign(header(time).proposalBytes))
        }
        try submit(.proposals(signed(1), signed(2)))
        #expect(council.member(4)?.bond == Amount(whole: 190))
    }

    @Test(
        "a forked lane is an offence of its owner, and one with any other of its epoch (LANES-16)")
    func lanes() throws {
        let seats = try #require(council.queries.seats(of: Epoch(1)))
        let place = try #require(seats.seats.firstIndex { $0.account == Council.account(4) })
        func header(_ payload: UInt8, by key: Int = 4) -> SignedBatchHeader {
            SignedBatchHeader(
                BatchHeader(
                    chain: Council.chain, epoch: Epoch(1), lane: UInt16(place), height: 1,
                    parent: .zero, payloadDigest: SHA256.hash([payload]), transactionCount: 1,
                    payloadBytes: 1),
                by: Council.key(key))
        }
        let forged = LaneEvidence(first: header(1), second: header(2, by: 3))
        #expect(
            refusal { try council.send(.submitLaneEvidence(forged), from: 9) } == "noOffence")
        let evidence = LaneEvidence(first: header(1), second: header(2))
        try council.send(.submitLaneEvidence(evidence), from: 9)
        #expect(council.member(4)?.bond == Amount(whole: 190))
        #expect(
            refusal { try submit(council.evidence(against: 4, in: 1)) } == "alreadyPunished")
        let told = council.context.events.last {
            $0.kind == ValidatorsEventKind.memberPunished.rawValue
        }
        let punishment = try Punishment(canonicalBytes: #require(told).payload)
        #expect(punishment.offence == .fork(1) && punishment.taken == Amount(whole: 10))
    }

    @Test("leaving does not save a stake, until it has come back (VALIDATORS-6)")
    func unbonding() throws {
        let late = try council.evidence(against: 4, in: 1)
        try council.send(.leave, from: 4)
        council.cut()
        council.cut()
        try submit(late)
        #expect(council.member(4)?.bond == Amount(whole: 190))
        #expect(council.member(4)?.status == .unbonding(until: Epoch(4)))
        council.cut()
        #expect(council.balance(4) == Amount(whole: 190))
        let again = EquivocationEvidence.votes(
            Vote(
                .skip(Slot(1)), by: Council.key(4), validator: 0, chain: Council.chain,
                epoch: Epoch(1)),
            Vote(
                .final(Slot(1), .zero), by: Council.key(4), validator: 0, chain: Council.chain,
                epoch: Epoch(1)))
        #expect(refusal { try submit(again) } == "epochOutOfReach")
    }

    @Test("a jailed member resumes when its time has come, and is elected again (VALIDATORS-12)")
    func resume() throws {
        try submit(council.evidence(against: 4, in: 1))
        #expect(refusal { try council.send(.resume, from: 4) } == "tooEarly")
        #expect(refusal { try council.send(.leave, from: 4) } == "wrongStatus")
        council.cut()
        council.cut()
        try council.send(.resume, from: 4)
        council.cut()
        #expect(council.seated.contains(4))
    }

    @Test("a member whose stake no longer suffices adds to it before it resumes")
    func resumePoor() throws {
        try council.join(5, stake: 100)
        council.cut()
        try submit(council.evidence(against: 5, in: 2))
        council.cut()
        council.cut()
        #expect(refusal { try council.send(.resume, from: 5) } == "stakeTooSmall")
        council.bank.add(
            Amount(whole: 5), to: CouncilBank.balanceKey(Council.account(5)), in: council.context)
        try council.send(.addStake(Amount(whole: 5)), from: 5)
        try council.send(.resume, from: 5)
        #expect(council.member(5)?.status == .active)
    }

    @Test("a jailed member without a seat may leave")
    func leaveJail() throws {
        try submit(council.evidence(against: 4, in: 1))
        council.cut()
        try council.send(.leave, from: 4)
        #expect(council.member(4)?.status == .unbonding(until: Epoch(4)))
    }

    @Test("offenders go before those who asked to leave")
    func turns() throws {
        let small = try Council([10, 10, 10])
        try small.send(.leave, from: 0)
        try small.send(.submitEvidence(small.evidence(against: 2)), from: 9)
        small.cut()
        #expect(small.seated == [0, 1])
    }
}
