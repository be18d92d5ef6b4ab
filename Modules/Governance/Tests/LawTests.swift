// SPDX-License-Identifier: Apache-2.0
import JSONText
import Ledger
import LedgerSupport
import Testing
import Vocabulary

@testable import Governance

@Suite("Constitution, emergencies and upgrades")
struct LawTests {
    static let genesis: JSON = [
        "clauses": [
            ["module": 99, "figure": "width", "protection": "unamendable"],
            ["module": 99, "figure": "height", "protection": "constitutional"],
        ],
        "emergency": .array(
            (1...7).map { ["account": .string("\(Forum.account($0))")] }),
    ]

    private func forum(_ genesis: JSON = Self.genesis) throws -> Forum {
        let forum = try Forum(genesis)
        for number in 1...4 { try forum.lock(2_000, number) }
        return forum
    }

    @Test("an unamendable figure is never changed, by whatever kind (GOVERNANCE-12)")
    func unamendable() throws {
        let forum = try forum()
        for kind in [ProposalKind.parameter, .constitutional, .emergency] {
            let draft = Draft(
                kind: kind, title: "width",
                changes: [FigureChange(module: Citizens.module, name: "width", value: "2")])
            #expect(
                refusal { try forum.send(.propose(draft, deposit: Amount(whole: 100)), from: 1) }
                    == "unamendable")
        }
    }

    @Test("a protected figure needs 95 of a hundred, and nothing else will do (GOVERNANCE-12, R21)")
    func constitutional() throws {
        let forum = try forum()
        #expect(
            refusal {
                try forum.send(.propose(Forum.raise("60"), deposit: Amount(whole: 100)), from: 1)
            } == "badChange")
        let number = try forum.submit(Forum.raise("60", kind: .constitutional))
        for voter in 1...3 { try forum.send(.vote(number, .yes), from: voter) }
        try forum.send(.vote(number, .no), from: 4)
        forum.pass(.constitutional)
        #expect(forum.stage(number) == .rejected)
        let second = try forum.submit(Forum.raise("60", kind: .constitutional))
        for voter in 1...4 { try forum.send(.vote(second, .yes), from: voter) }
        forum.pass(.constitutional)
        #expect(forum.stage(second) == .executed && forum.height == 60)
    }

    private var free: JSON {
        ["emergency": Self.genesis["emergency"] ?? [], "proposerMin": "1000"]
    }

    @Test("five of seven decide an emergency, and it lapses after two days (CO-21, GOVERNANCE-13)")
    func emergency() throws {
        let forum = try forum(free)
        let draft = Forum.raise("1", kind: .emergency)
        #expect(
            refusal { try forum.send(.propose(draft, deposit: Amount(whole: 100)), from: 9) }
                == "notAllowed")
        let number = try forum.submit(draft)
        for voter in 1...4 { try forum.send(.vote(number, .yes), from: voter) }
        #expect(refusal { try forum.send(.vote(number, .yes), from: 9) } == "noVote")
        let second = try forum.submit(draft)
        for voter in 1...5 { try forum.send(.vote(second, .yes), from: voter) }
        forum.wait(Forum.day)
        forum.wait(Forum.day)
        forum.wait(0)
        #expect(forum.stage(number) == .rejected)
        #expect(forum.stage(second) == .executed && forum.height == 1)
        forum.wait(2 * Forum.day)
        forum.wait(0)
        #expect(forum.height == 50)
    }

    @Test("an emergency that is ratified stays (GOVERNANCE-13)")
    func ratified() throws {
        var members = free.members ?? []
        members.append(JSON.Member("lapseMilliseconds", JSON(12 * Forum.day)))
        let forum = try forum(.object(members))
        let number = try forum.submit(Forum.raise("1", kind: .emergency))
        for voter in 1...5 { try forum.send(.vote(number, .yes), from: voter) }
        forum.wait(Forum.day)
        forum.wait(0)
        forum.wait(0)
        #expect(forum.height == 1)
        let second = try forum.submit(
            Draft(kind: .text, title: "it was right", ratifies: number))
        for voter in 1...4 { try forum.send(.vote(second, .yes), from: voter) }
        forum.pass(.text)
        #expect(forum.stage(second) == .executed)
        forum.wait(30 * Forum.day)
        forum.wait(0)
        #expect(forum.height == 1)
    }

    private func upgrade(_ forum: Forum, version: UInt32 = 2) throws -> UInt64 {
        let number = try forum.submit(
            Draft(
                kind: .upgrade, title: "next",
                upgrade: Upgrade(version: version, digest: .zero, epoch: Epoch(5))))
        for voter in 1...4 { try forum.send(.vote(number, .yes), from: voter) }
        forum.pass(.upgrade)
        #expect(forum.stage(number) == .executed)
        return number
    }

    private func enter(_ epoch: UInt64, _ forum: Forum) {
        forum.context.set(Citizens.module, [5], Epoch(epoch).canonicalBytes)
        forum.wait(0)
    }

    @Test("an upgrade holds from its epoch on when two thirds are ready (GOVERNANCE-14)")
    func ready() throws {
        let forum = try forum(free)
        _ = try upgrade(forum)
        #expect(refusal { try forum.send(.signalReady(2, plan: .zero), from: 9) } == "notValidator")
        for validator in 1...3 { try forum.send(.signalReady(2, plan: .zero), from: validator) }
        enter(4, forum)
        #expect(forum.queries.version == 1)
        enter(5, forum)
        #expect(forum.queries.version == 2 && forum.queries.upgrade == nil)
        #expect(refusal { try forum.send(.signalReady(2, plan: .zero), from: 4) } == "badVersion")
    }

    @Test("an upgrade that too few are ready for is dropped (GOVERNANCE-14)")
    func notReady() throws {
        let forum = try forum(free)
        _ = try upgrade(forum)
        for validator in 1...2 { try forum.send(.signalReady(2, plan: .zero), from: validator) }
        enter(5, forum)
        #expect(forum.queries.version == 1 && forum.queries.upgrade == nil)
    }

    @Test(
        "upgrade with a wrong hash fails: who approves another plan does not count (GOVERNANCE-14)")
    func wrongPlan() throws {
        let forum = try forum(free)
        _ = try upgrade(forum)
        let other = Digest(Bytes32 { $0[0] = 1 })
        for validator in 1...2 { try forum.send(.signalReady(2, plan: .zero), from: validator) }
        for validator in 3...4 { try forum.send(.signalReady(2, plan: other), from: validator) }
        enter(5, forum)
        #expect(forum.queries.version == 1 && forum.queries.upgrade == nil)
        #expect(forum.queries.ready(Forum.account(3)) == Readiness(version: 2, plan: other))
    }

    @Test("an upgrade waits for a whole epoch at least, whatever it asks for (GOVERNANCE-14)")
    func waits() throws {
        let forum = try forum(free)
        forum.context.set(Citizens.module, [5], Epoch(7).canonicalBytes)
        _ = try upgrade(forum)
        #expect(forum.queries.upgrade?.epoch == Epoch(9))
        for validator in 1...4 { try forum.send(.signalReady(2, plan: .zero), from: validator) }
        enter(8, forum)
        #expect(forum.queries.version == 1)
        enter(9, forum)
        #expect(forum.queries.version == 2)
    }

    @Test("an upgrade names the next version, and no other (GOVERNANCE-14)")
    func wrongVersion() throws {
        let forum = try forum(free)
        let draft = Draft(
            kind: .upgrade, title: "far",
            upgrade: Upgrade(version: 3, digest: .zero, epoch: Epoch(5)))
        #expect(
            refusal { try forum.send(.propose(draft, deposit: Amount(whole: 100)), from: 1) }
                == "badVersion")
    }

    @Test("seats and rules are filled by what passed alone (GOVERNANCE-6)")
    func seats() throws {
        let forum = try forum(free)
        let seats = CouncilSeats([CouncilSeat(account: Forum.account(8), weight: 3)])
        let message = GovernanceMessage.setSeats(.council, seats)
        #expect(refusal { try forum.send(message, from: 1) } == "notAllowed")
        let number = try forum.submit(
            Draft(kind: .role, title: "a seat", messages: [message.message]))
        for voter in 1...4 { try forum.send(.vote(number, .yes), from: voter) }
        forum.pass(.role)
        #expect(forum.queries.seats(of: .council) == seats)
    }

    // MARK: Encodings

    @Test("every message begins with its tag and reads back; the encoding of a vote is pinned")
    func tags() throws {
        let account = Forum.account(1)
        let messages: [GovernanceMessage] = [
            .lock(Amount(1)), .unlock(Amount(1)), .delegate(account), .refresh(account),
            .propose(Forum.raise("60"), deposit: Amount(1)), .withdraw(1), .vote(2, .abstain),
            .signalReady(2, plan: .zero), .setSeats(.council, CouncilSeats([])),
            .setRules(.text, .standard(.text)),
        ]
        #expect(messages.map { $0.canonicalBytes[0] } == Array(0...9))
        for message in messages {
            #expect(try GovernanceMessage(canonicalBytes: message.canonicalBytes) == message)
        }
        #expect(messages[6].canonicalBytes == [6, 2, 0, 0, 0, 0, 0, 0, 0, 2])
    }

    @Test("decoding survives any bytes", arguments: 1...4)
    func decoding(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let accounts = (0..<4).map(Forum.account)
        for _ in 0..<600 {
            var bytes = GovernanceWorkload.message(among: accounts, using: &random).payload
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] =
                    UInt8.random(in: 0...255, using: &random)
            }
            guard let read = try? GovernanceMessage(canonicalBytes: bytes) else { continue }
            #expect(read.canonicalBytes == bytes)
        }
    }

    @Test("mistakes of a genesis are named with their place")
    func mistakes() {
        for (wrong, pointer) in [
            (["throttle": 0], "/throttle"), (["kinds": [["kind": "war"]]], "/kinds/0/kind"),
            (
                ["kinds": [["kind": "text", "houses": [["electorate": "all"]]]]],
                "/kinds/0/houses/0/electorate"
            ),
            (["kinds": [["kind": "text", "votingMilliseconds": 0]]], "/kinds/0"),
            (
                ["clauses": [["module": 1, "figure": "x", "protection": "much"]]],
                "/clauses/0/protection"
            ), (["king": 1], "/king"),
        ] as [(JSON, String)] {
            do {
                _ = try Forum(wrong)
                Issue.record("\(pointer) was accepted")
            } catch { #expect((error as? GenesisFailure)?.pointer == pointer) }
        }
    }
}
