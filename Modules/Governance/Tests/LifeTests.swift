// SPDX-License-Identifier: Apache-2.0
import JSONText
import Ledger
import LedgerSupport
import Testing
import Vocabulary

@testable import Governance

@Suite("The life of proposals")
struct LifeTests {
    let forum: Forum

    init() throws {
        forum = try Forum()
        for number in 1...4 { try forum.lock(2_000, number) }
    }

    @Test("a proposal that passed executes itself after its time lock (GOVERNANCE-10)")
    func executes() throws {
        let number = try forum.submit(Forum.raise("70"))
        #expect(forum.stage(number) == .voting)
        try forum.send(.vote(number, .yes), from: 1)
        forum.wait(7 * Forum.day)
        forum.wait(0)
        #expect(forum.stage(number) == .queued && forum.height == 50)
        forum.wait(2 * Forum.day - 1)
        forum.wait(1)
        #expect(forum.height == 50)
        forum.wait(0)
        #expect(forum.stage(number) == .executed && forum.height == 70)
        // The deposit is back, and the earlier value is remembered.
        #expect(forum.balance(1) == Amount(whole: 8_000))
        #expect(
            forum.queries.history(of: Citizens.module, "height").map(\.value) == ["50"])
    }

    @Test("time-lock bypass fails: nothing is done sooner, whoever asks (GOVERNANCE-10)")
    func timeLockBypass() throws {
        let number = try forum.submit(Forum.raise("70"))
        for voter in 1...4 { try forum.send(.vote(number, .yes), from: voter) }
        #expect(refusal { try forum.send(.vote(number, .yes), from: 1) } == "sameVote")
        forum.wait(7 * Forum.day)
        for _ in 0..<5 { forum.wait(1_000) }
        #expect(forum.height == 50)
        let rules = KindRules(
            houses: KindRules.standard(.parameter).houses, discussion: 0, voting: 1, timeLock: 0)
        #expect(
            refusal { try forum.send(.setRules(.parameter, rules), from: 1) } == "notAllowed")
    }

    @Test("without a quorum nothing passes, and the deposit is gone (GOVERNANCE-9)")
    func noQuorum() throws {
        try forum.lock(10, 5)
        let number = try forum.submit(Forum.raise("70"))
        try forum.send(.vote(number, .yes), from: 5)
        forum.pass(.parameter)
        #expect(forum.stage(number) == .rejected && forum.height == 50)
        #expect(forum.balance(1) == Amount(whole: 7_900))
    }

    @Test("who abstains makes the quorum and neither side (R19)")
    func abstain() throws {
        try forum.lock(10, 5)
        let number = try forum.submit(Forum.raise("70"))
        try forum.send(.vote(number, .yes), from: 5)
        try forum.send(.vote(number, .abstain), from: 1)
        forum.pass(.parameter)
        #expect(forum.stage(number) == .executed)
    }

    @Test("half against half does not pass, and the deposit comes back (GOVERNANCE-9)")
    func tie() throws {
        let number = try forum.submit(Forum.raise("70"))
        try forum.send(.vote(number, .yes), from: 1)
        try forum.send(.vote(number, .no), from: 2)
        forum.pass(.parameter)
        #expect(forum.stage(number) == .rejected)
        #expect(forum.balance(1) == Amount(whole: 8_000))
    }

    @Test("veto griefing fails: less than a third of the votes vetoes nothing (GOVERNANCE-9)")
    func vetoGriefing() throws {
        try forum.lock(1_000, 5)
        let number = try forum.submit(Forum.raise("70"))
        for voter in 1...2 { try forum.send(.vote(number, .yes), from: voter) }
        try forum.send(.vote(number, .veto), from: 5)
        forum.pass(.parameter)
        #expect(forum.stage(number) == .executed)
        let second = try forum.submit(Forum.raise("80"))
        for voter in 1...2 { try forum.send(.vote(second, .yes), from: voter) }
        for voter in 3...4 { try forum.send(.vote(second, .veto), from: voter) }
        forum.pass(.parameter)
        #expect(forum.stage(second) == .vetoed && forum.height == 70)
        #expect(forum.balance(1) == Amount(whole: 7_900))
    }

    @Test("last-minute quorum makes voting longer, once (GOVERNANCE-8)")
    func lastMinuteQuorum() throws {
        try forum.lock(10, 5)
        let number = try forum.submit(Forum.raise("70"))
        try forum.send(.vote(number, .no), from: 5)
        forum.wait(7 * Forum.day - 1_000)
        try forum.send(.vote(number, .yes), from: 1)
        forum.wait(1_000)
        #expect(forum.stage(number) == .voting)
        for voter in 2...3 { try forum.send(.vote(number, .no), from: voter) }
        forum.wait(Forum.day)
        forum.wait(0)
        #expect(forum.stage(number) == .rejected)
    }

    @Test("proposal spam costs ever more (GOVERNANCE-5)")
    func proposalSpam() throws {
        let draft = Draft(kind: .text, title: "again")
        for _ in 0..<8 {
            try forum.send(.propose(draft, deposit: Amount(whole: 100)), from: 1)
        }
        #expect(
            refusal { try forum.send(.propose(draft, deposit: Amount(whole: 199)), from: 2) }
                == "depositTooSmall")
        try forum.send(.propose(draft, deposit: Amount(whole: 200)), from: 2)
        #expect(
            refusal { try forum.send(.propose(draft, deposit: Amount(whole: 200)), from: 9) }
                == "stakeTooSmall")
        try forum.send(.withdraw(8), from: 2)
        #expect(forum.balance(2) == Amount(whole: 8_000))
    }

    @Test("a parameter out of its range is refused before anybody votes (GOVERNANCE-6)")
    func parameterOutOfRange() throws {
        for (value, reason) in [
            ("101", "badFigure"), ("0", "badFigure"), ("\"x\"", "badFigure"), ("{", "badChange"),
        ] {
            #expect(
                refusal {
                    try forum.send(
                        .propose(Forum.raise(value), deposit: Amount(whole: 100)), from: 1)
                } == reason)
        }
        let unknown = Draft(
            kind: .parameter, title: "t",
            changes: [FigureChange(module: Citizens.module, name: "depth", value: "1")])
        #expect(
            refusal { try forum.send(.propose(unknown, deposit: Amount(whole: 100)), from: 1) }
                == "badChange")
        #expect(forum.height == 50)
    }

    @Test("a kind does what is its, and nothing else (GOVERNANCE-6)")
    func kinds() throws {
        let payment = Message(module: .treasury, payload: [5])
        for draft in [
            Draft(kind: .text, title: "t", messages: [payment]),
            Draft(kind: .parameter, title: "t", messages: [payment]),
            Draft(kind: .parameter, title: "t"), Forum.raise("60", kind: .treasury),
            Draft(
                kind: .treasury, title: "t",
                messages: [Message(module: .validators, payload: [5])]),
            Draft(kind: .upgrade, title: "t"), Draft(kind: .text, title: ""),
        ] {
            #expect(
                refusal { try forum.send(.propose(draft, deposit: Amount(whole: 100)), from: 1) }
                    == "badDraft")
        }
    }

    @Test("common money is paid by what passed, or not at all (GOVERNANCE-10)")
    func treasury() throws {
        let pay = Message(module: .treasury, payload: [200])
        let number = try forum.submit(
            Draft(kind: .treasury, title: "pay", messages: [pay]))
        try forum.send(.vote(number, .yes), from: 1)
        forum.pass(.treasury)
        #expect(forum.balance(30) == Amount(whole: 200))
        let second = try forum.submit(
            Draft(kind: .treasury, title: "more", messages: [pay, pay]))
        try forum.send(.vote(second, .yes), from: 1)
        forum.pass(.treasury)
        #expect(forum.stage(second) == .failed && forum.balance(30) == Amount(whole: 200))
        let told = forum.lastEvents.first { $0.kind == GovernanceEventKind.failed.rawValue }
        #expect(try GovernanceNote(canonicalBytes: #require(told).payload).detail.contains("poor"))
    }

    @Test("what a draft would change is shown, and nothing is changed by it (GOVERNANCE-10)")
    func simulation() throws {
        let changes = try Forum.module.simulate(
            Forum.raise("60"), in: forum.context.block, over: forum.context)
        #expect(changes.contains { $0.module == Citizens.module && $0.key == [6] })
        #expect(forum.height == 50)
        #expect(
            refusal {
                _ = try Forum.module.simulate(
                    Forum.raise("600"), in: forum.context.block, over: forum.context)
            } == "badFigure")
    }

    @Test("governance changes its own figures, within their ranges (GOVERNANCE-11)")
    func ownFigures() throws {
        let draft = Draft(
            kind: .parameter, title: "deposit",
            changes: [FigureChange(module: .governance, name: "depositMin", value: "\"250\"")])
        let number = try forum.submit(draft)
        try forum.send(.vote(number, .yes), from: 1)
        forum.pass(.parameter)
        #expect(forum.queries.parameters.depositMin == Amount(whole: 250))
    }
}
