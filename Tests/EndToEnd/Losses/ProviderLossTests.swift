// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Testing
import Vocabulary

extension EndToEnd {
    @Suite("Loss of providers")
    struct ProviderLossTests {
        @Test("a provider dies amid a job: another takes its place before the deadline")
        func one() async throws {
            try await RealCloud.with { cloud in
                let job = SmallJob(
                    module: try Programs.counting(to: 1_000_000_000), timeoutMilliseconds: 60_000,
                    wallMilliseconds: 8_000, fuelMax: Fuel(20_000_000_000))
                let opened = try await cloud.session.order(job.request)
                let leased = try #require(await cloud.leases(of: opened.job, atLeast: 2))
                let dead = try #require(cloud.nodes.first { $0.account == leased[0] })
                try await cloud.kill(dead.name)

                let view = try await cloud.session.wait(for: opened.job, milliseconds: 70_000)
                #expect(view.state == "settled")
                let settlement = try #require(view.settlement)
                #expect(settlement.time <= opened.terms.deadline)
                let agreed = settlement.executions.filter { $0.finding == "agreed" }
                #expect(agreed.count == 2)
                #expect(!agreed.map(\.provider).contains(dead.account))
                #expect(agreed.allSatisfy { $0.paid > .zero })

                let providers = try await cloud.client.providers(limit: 100).items
                let lost = try #require(providers.first { $0.account == dead.account })
                #expect(lost.faults == 1)
                #expect(lost.completed == 0)
                try await cloud.restart()
                try await cloud.expectMoneyIsWhole()
                #expect(try await cloud.run(SmallJob(module: Programs.exit(0))).isProven)
            }
        }

        @Test("a provider that lies is outvoted and slashed, and receipt and list name it")
        func liar() async throws {
            try await RealCloud.with(liars: 1) { cloud in
                let liar = try cloud.node("provider-3").account
                var caught: JobReport?
                for _ in 0..<10 where caught == nil {
                    let report = try await cloud.run(SmallJob(module: Programs.exit(7)))
                    #expect(report.view.state == "settled")
                    #expect(report.view.result?.outcome == .exited(code: 7))
                    #expect(report.checks.filter { !$0.holds } == [])
                    if report.receipt.receipt.liars.contains(liar) { caught = report }
                }
                let report = try #require(caught, "the liar was leased within ten jobs")
                let receipt = report.receipt.receipt
                #expect(receipt.liars == [liar])
                let lie = try #require(receipt.executions.first { $0.provider == liar })
                #expect(lie.finding == .dissented)
                #expect(lie.paid == .zero)
                #expect(lie.slashed == Amount(whole: 100))
                let honest = receipt.executions.filter { $0.finding == .agreed }
                #expect(honest.count == 2)
                #expect(honest.allSatisfy { $0.paid > .zero })

                let providers = try await cloud.client.providers(limit: 100).items
                let listed = try #require(providers.first { $0.account == liar })
                #expect(listed.faults == 1)
                #expect(listed.bond == Amount(whole: 100))
                #expect(providers.filter { $0.account != liar }.allSatisfy { $0.faults == 0 })
                try await cloud.expectMoneyIsWhole(paidFromBonds: receipt.sumPaidFromBonds)
            }
        }
    }
}
