// SPDX-License-Identifier: Apache-2.0
import Foundation
import JSONText
import Testing
import Vocabulary

extension EndToEnd {
    @Suite("Commands about jobs")
    struct JobCommandTests {
        @Test("a detached job is listed, described, followed, shown and verified by other commands")
        func detached() async throws {
            let cloud = try await SharedCloud.get()
            let program = try await Checkout.wordcount()
            let text = "one two two\n"
            let input = try Scratch.file("words.txt", Array(text.utf8))
            let name = URL(fileURLWithPath: input).lastPathComponent
            let ordered = try await cloud.atoll("run", program, name, "--input", input, "--detach")
            #expect(ordered.code == 0, "\(ordered.errors)")
            let job = ordered.text.trimmingCharacters(in: .whitespacesAndNewlines)
            #expect(JobID(hexadecimal: job) != nil)

            let logs = try await cloud.atoll("logs", "-f", job)
            #expect(logs.code == 0, "\(logs.errors)")
            #expect(logs.text == WordCount.report(on: Array(text.utf8)))
            let listed = try await cloud.atoll("jobs", "-o", "json")
            let first = try JSON(parsing: listed.output)["jobs"]?.elements?.first
            #expect(first?["job"]?.text == job)
            #expect(first?["state"]?.text == "settled")
            let described = try await cloud.atoll("describe", "job", String(job.prefix(16)))
            #expect(described.code == 0)
            #expect(described.text.contains("exited 0"))

            let receipt = try Scratch.path("receipt")
            let shown = try await cloud.atoll("receipt", "show", job, "--save", receipt)
            #expect(shown.code == 0, "\(shown.errors)")
            let output = try Scratch.file("output", logs.output)
            let verified = try await cloud.atoll("receipt", "verify", receipt, "--output", output)
            #expect(verified.code == 0, "\(verified.text)")
        }

        @Test("a job taken back returns its escrow; taken back twice or by a stranger it stays")
        func cancelled() async throws {
            let cloud = try await SharedCloud.get()
            let program = try Scratch.file("program", try Programs.counting(to: 20_000_000_000))
            let before = try await cloud.client.account(cloud.account).balance()
            let ordered = try await cloud.atoll(
                "run", program, "--detach", "--fuel-max", "1T", "--timeout", "30m", "-o", "json")
            let said = try JSON(parsing: ordered.output)
            let job = try #require(said["job"]?.text)
            let early = try await cloud.atoll("logs", job)
            #expect(early.code == 1)
            #expect(early.errors.contains("it has no output yet"))
            let secret = try Scratch.file("secret", Array("words".utf8))
            let home = ["ATOLL_PASSPHRASE_FILE": secret]
            _ = try await cloud.atoll("keys", "new", "stranger", environment: home)
            let foreign = try await cloud.atoll(
                "cancel", job, "--key", "stranger", environment: home)
            #expect(foreign.code == 1)

            let cancelled = try await cloud.atoll("cancel", job, "-o", "json")
            #expect(cancelled.code == 0, "\(cancelled.errors)")
            let result = try JSON(parsing: cancelled.output)
            #expect(result["state"]?.text == "cancelled")
            // Two providers had begun: each keeps its base price and no more (MARKET-14).
            let cost = try #require(result["cost"]?.text.flatMap { UInt128($0) })
            #expect(cost <= Amount.unitsPerWhole / 500)
            let refund = try #require(result["refund"]?.text.flatMap { UInt128($0) })
            #expect("\(cost + refund)" == said["maxCost"]?.text)
            #expect(await isIdle(cloud), "its runs end at once")
            let again = try await cloud.atoll("cancel", job, "-o", "json")
            #expect(again.code == 1)
            let after = try await cloud.client.account(cloud.account).balance()
            let spent = try #require(before.subtracting(after))
            let fees = Amount(Amount.unitsPerWhole / 100)
            #expect(spent.units < cost + fees.units, "the bill and fees alone, not \(spent)")
        }

        /// Whether there is soon a moment at which no provider computes.
        private func isIdle(_ cloud: RealCloud) async -> Bool {
            let pids = cloud.nodes.filter { $0.role == "provider" }
                .compactMap { cloud.pid(of: $0.name) }
            return await eventually(within: 20) {
                let before = pids.map { Kernel.processorTime($0) ?? 0 }
                try? await Task.sleep(for: .milliseconds(500))
                let after = pids.map { Kernel.processorTime($0) ?? 0 }
                return zip(before, after).allSatisfy { $1 - $0 < 5 }
            }
        }

        @Test("Ctrl-C leaves a run with 130 and says that the order stands")
        func interrupted() async throws {
            let cloud = try await SharedCloud.get()
            let program = try Scratch.file("program", try Programs.counting(to: 2_000_000_000))
            let run = try cloud.starting(["run", program, "--fuel-max", "100G"])
            #expect(await eventually { run.errorsSoFar.contains("running at") })
            run.signal(SIGINT)
            let ending = await run.ended()
            #expect(ending.code == 130)
            #expect(ending.errors.contains("interrupted: "))
            let live = try await cloud.client.jobs(of: cloud.account, limit: 1).items
            let job = try #require(live.first)
            #expect(ending.errors.contains("\(job.job)".prefix(12)))
            let logs = try await cloud.atoll("logs", "-f", "\(job.job)")
            #expect(logs.code == 0, "\(logs.errors)")
        }
    }
}
