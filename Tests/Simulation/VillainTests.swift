// SPDX-License-Identifier: Apache-2.0
import Consensus
import Cryptography
import Ledger
import NodeInterface
import Testing
import Vocabulary

@testable import atoll_simulate

@Suite("Villains")
struct VillainTests {
    private func scenario(_ text: String) throws -> Scenario {
        try ScenarioReader.read(Array(text.utf8))
    }

    /// More villains than four validators survive, among much that does not matter.
    private static let fork = """
        validators 4
        observers 1
        villain validator-3 fork-maker
        villain validator-4 fork-maker
        region pair validator-1 validator-2
        links between pair validator-3 2ms
        load 4 a second from 1s to 3s
        flood 2 a second from 2s to 3s
        at 1s cut validator-1 -> validator-2
        at 1s cut validator-2 -> validator-1
        at 2s crash observer-1
        at 3s restart observer-1
        run 3s
        settle 5s
        """

    @Test("two fork makers of four are found out, and shrinking leaves them alone with less")
    func shrinks() throws {
        let scenario = try scenario(Self.fork)
        let report = try ScenarioRun.run(scenario, seed: 1)
        let failure = try #require(report.failure)
        #expect([.certificates, .oneHistory].contains(failure.checker))
        let outcome = try #require(try Shrinker { true }.shrink(scenario, report))
        #expect(outcome.isMinimal)
        #expect(outcome.report.failure?.checker == failure.checker)
        #expect(outcome.scenario.villains == scenario.villains)
        #expect(outcome.scenario.timeline.isEmpty && outcome.scenario.floods.isEmpty)
        #expect(outcome.scenario.duration < scenario.duration)

        let saved = ScenarioText.text(outcome.scenario)
        #expect(saved.split(separator: "\n").count <= 8)
        let again = try ScenarioRun.run(try self.scenario(saved), seed: 1)
        #expect(again.failure?.text == outcome.report.failure?.text)
        let told = ReportText.text(outcome, of: "fork")
        #expect(told.contains(saved) && told.contains("-- validator-1\n"))
    }

    @Test("what holds has nothing to be shrunk to, and no time means no run")
    func nothingToShrink() throws {
        let calm = try scenario("validators 1\nload 5 a second from 0s to 1s\nrun 1s\nsettle 5s")
        let report = try ScenarioRun.run(calm, seed: 1)
        #expect(report.failure == nil)
        #expect(try Shrinker { true }.shrink(calm, report) == nil)
        let broken = try scenario("validators 1\nsilent from 0s to 2s\nrun 2s")
        let failed = try ScenarioRun.run(broken, seed: 1)
        let outcome = try #require(try Shrinker { false }.shrink(broken, failed))
        #expect(outcome.runs == 0 && !outcome.isMinimal && outcome.scenario == broken)
    }

    @Test("a scenario is not shrunk to one that promises less")
    func fairness() throws {
        let healed = try scenario(
            """
            validators 4
            at 1s crash validator-1 validator-2
            at 2s restart validator-1 validator-2
            run 3s
            """)
        let fairness = Fairness(original: healed, broken: .progress)
        var unhealed = healed
        unhealed.timeline.removeLast()
        #expect(!fairness.accepts(unhealed))
        #expect(Fairness(original: healed, broken: .oneHistory).accepts(unhealed))
        var calm = healed
        calm.timeline = []
        #expect(fairness.accepts(calm))
        var hasty = healed
        hasty.settle -= 1
        #expect(!fairness.accepts(hasty))
        var crowded = healed
        crowded.villains = ["validator-1": .doubleVoter, "validator-2": .lyingRoot]
        #expect(!fairness.accepts(crowded))
        #expect(!Fairness(original: healed, broken: .silence).accepts(calm))
    }

    @Test("what a provable villain did before all eyes must be proved by somebody")
    func conviction() throws {
        let scenario = try scenario("validators 4\nvillain validator-2 double-voter\nrun 4s")
        let fleet = try Fleet(scenario, seed: 5)
        fleet.startAll {}
        fleet.world.run(forMilliseconds: 8_000)
        let crimes = try #require(fleet.offenders.first?.crimes)
        #expect(crimes.count > 3)
        Audit(fleet: fleet, paid: 0, isFair: true).run()
        #expect(fleet.judge.failure == nil, "\(String(describing: fleet.judge.failure))")
        // Crimes that nobody heard of are missed.
        let villain = fleet.members[1].key.publicKey
        for slot in 1_000..<1_010 {
            fleet.crimes.note(villain, in: EpochSlot(Epoch(0), Slot(UInt64(slot))))
        }
        Audit(fleet: fleet, paid: 0, isFair: true).run()
        #expect(fleet.judge.failure?.checker == .evidence)
    }

    @Test("an honest validator that signs a contradiction, in whichever life, is noticed")
    func witness() throws {
        let scenario = try scenario("validators 4\nrun 1s")
        let fleet = try Fleet(scenario, seed: 1)
        let member = fleet.members[0]
        let witness = Witness(member: member, judge: fleet.judge)
        let first = witness.rise()
        let nothing: [ConsensusEffect] = []
        let vote = { (statement: Statement) -> [ConsensusEffect] in
            let vote = Vote(
                statement, by: member.key, validator: 0, chain: fleet.genesis.chain,
                epoch: Epoch(0))
            return [.broadcast(.vote(vote))]
        }
        #expect(first.rewrite(vote(.skip(Slot(3)))).count == 1)
        let second = witness.rise()
        // The turn before the crash may never have reached the network.
        _ = second.rewrite(vote(.final(Slot(3), .zero)))
        _ = second.rewrite(nothing)
        #expect(fleet.judge.failure == nil)
        _ = witness.rise().rewrite(vote(.skip(Slot(3))))
        _ = second.rewrite(vote(.skip(Slot(3))))
        _ = second.rewrite(nothing)
        #expect(fleet.judge.failure?.checker == .votes)
    }
}
