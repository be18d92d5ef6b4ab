// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Market
import Receipts
import SimulatedEffects
import Testing
import Vocabulary

@Suite("Jobs in a simulated cloud")
struct JobTests {
    @Test("two honest providers are paid, the client gets the rest back", arguments: Seeds.all)
    func honest(seed: UInt64) throws {
        let cloud = try SimulatedCloud(seed: seed, providers: 2)
        try cloud.startAll()
        try cloud.waitForProviders()
        let program = try Program.echo()
        let job = try cloud.open(program)
        let receipt = try #require(try cloud.finish([job]).first)

        #expect(receipt.ending == .settled)
        #expect(receipt.rung == .replicated)
        #expect(receipt.result?.outcome == .exited(code: 0))
        #expect(try cloud.output(of: receipt).standardOutput == program.standardInput)
        for provider in cloud.providers {
            let execution = receipt.executions.first { $0.provider == provider.account }
            #expect(try cloud.earned(provider) == execution?.paid)
            #expect(try cloud.standing(provider.account).count(of: .completed) == 1)
        }
        #expect(try cloud.spent() == receipt.cost)
        try cloud.expectConservation()
        try cloud.expectOneHistory()
        let checks = ReceiptVerifier(genesis: cloud.genesis)
            .check(try cloud.certify(job), output: receipt.result?.outputDigest)
        #expect(checks.count == 6)
        #expect(checks.filter { !$0.holds } == [])
    }

    @Test("a liar is outvoted by a third provider, slashed and marked", arguments: Seeds.all)
    func liar(seed: UInt64) throws {
        let cloud = try SimulatedCloud(seed: seed, providers: 3, liars: [2])
        try cloud.startAll()
        try cloud.waitForProviders()
        // The lot decides who is first: several jobs make sure that the liar is among them.
        let jobs = try (0..<4).map { _ in try cloud.open(try Program.echo()) }
        let receipts = try cloud.finish(jobs)
        let liar = try cloud.member("provider-2")
        let caught = receipts.filter { $0.liars == [liar.account] }

        #expect(!caught.isEmpty)
        for receipt in receipts {
            #expect(receipt.ending == .settled)
            #expect(receipt.executions.count == (receipt.liars.isEmpty ? 2 : 3))
            #expect(receipt.liars.isEmpty || receipt.liars == [liar.account])
            #expect(receipt.executions.filter { $0.paid > .zero }.count == 2)
        }
        let registered = try #require(try cloud.provider(liar.account))
        let named = caught.flatMap(\.executions).filter { $0.provider == liar.account }
        #expect(registered.slashed.units == named.reduce(0) { $0 + $1.slashed.units })
        #expect(registered.slashed > .zero)
        #expect(try cloud.standing(liar.account).count(of: .lied) == UInt64(caught.count))
        #expect(try cloud.earned(liar) == .zero)
        #expect(try cloud.spent().units == receipts.reduce(0) { $0 + $1.cost.units })
        try cloud.expectConservation()
        let checks = ReceiptVerifier(genesis: cloud.genesis)
            .check(try cloud.certify(try #require(caught.first).job))
        #expect(checks.filter { !$0.holds } == [])
    }

    @Test("when nobody answers, the order expires and costs the client its fee alone")
    func nobody() throws {
        let cloud = try SimulatedCloud(seed: 1)
        try cloud.startAll()
        cloud.world.run(forMilliseconds: 2_000)
        let job = try cloud.open(try Program.echo(), lifeMilliseconds: 30_000)
        let receipt = try #require(try cloud.finish([job]).first)

        #expect(receipt.ending == .expired)
        #expect(receipt.executions.isEmpty)
        #expect(try cloud.spent() == .zero)
        #expect(try cloud.fees(of: cloud.clientAccount) > .zero)
        try cloud.expectConservation()
        let checks = ReceiptVerifier(genesis: cloud.genesis).check(try cloud.certify(job))
        #expect(checks.filter { !$0.holds } == [])
    }

    @Test("one provider alone vouches for a result with its signature: rung 0")
    func single() throws {
        let cloud = try SimulatedCloud(seed: 2, providers: 1)
        try cloud.startAll()
        try cloud.waitForProviders()
        let receipt = try #require(
            try cloud.finish([try cloud.open(try Program.echo(), replicas: 1)]).first)
        #expect(receipt.ending == .settled)
        #expect(receipt.rung == .signed)
        #expect(try cloud.earned(cloud.providers[0]) == receipt.cost)
    }

    @Test("more jobs than slots: every job has its turn", arguments: Seeds.one)
    func crowd(seed: UInt64) throws {
        let cloud = try SimulatedCloud(seed: seed, providers: 3)
        try cloud.startAll()
        try cloud.waitForProviders()
        let jobs = try (0..<20).map { _ in try cloud.open(try Program.echo()) }
        let receipts = try cloud.finish(jobs)
        #expect(receipts.filter { $0.ending != .settled } == [])
        try cloud.expectConservation()
        try cloud.expectOneHistory()
    }
}
