// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Testing
import Vocabulary

extension EndToEnd {
    @Suite("Loss of validators")
    struct ValidatorLossTests {
        @Test("one of four validators dies while ten jobs run: all settle, and it catches up")
        func one() async throws {
            try await RealCloud.with { cloud in
                let job = SmallJob(module: try Programs.counting(to: 20_000_000))
                var jobs = try await cloud.order(5, of: job)
                try await cloud.kill("validator-2")
                jobs += try await cloud.orderAtOnce(5, of: job)
                let views = try await cloud.ends(of: jobs)
                #expect(views.map(\.state) == Array(repeating: "settled", count: 10))
                #expect(Set(views.map(\.job)).count == 10)

                let status = try await cloud.client.status()
                #expect(status.hasQuorum)
                #expect(
                    !status.validators.filter(\.isConnected).map(\.name).contains("validator-2"))
                #expect(cloud.pid(of: "validator-2") == nil)

                let window = try cloud.window(on: "validator-2")
                try await cloud.restart()
                #expect(await cloud.agree(cloud.client, window))
                let height = try await window.status().height
                let hashes = try await cloud.chain(through: window, to: height).map(\.hash)
                let expected = try await cloud.chain(through: cloud.client, to: height).map(\.hash)
                #expect(hashes == expected)
                #expect(hashes.count == Int(height.value))
                try await cloud.expectMoneyIsWhole()
            }
        }

        @Test("two of four validators die: no block, a reason that names them, then work resumes")
        func two() async throws {
            try await RealCloud.with { cloud in
                let job = SmallJob(module: try Programs.counting(to: 1_000_000))
                _ = try await cloud.run(job)
                try await cloud.kill("validator-1", "validator-3")
                try await Task.sleep(for: .seconds(1))
                let stopped = try await cloud.client.status()
                #expect(!stopped.hasQuorum)
                let reason = try #require(stopped.reason)
                #expect(
                    reason.contains(
                        "no quorum: validators validator-1, validator-3 are not connected"))
                #expect(reason.contains("2000000 of the 2666667 stake"))
                let shown = try await cloud.atoll("status")
                #expect(shown.code == 1)
                #expect(shown.text.contains("state       no quorum: validators validator-1, "))
                #expect(shown.text.contains("validator-3  1000000  no "))

                let waiting = Task { try await cloud.run(job) }
                let program = try Scratch.file("program", job.module)
                let run = try cloud.starting(["run", program, "--timeout", "2m", "-o", "json"])
                #expect(await eventually { run.errorsSoFar.contains("no quorum") })
                let transfer = try await cloud.transfer(Amount(5), to: AccountID(Bytes32.zero))
                let received = try await cloud.client.submit(transfer)
                #expect(received == .received(transfer.hash))
                let late = await cloud.problem {
                    _ = try await cloud.client.submit(transfer, waitMilliseconds: 1_000)
                }
                #expect(late?.status == 504)
                #expect(late?.name == "finalityTimedOut")
                let notReady = await cloud.problem { try await cloud.client.checkReady() }
                #expect(notReady?.status == 503)
                #expect(notReady?.name == "notReady")
                try await Task.sleep(for: .seconds(2))
                #expect(try await cloud.client.status().height == stopped.height)

                try await cloud.restart()
                let report = try await waiting.value
                #expect(report.view.state == "settled")
                #expect(report.isProven)
                #expect(await run.ended().code == 0)
                let outcome = try await cloud.client.transaction(transfer.hash)
                #expect(outcome.height > stopped.height)
                #expect(outcome.refusal == nil)
                let well = try await cloud.atoll("status")
                #expect(well.code == 0, "\(well.text)")
                #expect(well.text.contains("state       well"))
            }
        }
    }
}
