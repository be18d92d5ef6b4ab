// SPDX-License-Identifier: Apache-2.0
import LedgerSupport
import Testing
import Validators
import Vocabulary

@Suite("Stake, key and record of a member")
struct ChangeTests {
    let council: Council

    init() throws {
        council = try Council()
        try council.join(4)
        council.cut()
    }

    @Test("added stake is held and counts from the next epoch on (VALIDATORS-5)")
    func addStake() throws {
        let account = Council.account(4)
        council.bank.add(
            Amount(whole: 50), to: CouncilBank.balanceKey(account), in: council.context)
        try council.send(.addStake(Amount(whole: 50)), from: 4)
        #expect(council.member(4)?.bond == Amount(whole: 150))
        #expect(council.bank.stake(of: account, in: council.context) == Amount(whole: 150))
        council.cut()
        council.expectSound()
    }

    @Test("nothing, too much, or a stranger's money is no stake")
    func addStakeRefusals() {
        #expect(refusal { try council.send(.addStake(.zero), from: 4) } == "stakeTooSmall")
        #expect(refusal { try council.send(.addStake(Amount(1)), from: 4) } == "poor")
        #expect(refusal { try council.send(.addStake(Amount(.max)), from: 4) } == "stakeTooLarge")
        #expect(refusal { try council.send(.addStake(Amount(1)), from: 8) } == "unknownMember")
    }

    @Test("a founder may add a bond to what the genesis granted")
    func founderAdds() throws {
        council.bank.add(
            Amount(whole: 5), to: CouncilBank.balanceKey(Council.account(0)), in: council.context)
        try council.send(.addStake(Amount(whole: 5)), from: 0)
        let member = try #require(council.member(0))
        #expect(member.bond == Amount(whole: 5) && member.granted == 10 && member.weight == 15)
    }

    @Test("a new key votes from the next epoch on, the old one until then (VALIDATORS-5)")
    func rotate() throws {
        let new = Council.key(9)
        try council.send(.rotateKey(council.claim(4, key: new)), from: 4)
        let present = try #require(council.queries.nextSet)
        #expect(present.validators.index(of: new.publicKey) == nil)
        council.cut()
        let next = try #require(council.queries.nextSet)
        #expect(next.validators.index(of: new.publicKey) != nil)
        #expect(next.validators.index(of: Council.key(4).publicKey) == nil)
        let before = try #require(council.queries.seats(of: present.epoch))
        #expect(before.seat(of: Council.key(4).publicKey)?.account == Council.account(4))
    }

    @Test("a key is not rotated to itself, without its signature, or to another's")
    func rotateRefusals() {
        #expect(
            refusal { try council.send(.rotateKey(council.claim(4)), from: 4) } == "sameKey")
        let stolen = KeyClaim(Council.key(9), for: Council.account(3), on: Council.chain)
        #expect(refusal { try council.send(.rotateKey(stolen), from: 4) } == "badProof")
        let others = council.claim(4, key: Council.key(0))
        #expect(refusal { try council.send(.rotateKey(others), from: 4) } == "keyTaken")
    }

    @Test("a member may return to a key of its own")
    func rotateBack() throws {
        try council.send(.rotateKey(council.claim(4, key: Council.key(9))), from: 4)
        try council.send(.rotateKey(council.claim(4)), from: 4)
        #expect(council.member(4)?.key == Council.key(4).publicKey)
    }

    @Test("fees go to the account that was named before the epoch began (VALIDATORS-5)")
    func fees() throws {
        let purse = Council.account(77)
        let key = Council.key(4).publicKey
        try council.send(.update(UpdateMember(name: "renamed", fees: purse)), from: 4)
        #expect(council.member(4)?.name == "renamed")
        #expect(council.queries.feeAccount(of: key, in: Epoch(1)) == Council.account(4))
        council.cut()
        #expect(council.queries.feeAccount(of: key, in: Epoch(2)) == purse)
    }

    @Test("a name that could not be chosen cannot be changed to")
    func badName() {
        let message = UpdateMember(name: "", fees: Council.account(4))
        #expect(refusal { try council.send(.update(message), from: 4) } == "badName")
    }
}
