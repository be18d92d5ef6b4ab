// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Foundation
import JSONText
import Testing
import Vocabulary

extension EndToEnd {
    @Suite("Restarts")
    struct RestartTests {
        @Test("the gateway dies under a run: the run finds it again and ends well, paid once")
        func gateway() async throws {
            try await RealCloud.with { cloud in
                let program = try Scratch.file(
                    "program", try Programs.counting(to: 1_000_000_000))
                let run = try cloud.starting(
                    ["run", program, "--fuel-max", "20G", "--timeout", "2m", "-o", "json"])
                #expect(await eventually { run.errorsSoFar.contains("running at") })
                try await cloud.kill("gateway")
                try await cloud.restart()
                let ending = await run.ended()
                #expect(ending.code == 0, "\(ending.errors)")
                let report = try JSON(parsing: ending.output)
                #expect(report["state"]?.text == "settled")
                #expect(report["receipt"]?["isProven"]?.flag == true)
                #expect(try await cloud.client.jobs(of: cloud.account).items.count == 1)
                try await cloud.expectMoneyIsWhole()
            }
        }

        @Test("the gateway dies before providers have a job's program: they wait for it to return")
        func gatewayBeforeFetching() async throws {
            try await RealCloud.with { cloud in
                for _ in 0..<3 {
                    // A program nobody has yet, so that only the gateway can give it.
                    let program = try Programs.counting(to: UInt64.random(in: 1_000...1_000_000))
                    let opened = try await cloud.session.order(SmallJob(module: program).request)
                    try await cloud.kill("gateway")
                    try await cloud.restart()
                    let views = try await cloud.ends(of: [opened])
                    #expect(views.map(\.state) == ["settled"])
                    #expect(views[0].result?.outcome == .exited(code: 0))
                }
                #expect(try await cloud.money().slashed == .zero)
            }
        }

        @Test("down amid jobs and up again: the same chain, every job settles, nobody is slashed")
        func orderly() async throws {
            try await RealCloud.with { cloud in
                let job = SmallJob(
                    module: try Programs.counting(to: 600_000_000), timeoutMilliseconds: 120_000,
                    fuelMax: Fuel(10_000_000_000))
                let jobs = try await cloud.order(3, of: job)
                let height = try await cloud.client.status().height
                let known = try await cloud.chain(through: cloud.client, to: height)
                let down = try await cloud.atoll("down")
                #expect(down.code == 0)
                #expect(!down.errors.contains("without a goodbye"))
                #expect(cloud.pids.isEmpty)
                for node in cloud.nodes {
                    #expect(cloud.log(of: node.name).contains("info stopped at height"))
                }
                try await cloud.restart()
                let views = try await cloud.ends(of: jobs)
                #expect(views.map(\.state) == ["settled", "settled", "settled"])
                let again = try await cloud.chain(through: cloud.client, to: height)
                #expect(again.map(\.hash) == known.map(\.hash))
                let money = try await cloud.money()
                #expect(money.slashed == .zero)
                try await cloud.expectMoneyIsWhole()
            }
        }

        @Test("a state that is lost is rebuilt from the blocks; a torn block is fetched again")
        func rebuilt() async throws {
            try await RealCloud.with { cloud in
                let done = SmallJob(module: try Programs.exit(0))
                for _ in 0..<3 { _ = try await cloud.run(done) }
                try await cloud.kill("validator-3", "provider-2")
                let nodes = "\(cloud.home)/local/nodes"
                try FileManager.default.removeItem(atPath: "\(nodes)/validator-3/data/state")
                let blocks = "\(nodes)/provider-2/data/blocks"
                let names = try FileManager.default.contentsOfDirectory(atPath: blocks)
                let newest = try #require(names.filter { $0.hasSuffix(".log") }.max())
                let log = try #require(FileHandle(forUpdatingAtPath: "\(blocks)/\(newest)"))
                let end = try log.seekToEnd()
                try log.truncate(atOffset: end - 7)
                try log.close()
                let windows = try ["validator-3", "provider-2"].map { try cloud.window(on: $0) }
                try await cloud.restart()
                for window in windows {
                    #expect(await cloud.agree(cloud.client, window))
                }
                #expect(try await cloud.run(done).isProven)
            }
        }

        @Test("a validator that freezes is gone for the others until it thaws; then it catches up")
        func frozen() async throws {
            try await RealCloud.with { cloud in
                try await cloud.kill("validator-1")
                let window = try cloud.window(on: "validator-1")
                try await cloud.restart()
                #expect(await cloud.agree(cloud.client, window))
                let pid = try #require(cloud.pid(of: "validator-1"))
                kill(pid, SIGSTOP)
                defer { kill(pid, SIGCONT) }
                let jobs = try await cloud.orderAtOnce(3, of: SmallJob(module: Programs.exit(0)))
                let views = try await cloud.ends(of: jobs)
                #expect(views.map(\.state) == ["settled", "settled", "settled"])
                kill(pid, SIGCONT)
                #expect(await cloud.agree(cloud.client, window))
                #expect(cloud.pid(of: "validator-1") == pid)
            }
        }
    }
}
