// SPDX-License-Identifier: Apache-2.0
import Consensus
import Cryptography
import JSONText
import Ledger
import Testing
import Validators
import Vocabulary

@Suite("Encodings and genesis of the validators")
struct EncodingTests {
    private func zeros(_ count: Int) -> String { String(repeating: "00", count: count) }

    @Test("the encoding of a join is pinned")
    func join() throws {
        let claim = try KeyClaim(canonicalBytes: [UInt8](repeating: 3, count: 96))
        let message = ValidatorsMessage.join(
            JoinValidators(claim: claim, name: "v", stake: Amount(4), fees: AccountID(.zero)))
        let expected =
            "00" + String(repeating: "03", count: 96) + "0176" + "04" + zeros(15) + zeros(32)
        #expect(Hexadecimal.encode(message.canonicalBytes) == expected)
    }

    @Test("messages without fields are their tag, and the others begin with it")
    func tags() throws {
        let claim = try KeyClaim(canonicalBytes: [UInt8](repeating: 3, count: 96))
        let vote = Vote(
            .skip(Slot(1)), by: Council.key(0), validator: 0, chain: Council.chain, epoch: Epoch(0))
        #expect(ValidatorsMessage.leave.canonicalBytes == [2])
        #expect(ValidatorsMessage.resume.canonicalBytes == [5])
        let messages: [ValidatorsMessage] = [
            .addStake(Amount(1)), .rotateKey(claim),
            .update(UpdateMember(name: "v", fees: AccountID(.zero))),
            .submitEvidence(.votes(vote, vote)),
        ]
        #expect(messages.map { $0.canonicalBytes[0] } == [1, 3, 4, 6])
        for message in messages {
            #expect(try ValidatorsMessage(canonicalBytes: message.canonicalBytes) == message)
        }
    }

    @Test("the encoding of the next set is pinned: a light client reads it")
    func nextSet() throws {
        let set = try ValidatorSet([Validator(key: PublicKey(.zero), stake: 5)])
        let next = NextSet(epoch: Epoch(2), validators: set)
        let expected = "02" + zeros(7) + "01" + zeros(32) + "05" + zeros(15)
        #expect(Hexadecimal.encode(next.canonicalBytes) == expected)
        #expect(try NextSet(canonicalBytes: next.canonicalBytes) == next)
    }

    @Test("a key's proof is over the chain and the account, under a tag of its own")
    func claim() throws {
        let account = Council.account(1)
        let claim = KeyClaim(Council.key(1), for: account, on: Council.chain)
        let signed =
            Array("atoll/validator-key/1".utf8) + [0] + Council.chain.raw.bytes + account.raw.bytes
        #expect(claim.proof == Council.key(1).sign(signed))
        #expect(claim.holds(for: account, on: Council.chain))
        #expect(!claim.holds(for: Council.account(2), on: Council.chain))
    }

    @Test("a member's record reads back in every status")
    func statuses() throws {
        let statuses: [MemberStatus] = [
            .active, .leaving(since: BlockHeight(4)), .jailed(until: Epoch(5)),
            .unbonding(until: Epoch(6)), .withdrawn,
        ]
        for (tag, status) in statuses.enumerated() {
            #expect(status.canonicalBytes[0] == UInt8(tag))
            #expect(try MemberStatus(canonicalBytes: status.canonicalBytes) == status)
        }
    }

    @Test("figures are read from genesis, kept in the state, and mistakes named with their place")
    func genesis() throws {
        let council = try Council(figures: ["seatsMax": 21, "stakeMin": "2.5"])
        let read = council.queries.parameters
        #expect(read.seatsMax == 21 && read.stakeMin == Amount("2.5") && read.jailEpochs == 2)
        #expect(try ValidatorsParameters(genesis: read.json) == read)
        #expect(try ValidatorsParameters(genesis: [:]) == .standard)
        for (wrong, pointer) in [
            (["seatsMax": 101], "/seatsMax"), (["seatsMin": 0], "/seatsMin"),
            (["seatsMax": 4, "seatsMin": 5], "/seatsMin"), (["stakeMin": "0.5"], "/stakeMin"),
            (["capPartsPerMillion": 0], "/capPartsPerMillion"),
            (["unbondingEpochs": 0], "/unbondingEpochs"), (["stake": 1], "/stake"),
        ] as [(JSON, String)] {
            do {
                _ = try ValidatorsParameters(genesis: wrong)
                Issue.record("\(pointer) was accepted")
            } catch { #expect(error.pointer == pointer) }
        }
    }

    @Test("two validators of a genesis cannot be governed by one account")
    func sharedAccount() throws {
        let module = ValidatorsModule(bank: CouncilBank())
        let context = try Council([]).context
        let shared = [0, 1].map {
            GenesisValidator(
                name: "v\($0)", publicKey: Council.key($0).publicKey, stake: 1,
                account: Council.account(0))
        }
        #expect(
            throws: GenesisFailure(
                pointer: "/validators/1/account", reason: "governs another validator already")
        ) { try module.found(shared, in: context) }
    }

    @Test("events read back, and a member's fits an event")
    func events() throws {
        let council = try Council()
        council.cut()
        let choice = try #require(council.choice)
        #expect(choice.epoch == Epoch(1) && choice.seats == 4 && choice.released == 0)
        #expect(council.lastEvents.allSatisfy { $0.payload.count <= Event.payloadBytesMax })
    }
}
