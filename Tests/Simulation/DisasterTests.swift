// SPDX-License-Identifier: Apache-2.0
import Market
import NodeInterface
import SimulatedEffects
import Testing
import Vocabulary

@Suite("Disasters in the middle of jobs")
struct DisasterTests {
    private func cloudAtWork(
        seed: UInt64, jobs count: Int
    ) throws -> (cloud: SimulatedCloud, jobs: [JobID]) {
        let cloud = try SimulatedCloud(seed: seed, providers: 3)
        try cloud.startAll()
        try cloud.waitForProviders()
        let jobs = try (0..<count).map { _ in
            try cloud.open(try Program.echo(), lifeMilliseconds: 300_000)
        }
        return (cloud, jobs)
    }

    /// Every job ended once, every payment is in a receipt, and nothing is made or lost.
    private func expectOrder(_ cloud: SimulatedCloud, _ jobs: [JobID], settled: Bool = true) throws
    {
        // An order whose providers could not show their results in time ends at its deadline.
        let receipts = try cloud.finish(jobs, withinMilliseconds: 330_000)
        if settled { #expect(receipts.filter { $0.ending != .settled } == []) }
        #expect(try cloud.spent().units == receipts.reduce(0) { $0 + $1.cost.units })
        for provider in cloud.providers {
            let paid = receipts.flatMap(\.executions).filter { $0.provider == provider.account }
                .reduce(UInt128(0)) { $0 + $1.paid.units + $1.paidFromBonds.units }
            #expect(try cloud.earned(provider).units == paid)
        }
        try cloud.expectConservation()
        cloud.world.run(forMilliseconds: 5_000)
        try cloud.expectOneHistory()
    }

    @Test(
        "everybody crashes at once in the middle of jobs: none is paid twice or lost",
        arguments: Seeds.all)
    func everybody(seed: UInt64) throws {
        let (cloud, jobs) = try cloudAtWork(seed: seed, jobs: 4)
        cloud.world.run(forMilliseconds: 20 + cloud.world.choose(below: 400))
        for member in cloud.members { cloud.crash(member.name) }
        for member in cloud.members { try cloud.restart(member.name) }
        try expectOrder(cloud, jobs, settled: false)
    }

    @Test("with one validator of four down, ten jobs go on", arguments: Seeds.all)
    func oneValidatorDown(seed: UInt64) throws {
        let (cloud, jobs) = try cloudAtWork(seed: seed, jobs: 10)
        cloud.world.run(forMilliseconds: cloud.world.choose(below: 200))
        cloud.crash("validator-\(1 + seed % 4)")
        let receipts = try cloud.finish(jobs, withinMilliseconds: 120_000)
        #expect(receipts.filter { $0.ending != .settled } == [])
        try cloud.restart("validator-\(1 + seed % 4)")
        cloud.world.run(forMilliseconds: 10_000)
        try expectOrder(cloud, jobs)
    }

    @Test("halves that cannot hear each other do nothing; healed, jobs go on", arguments: Seeds.all)
    func halves(seed: UInt64) throws {
        let (cloud, jobs) = try cloudAtWork(seed: seed, jobs: 4)
        cloud.world.run(forMilliseconds: cloud.world.choose(below: 300))
        cloud.world.partition([
            ["validator-1", "validator-2", "gateway-1"],
            ["validator-3", "validator-4", "provider-1", "provider-2", "provider-3"],
        ])
        cloud.world.run(forMilliseconds: 4_000)
        let before = try cloud.head(of: "gateway-1").height
        cloud.world.run(forMilliseconds: 10_000)
        #expect(try cloud.head(of: "gateway-1").height == before)
        #expect(try cloud.status(of: "gateway-1").troubles.contains { $0.hasPrefix("no quorum") })
        cloud.world.heal()
        try expectOrder(cloud, jobs, settled: false)
    }

    @Test("links that break and stutter only cost time", arguments: Seeds.all)
    func badLinks(seed: UInt64) throws {
        let cloud = try SimulatedCloud(seed: seed, providers: 3)
        cloud.world.setLinks(
            LinkConditions(
                latencyMicroseconds: 20_000, jitterMicroseconds: 40_000, resetsPerMillion: 500,
                dialsLostPerMillion: 50_000))
        try cloud.startAll()
        try cloud.waitForProviders()
        let jobs = try (0..<4).map { _ in
            try cloud.open(try Program.echo(), lifeMilliseconds: 300_000)
        }
        try expectOrder(cloud, jobs, settled: false)
    }

    @Test("a validator whose disk is full waits, says so, and catches up when there is room")
    func fullDisk() throws {
        let (cloud, jobs) = try cloudAtWork(seed: 1, jobs: 2)
        let name = "validator-3"
        cloud.world.setDisk(name, DiskConditions(bytesMax: cloud.world.diskBytes(name) + 2_000))
        _ = try cloud.finish(jobs)
        let more = try (0..<2).map { _ in try cloud.open(try Program.echo()) }
        _ = try cloud.finish(more)
        let stuck = try cloud.status(of: name)
        #expect(stuck.troubles.contains { $0.contains("cannot write") }, "\(stuck.troubles)")
        #expect(stuck.head.height < (try cloud.head(of: "gateway-1").height))

        cloud.world.setDisk(name, DiskConditions())
        cloud.world.run(forMilliseconds: 15_000)
        let healed = try cloud.status(of: name)
        #expect(healed.troubles == [])
        let gap = try cloud.head(of: "gateway-1").height.value - healed.head.height.value
        #expect(gap <= 2)
        try expectOrder(cloud, jobs + more)
    }

    @Test("a gateway whose disk is full refuses uploads and keeps what it has")
    func fullGateway() throws {
        let cloud = try SimulatedCloud(seed: 4)
        try cloud.startAll()
        cloud.world.run(forMilliseconds: 2_000)
        let name = "gateway-1"
        let kept = try cloud.keep([UInt8](repeating: 1, count: 10_000))
        cloud.world.setDisk(name, DiskConditions(bytesMax: cloud.world.diskBytes(name) + 1_000))
        let node = try cloud.node(name)
        let failure = try cloud.on(name) { () -> BlobFailure? in
            do throws(BlobFailure) {
                _ = try await node.blobs.keep([UInt8](repeating: 2, count: 10_000))
                return nil
            } catch {
                return error
            }
        }
        guard case .disk(.full) = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(try cloud.on(name) { await node.blobs.size(of: kept) } == 10_000)
    }

    @Test("a node that waits for room on its disk still stops when it is asked to")
    func stopWhileWaiting() throws {
        let (cloud, jobs) = try cloudAtWork(seed: 2, jobs: 2)
        let name = "validator-2"
        cloud.world.setDisk(name, DiskConditions(bytesMax: cloud.world.diskBytes(name)))
        _ = try cloud.finish(jobs)
        #expect(try !cloud.status(of: name).troubles.isEmpty)
        let node = try cloud.node(name)
        let height = try cloud.head(of: name).height
        try cloud.on(name) { await node.stop() }
        cloud.world.setDisk(name, DiskConditions())
        cloud.crash(name)
        try cloud.restart(name)
        #expect(try cloud.head(of: name).height >= height)
        cloud.world.run(forMilliseconds: 10_000)
        try expectOrder(cloud, jobs)
    }
}
