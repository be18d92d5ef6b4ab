// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Receipts
import Testing
import Vocabulary

extension EndToEnd {
    @Suite("Loss of everything at once")
    struct PowerCutTests {
        @Test("all eight processes die at once amid jobs, twice: one chain, each job paid once")
        func all() async throws {
            try await RealCloud.with { cloud in
                let job = SmallJob(
                    module: try Programs.counting(to: 600_000_000), timeoutMilliseconds: 120_000,
                    fuelMax: Fuel(10_000_000_000))
                let before = try await cloud.client.account(cloud.account).balance()
                var jobs: [OpenedJob] = []
                var known: [BlockView] = []
                for _ in 0..<2 {
                    jobs += try await cloud.order(4, of: job)
                    let height = try await cloud.client.status().height
                    known = try await cloud.chain(through: cloud.client, to: height)
                    #expect(try await !cloud.client.liveJobs().items.isEmpty, "jobs are under way")
                    try await cloud.kill(cloud.nodes.map(\.name))
                    #expect(cloud.pids.isEmpty)
                    try await cloud.restart()
                }
                let views = try await cloud.ends(of: jobs, within: 120)
                #expect(views.map(\.state) == Array(repeating: "settled", count: jobs.count))

                let top = try #require(known.last).height
                let again = try await cloud.chain(through: cloud.client, to: top)
                #expect(again.map(\.hash) == known.map(\.hash))
                for opened in jobs {
                    let kept = try await cloud.client.transaction(opened.sent.outcome.hash)
                    #expect(kept.height == opened.sent.outcome.height)
                }
                try await cloud.expectPaidOnce(jobs, views, before: before)
                try await cloud.expectMoneyIsWhole()
                for view in views {
                    let receipt = try await cloud.client.receipt(
                        of: view.job, waitMilliseconds: 15_000)
                    let checks = ReceiptVerifier(genesis: cloud.genesis).check(receipt)
                    #expect(checks.filter { !$0.holds } == [])
                    #expect(receipt.receipt.job == view.job)
                }
            }
        }
    }
}
