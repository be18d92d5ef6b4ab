// SPDX-License-Identifier: Apache-2.0
import Ledger
import LedgerSupport
import Testing
import Vocabulary

@testable import Treasury

@Suite("Accounts of several signers")
struct MultisigTests {
    let hall: Hall
    let council: AccountID

    /// Two of accounts 1, 2 and 3 own pool 0, which holds a thousand.
    init() throws {
        hall = try Hall()
        try hall.send(
            .createMultisig(members: (1...3).map(Hall.account), threshold: 2), from: 1)
        council = Multisig.account(of: Hall.account(1), 0, on: ChainID(.zero))
        try hall.send(.createPool(name: "common", owner: council), from: 1)
        try hall.send(
            .deposit(pool: 0, asset: .native, amount: Amount(whole: 1_000)), from: 4)
    }

    private func payment(_ whole: UInt64, to number: Int) -> Message {
        TreasuryMessage.spend(
            pool: 0, payments: [Payment(to: Hall.account(number), Amount(whole: whole))]
        ).message
    }

    private func propose(_ messages: [Message], from number: Int) throws(Refusal) {
        try hall.send(
            .propose(council, messages: messages, expires: Timestamp(Hall.day)), from: number)
    }

    @Test("it acts when enough agree, and not before (TREASURY-2)")
    func agree() throws {
        try propose([payment(10, to: 5)], from: 1)
        #expect(hall.gained(5) == .zero)
        #expect(
            refusal { try hall.send(.approve(council, number: 0), from: 1) } == "alreadyApproved")
        #expect(refusal { try hall.send(.approve(council, number: 0), from: 4) } == "notAllowed")
        try hall.send(.approve(council, number: 0), from: 3)
        #expect(hall.gained(5) == Amount(whole: 10))
        #expect(refusal { try hall.send(.approve(council, number: 0), from: 2) } == "unknown")
    }

    @Test("what it decides happens wholly or not at all (TREASURY-2)")
    func allOrNothing() throws {
        try propose([payment(10, to: 5), payment(5_000, to: 6)], from: 1)
        #expect(refusal { try hall.send(.approve(council, number: 0), from: 2) } == "poor")
        #expect(hall.gained(5) == .zero)
        #expect(hall.queries.decision(0, of: council)?.approvals.count == 1)
    }

    @Test("nobody alone spends what is its (TREASURY-3)")
    func alone() throws {
        #expect(
            refusal {
                try hall.send(
                    .spend(pool: 0, payments: [Payment(to: Hall.account(1), Amount(1))]), from: 1)
            } == "notAllowed")
    }

    @Test("decisions end with their time and with the members who made them (TREASURY-2)")
    func void() throws {
        try propose([payment(10, to: 5)], from: 1)
        let change = TreasuryMessage.setMembers(
            (2...4).map(Hall.account), threshold: 2
        ).message
        try propose([change], from: 2)
        try hall.send(.approve(council, number: 1), from: 3)
        #expect(refusal { try hall.send(.approve(council, number: 0), from: 2) } == "expired")
        #expect(refusal { try propose([payment(1, to: 1)], from: 1) } == "notAllowed")
        try propose([payment(10, to: 5)], from: 4)
        hall.wait(Hall.day)
        #expect(refusal { try hall.send(.approve(council, number: 2), from: 2) } == "expired")
        try hall.send(.withdraw(council, number: 2), from: 3)
        #expect(hall.queries.decision(2, of: council) == nil)
    }

    @Test("a decision cannot make another happen: nothing nests without end (TREASURY-2)")
    func nested() throws {
        try hall.send(
            .createMultisig(members: [council], threshold: 1), from: 1)
        let outer = Multisig.account(of: Hall.account(1), 1, on: ChainID(.zero))
        let inner = TreasuryMessage.propose(
            outer, messages: [payment(1, to: 1)], expires: Timestamp(Hall.day)
        ).message
        try propose([inner], from: 1)
        #expect(refusal { try hall.send(.approve(council, number: 0), from: 2) } == "nested")
        // Refused as a whole, it leaves nothing behind.
        try propose([payment(10, to: 5)], from: 1)
        try hall.send(.approve(council, number: 1), from: 2)
        #expect(hall.gained(5) == Amount(whole: 10))
    }

    @Test("members ascend, and no more must agree than there are (TREASURY-1)")
    func members() throws {
        for (members, threshold) in [
            ([], 1), ([1, 2], 3), ([1, 2], 0), ([2, 1], 1), ([1, 1], 1),
        ] as [([Int], UInt8)] {
            let message = TreasuryMessage.createMultisig(
                members: members.map(Hall.account), threshold: threshold)
            #expect(refusal { try hall.send(message, from: 1) } == "badMembers")
        }
        #expect(refusal { try propose([], from: 1) } == "badMessages")
    }
}
