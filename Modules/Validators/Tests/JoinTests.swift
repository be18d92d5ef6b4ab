// SPDX-License-Identifier: Apache-2.0
import Cryptography
import LedgerSupport
import Testing
import Validators
import Vocabulary

@Suite("Joining the validators")
struct JoinTests {
    let council: Council

    init() throws { council = try Council() }

    @Test("a member that joins votes from the next epoch on (VALIDATORS-4)")
    func join() throws {
        try council.join(4, stake: 150)
        let member = try #require(council.member(4))
        #expect(member.status == .active && member.bond == Amount(whole: 150))
        #expect(council.balance(4) == .zero)
        #expect(council.seated == [0, 1, 2, 3])
        council.cut()
        #expect(council.seated == [0, 1, 2, 3, 4])
        #expect(council.queries.nextSet?.epoch == Epoch(1))
        #expect(council.choice?.newcomers == 1)
    }

    @Test("the least stake is enough and one unit less is not")
    func leastStake() throws {
        council.bank.add(
            Amount(whole: 100), to: CouncilBank.balanceKey(Council.account(4)), in: council.context)
        let below = try #require(Amount(whole: 100).subtracting(Amount(1)))
        let poor = JoinValidators(
            claim: council.claim(4), name: "v4", stake: below, fees: Council.account(4))
        #expect(refusal { try council.send(.join(poor), from: 4) } == "stakeTooSmall")
        try council.send(.join(council.joining(4)), from: 4)
        #expect(council.member(4)?.status == .active)
    }

    @Test("nobody joins with a stake it has not, and nothing of it stays")
    func poor() {
        #expect(
            refusal { try council.send(.join(council.joining(4)), from: 4) } == "poor")
        #expect(council.member(4) == nil)
        #expect(council.queries.account(of: Council.key(4).publicKey) == nil)
    }

    @Test("a member cannot join again, nor a founder join at all")
    func twice() throws {
        try council.join(4)
        #expect(refusal { try council.join(4) } == "alreadyMember")
        #expect(refusal { try council.join(0) } == "alreadyMember")
    }

    @Test("a key must sign for the account that claims it, on this chain (VALIDATORS-3)")
    func proofs() {
        let key = Council.key(4)
        let others = KeyClaim(key, for: Council.account(5), on: Council.chain)
        let elsewhere = KeyClaim(key, for: Council.account(4), on: ChainID(.zero))
        for claim in [others, elsewhere] {
            let message = JoinValidators(
                claim: claim, name: "v4", stake: Amount(whole: 100), fees: Council.account(4))
            #expect(refusal { try council.send(.join(message), from: 4) } == "badProof")
        }
    }

    @Test("a key that another account ever used is taken for ever (VALIDATORS-3)")
    func takenKeys() throws {
        #expect(refusal { try council.join(4, key: Council.key(0)) } == "keyTaken")
        try council.send(.rotateKey(council.claim(0, key: Council.key(9))), from: 0)
        #expect(refusal { try council.join(4, key: Council.key(0)) } == "keyTaken")
        #expect(refusal { try council.join(4, key: Council.key(9)) } == "keyTaken")
    }

    @Test(
        "a name has 1 to 64 bytes and no control characters",
        arguments: [
            ("", "badName"), ("a\nb", "badName"), ("a\u{7f}", "badName"),
            (String(repeating: "ä", count: 33), "malformedMessage"),
            (String(repeating: "ä", count: 32), nil), ("Zürich 1", nil),
        ])
    func names(_ name: String, _ expected: String?) {
        council.bank.add(
            Amount(whole: 100), to: CouncilBank.balanceKey(Council.account(4)), in: council.context)
        let message = JoinValidators(
            claim: council.claim(4), name: name, stake: Amount(whole: 100),
            fees: Council.account(4))
        #expect(refusal { try council.send(.join(message), from: 4) } == expected)
    }
}
