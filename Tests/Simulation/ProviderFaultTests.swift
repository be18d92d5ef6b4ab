// SPDX-License-Identifier: Apache-2.0
import Market
import Receipts
import SimulatedEffects
import Testing
import Vocabulary

@Suite("Providers that fail")
struct ProviderFaultTests {
    @Test("one that crashes after its lease is replaced before the deadline", arguments: Seeds.all)
    func crashBeforeCommit(seed: UInt64) throws {
        let cloud = try SimulatedCloud(seed: seed, providers: 3)
        try cloud.startAll()
        try cloud.waitForProviders()
        // A disk that takes its time keeps the notes, and so the commitments, from being quick.
        for provider in cloud.providers {
            cloud.world.setDisk(
                provider.name,
                DiskConditions(syncMicrosecondsMin: 1_500_000, syncMicrosecondsMax: 2_500_000))
        }
        let job = try cloud.open(try Program.echo(), lifeMilliseconds: 120_000)
        var lost: AccountID?
        try cloud.wait(for: job) { order in
            lost = order.leases.first { $0.progress == .running }?.provider
            return lost != nil
        }
        let victim = try #require(cloud.providers.first { $0.account == lost })
        cloud.crash(victim.name)
        for provider in cloud.providers { cloud.world.setDisk(provider.name, DiskConditions()) }
        let receipt = try #require(try cloud.finish([job], withinMilliseconds: 100_000).first)

        #expect(receipt.ending == .settled)
        #expect(receipt.executions.count == 2)
        #expect(!receipt.executions.contains { $0.provider == victim.account })
        #expect(try cloud.standing(victim.account).count(of: .timedOut) == 1)
        let slashed = try #require(try cloud.provider(victim.account)).slashed
        #expect(slashed > .zero)
        try cloud.restart(victim.name)
        cloud.world.run(forMilliseconds: 5_000)
        try cloud.expectConservation()
        try cloud.expectOneHistory()
    }

    @Test(
        "one that crashes between commitment and showing shows its result from its notebook",
        arguments: Seeds.all)
    func crashBeforeReveal(seed: UInt64) throws {
        let cloud = try SimulatedCloud(seed: seed, providers: 2)
        try cloud.startAll()
        try cloud.waitForProviders()
        let slow = cloud.providers[1]
        cloud.world.setDisk(
            slow.name, DiskConditions(syncMicrosecondsMin: 600_000, syncMicrosecondsMax: 900_000))
        let job = try cloud.open(try Program.echo(), lifeMilliseconds: 120_000)
        let quick = cloud.providers[0]
        // The quick one is bound, and the slow one has yet to commit.
        try cloud.wait(for: job) { order in
            order.leases.contains {
                if case .committed = $0.progress { return $0.provider == quick.account }
                return false
            }
        }
        cloud.crash(quick.name)
        cloud.world.run(forMilliseconds: 2_000)
        try cloud.restart(quick.name)
        let receipt = try #require(try cloud.finish([job]).first)
        #expect(receipt.ending == .settled)
        #expect(Set(receipt.executions.map(\.provider)) == Set(cloud.providers.map(\.account)))
        #expect(try cloud.provider(quick.account)?.slashed == .zero)
        try cloud.expectConservation()
    }

    @Test("one that stops in order hands back what it has not committed to")
    func orderlyStop() throws {
        let cloud = try SimulatedCloud(seed: 3, providers: 3)
        try cloud.startAll()
        try cloud.waitForProviders()
        cloud.crash("provider-3")
        let leaver = cloud.providers[1]
        cloud.world.setDisk(
            leaver.name,
            DiskConditions(syncMicrosecondsMin: 700_000, syncMicrosecondsMax: 900_000))
        let job = try cloud.open(try Program.echo(), lifeMilliseconds: 120_000)
        try cloud.wait(for: job, at: leaver.name) { order in
            order.leases.contains { $0.provider == leaver.account && $0.progress == .running }
        }
        let agent = try #require(cloud.agents[leaver.name])
        try cloud.on(leaver.name) { await agent.stop() }
        try cloud.restart("provider-3")
        let receipt = try #require(try cloud.finish([job]).first)
        #expect(receipt.ending == .settled)
        #expect(!receipt.executions.contains { $0.provider == leaver.account })
        #expect(try cloud.standing(leaver.account).count(of: .abandoned) > 0)
        #expect(try cloud.provider(leaver.account)?.slashed == .zero)
    }

    @Test("a dispute finds the third of three providers, however many orders are open")
    func disputesAmongMany() throws {
        let cloud = try SimulatedCloud(seed: 5, providers: 3, liars: [1])
        try cloud.startAll()
        try cloud.waitForProviders()
        let jobs = try (0..<12).map { _ in
            try cloud.open(try Program.echo(), lifeMilliseconds: 120_000)
        }
        let receipts = try cloud.finish(jobs, withinMilliseconds: 110_000)
        // Once the liar's bond is below the least it is jailed, and two honest ones go on.
        #expect(receipts.filter { $0.ending != .settled } == [])
        #expect(receipts.contains { !$0.liars.isEmpty })
        try cloud.expectConservation()
    }
}
