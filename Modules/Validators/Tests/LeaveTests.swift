// SPDX-License-Identifier: Apache-2.0
import LedgerSupport
import Testing
import Validators
import Vocabulary

@Suite("Leaving the validators")
struct LeaveTests {
    let council: Council

    init() throws { council = try Council() }

    @Test("a member serves to the end of the epoch, then its stake comes back once (VALIDATORS-6)")
    func leave() throws {
        try council.join(4)
        council.cut()
        try council.send(.leave, from: 4)
        #expect(council.seated.contains(4))
        council.cut()
        #expect(!council.seated.contains(4))
        #expect(council.member(4)?.status == .unbonding(until: Epoch(4)))
        council.cut()
        #expect(council.balance(4) == .zero)
        council.cut()
        #expect(council.balance(4) == Amount(whole: 100))
        #expect(council.member(4)?.status == .withdrawn)
        council.cut()
        #expect(council.balance(4) == Amount(whole: 100))
    }

    @Test("who has no seat starts to unbond at once")
    func withoutSeat() throws {
        try council.join(4)
        try council.send(.leave, from: 4)
        #expect(council.member(4)?.status == .unbonding(until: Epoch(2)))
        council.cut()
        council.cut()
        #expect(council.balance(4) == Amount(whole: 100))
    }

    @Test("who leaves cannot leave again, add, change or resume")
    func refusals() throws {
        try council.join(4)
        council.cut()
        try council.send(.leave, from: 4)
        #expect(refusal { try council.send(.leave, from: 4) } == "wrongStatus")
        #expect(refusal { try council.send(.addStake(Amount(1)), from: 4) } == "wrongStatus")
        council.cut()
        let rename = UpdateMember(name: "x", fees: Council.account(4))
        #expect(refusal { try council.send(.update(rename), from: 4) } == "wrongStatus")
        let claim = council.claim(4, key: Council.key(9))
        #expect(refusal { try council.send(.rotateKey(claim), from: 4) } == "wrongStatus")
        #expect(refusal { try council.send(.resume, from: 4) } == "wrongStatus")
    }

    @Test("who has left may join again, with the key of before")
    func again() throws {
        try council.join(4)
        try council.send(.leave, from: 4)
        council.cut()
        council.cut()
        try council.send(.join(council.joining(4)), from: 4)
        council.cut()
        #expect(council.seated.contains(4))
    }

    @Test("a founder's grant ends when it leaves, and nothing is paid for it (VALIDATORS-2)")
    func founder() throws {
        try council.send(.leave, from: 0)
        for _ in 0..<4 { council.cut() }
        let member = try #require(council.member(0))
        #expect(member.status == .withdrawn && member.granted == 0)
        #expect(council.balance(0) == .zero)
        #expect(council.seated == [1, 2, 3])
    }

    @Test("the last member cannot leave: the old set stays (VALIDATORS-10)")
    func last() throws {
        let alone = try Council([5])
        try alone.send(.leave, from: 0)
        alone.cut()
        #expect(alone.seated == [0])
        #expect(alone.choice?.isKept == true && alone.choice?.waiting == 1)
        try alone.join(1)
        alone.cut()
        #expect(alone.seated == [1])
        #expect(alone.member(0)?.status == .unbonding(until: Epoch(4)))
    }

    @Test("many stakes that fall due at once are paid back over some blocks")
    func many() throws {
        for place in 10..<80 {
            try council.join(place)
            try council.send(.leave, from: place)
        }
        council.cut()
        for _ in 0..<3 { council.cut() }
        for place in 10..<80 { #expect(council.balance(place) == Amount(whole: 100)) }
    }
}
