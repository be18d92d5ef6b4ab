// SPDX-License-Identifier: Apache-2.0
import JSONText
import Testing
import Vocabulary

@testable import atoll

@Suite("The report of a run")
struct ReportTests {
    @Test("the table tells who, what, how long, how much, and what was checked")
    func table() throws {
        let sample = try ReportSample()
        let text = RunReportTable(try sample.report()).text
        let facts = [
            "job        \(sample.job)", "outcome    exited with code 3",
            "program    \(sample.digest)", "input      \(sample.digest)",
            "fuel       2,000,000 of 1,000,000,000", "wall time  200 ms from order to settlement",
            "latency    block 12 ms, finality 31 ms, in block 5",
            "price      1 (held 2, returned 1)", "fee        0.000528",
            "balance    10 before, 9 after", "PROVIDER", "agreed", "ok      chain  test",
        ]
        for fact in facts { #expect(text.contains(fact), "\(fact)") }
    }

    @Test("the object for programs has everything of the table, amounts in base units")
    func json() throws {
        let sample = try ReportSample()
        let json = RunReportTable(try sample.report()).json
        #expect(json["job"]?.text == "\(sample.job)")
        #expect(json["exitCode"]?.unsigned == 3)
        #expect(json["fuelUsed"]?.unsigned == 2_000_000)
        #expect(json["cost"]?.text == "1000000000000000000")
        #expect(json["fee"]?.text == "528000000000000")
        #expect(json["balanceBefore"]?.text == "10000000000000000000")
        #expect(json["blockMilliseconds"]?.unsigned == 12)
        #expect(json["executions"]?.elements?.count == 1)
        #expect(json["receipt"]?["isProven"]?.flag == true)
        #expect(json["stdout"]?.text == "hello\n")
        #expect(try JSON(parsing: json.bytes) == json)
    }

    @Test("a job without a result has no output and no providers, and ends out of time")
    func expired() throws {
        var sample = try ReportSample()
        sample.result = nil
        let table = RunReportTable(try sample.report())
        #expect(table.text.contains("outcome    expired"))
        #expect(!table.text.contains("PROVIDER"))
        #expect(table.json["exitCode"]?.unsigned == 124)
        #expect(table.json["stdout"] == .null)
        #expect(table.json["outcome"] == nil)
    }
}
