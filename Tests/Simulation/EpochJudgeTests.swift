// SPDX-License-Identifier: Apache-2.0
import Consensus
import Cryptography
import Ledger
import NodeInterface
import Testing
import Vocabulary

@testable import atoll_simulate

@Suite("The judge of epochs and lanes")
struct EpochJudgeTests {
    private func scenario(_ text: String) throws -> Scenario {
        try ScenarioReader.read(Array(text.utf8))
    }

    /// A network that has gone through epochs, what its first validator executed, and how it
    /// proves its epochs.
    private func network() throws -> (
        fleet: Fleet, blocks: [AppliedBlock], handovers: [CertifiedValue]
    ) {
        let text = "validators 4\ncheckpoints every 2 blocks\nepochs of 1 checkpoints\nrun 5s"
        let fleet = try Fleet(try scenario(text), seed: 3)
        fleet.startAll {}
        let payments = Payments(fleet)
        fleet.world.run(forMilliseconds: 1_000)
        for _ in 0..<20 {
            payments.pay(twice: true)
            fleet.world.run(forMilliseconds: 100)
        }
        let (name, node, effects) = try #require(fleet.running.first)
        let page = fleet.world.run(on: name, effects) { _ in
            await node.blocks(after: BlockHeight(0), waiting: 1)
        }
        guard case .blocks(let blocks)? = page else { return (fleet, [], []) }
        let handovers = fleet.world.run(on: name, effects) { _ in
            await node.handovers(from: Epoch(0), count: 16)
        }
        #expect(fleet.judge.failure == nil)
        return (fleet, blocks, try #require(handovers))
    }

    @Test("the judge follows epochs by their handovers alone, and believes no other set")
    func handovers() throws {
        let (fleet, _, handovers) = try network()
        #expect(fleet.judge.newestEpoch > Epoch(2))
        try #require(handovers.count > 2)
        let text = "validators 4\ncheckpoints every 2 blocks\nepochs of 1 checkpoints\nrun 5s"
        let scenario = try scenario(text)
        func judge() throws -> Judge {
            try Judge(
                genesis: fleet.genesis, members: fleet.members, scenario: scenario,
                world: fleet.world)
        }
        let good = try judge()
        #expect(good.follow(Array(handovers.prefix(2)), of: "validator-1"))
        #expect(good.newestEpoch == Epoch(2) && good.failure == nil)

        let gap = try judge()
        #expect(!gap.follow(Array(handovers.dropFirst()), of: "validator-1"))
        #expect(gap.failure?.checker == .certificates)

        let forged = try judge()
        let (first, second) = (handovers[0], handovers[1])
        let mixed = CertifiedValue(
            value: second.value, proof: first.proof, header: first.header,
            finality: first.finality)
        #expect(!forged.follow([mixed], of: "validator-1"))
        #expect(forged.failure?.checker == .certificates)
    }

    @Test("a block of an epoch that nobody proved is not believed")
    func unprovenEpoch() throws {
        let (fleet, blocks, _) = try network()
        let judge = try Judge(
            genesis: fleet.genesis, members: fleet.members,
            scenario: try scenario("validators 4\nrun 5s"), world: fleet.world)
        let late = try #require(blocks.last { $0.finalized.block.header.epoch > Epoch(0) })
        judge.executed(late, by: "validator-1")
        #expect(judge.failure?.text.contains("cannot prove") == true)
    }

    @Test("of a lane each batch is executed once and after the one before, all that is ordered")
    func lanes() throws {
        let (fleet, blocks, _) = try network()
        var book = LaneBook()
        let full = try #require(blocks.first { !$0.finalized.batches.isEmpty })
        let untouched = book
        let owners = fleet.genesis.validators.map(\.publicKey)
        #expect(book.take(full, owners: owners) == nil)
        #expect(book.seen.isEmpty)
        #expect(book.take(full, owners: owners)?.contains("does not follow") == true)

        func block(_ batches: [Batch], forked: [Batch] = []) -> AppliedBlock {
            AppliedBlock(
                finalized: FinalizedBlock(
                    block: full.finalized.block, proof: full.finalized.proof, batches: batches,
                    forked: forked),
                outcomes: [], events: [], stateRoot: .zero)
        }
        var second = untouched
        #expect(second.take(block([]), owners: owners)?.contains("does not execute") == true)
        var third = untouched
        let broken = full.finalized.batches.map {
            Batch(signed: $0.signed, payload: $0.payload.map { $0 ^ 1 })
        }
        #expect(third.take(block(broken), owners: owners)?.contains("broken") == true)
        var fourth = untouched
        let harmless = block([], forked: full.finalized.batches)
        #expect(fourth.take(harmless, owners: owners)?.contains("without a fork") == true)
        #expect(fourth.seen.isEmpty)
    }

    @Test("other batches in a block than others executed are found")
    func otherBatches() throws {
        let (fleet, blocks, _) = try network()
        let full = try #require(blocks.first { !$0.finalized.batches.isEmpty })
        let bare = AppliedBlock(
            finalized: full.finalized.bare, outcomes: [], events: [], stateRoot: full.stateRoot)
        fleet.judge.executed(bare, by: "validator-2")
        #expect(fleet.judge.failure?.checker == .lanes)
    }

    @Test("a run in which it never comes to what it was written for is a failure")
    func expectations() throws {
        let calm = try scenario(
            "validators 4\nexpect closed-lane\nload 5 a second from 1s to 2s\nrun 2s\nsettle 3s")
        let report = try ScenarioRun.run(calm, seed: 1)
        #expect(report.failure?.checker == .expectations)
        #expect(report.failure?.text.contains("closed-lane") == true)
        #expect(report.payments == 5)
        let fairness = Fairness(original: calm, broken: .expectations)
        var blind = calm
        blind.expectations = []
        #expect(!fairness.accepts(blind))
        #expect(Reductions.of(calm).contains { $0.expectations.isEmpty })
    }

    @Test("a seat that no set takes back or gives is missed, and so is a payment that waits")
    func wishes() throws {
        let short = "checkpoints every 2 blocks\nepochs of 1 checkpoints\nrun 2s\nsettle 5s"
        let last = try scenario("validators 1\n\(short)\nat 1s leave validator-1")
        let kept = try ScenarioRun.run(last, seed: 1)
        #expect(kept.failure?.checker == .seats)
        #expect(kept.failure?.text.contains("validator-1 leave") == true)

        let slow = try scenario(
            """
            validators 4
            load 5 a second from 1s to 3s
            pace 1s
            at 1500ms crash validator-1 validator-2
            at 4s restart validator-1 validator-2
            run 5s
            """)
        #expect(try ScenarioRun.run(slow, seed: 1).failure?.checker == .pace)
    }
}
