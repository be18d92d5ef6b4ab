// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Vocabulary

/// A job in words.
enum JobText {
    /// How the program ended, when a result was accepted.
    static func outcome(of job: JobView) -> String? {
        guard let result = job.result else { return nil }
        guard case .exited(let code) = result.outcome else { return result.outcome.name }
        return "exited \(code)"
    }

    /// Everything about a job.
    static func description(of job: JobView) -> String {
        var facts = TextFacts()
        facts.add("job", "\(job.job)")
        facts.add("state", job.isDisputed ? "\(job.state), disputed" : job.state)
        facts.add("client", "\(job.client)")
        facts.add("program", "\(job.moduleDigest)")
        facts.add("input", "\(job.inputDigest)")
        if let arguments = job.arguments {
            facts.add("arguments", arguments.isEmpty ? "none" : arguments.joined(separator: " "))
        }
        facts.add("replicas", "\(job.replicas)")
        facts.add("escrow", "\(job.maxCost)")
        facts.add("opened", "block \(job.openedHeight), \(job.openedAt.utc)")
        if let deadline = job.deadline { facts.add("deadline", deadline.utc) }
        if let result = job.result { add(result, to: &facts, outcome(of: job)) }
        if let settlement = job.settlement { add(settlement, to: &facts) }
        return facts.text + providers(of: job)
    }

    private static func add(
        _ result: ResultView, to facts: inout TextFacts, _ outcome: String?
    ) {
        facts.add("outcome", outcome ?? result.outcome.name)
        facts.add(
            "output", "\(result.outputDigest), \(QuantityText.grouped(result.outputBytes)) bytes")
        facts.add("fuel", QuantityText.grouped(result.fuelUsed.value))
    }

    private static func add(_ settlement: SettlementView, to facts: inout TextFacts) {
        facts.add("cost", "\(settlement.cost), \(settlement.refund) came back")
        facts.add(
            "ended",
            "\(settlement.kind) in block \(settlement.height), "
                + settlement.time.utc)
    }

    private static func providers(of job: JobView) -> String {
        if let executions = job.settlement?.executions, !executions.isEmpty {
            var table = TextTable(
                ["provider", "finding", "paid", "slashed", "result"], rightAligned: [2, 3])
            for execution in executions {
                table.add([
                    "\(execution.provider)", execution.finding, "\(execution.paid)",
                    "\(execution.slashed)",
                    execution.resultDigest.map { QuantityText.short($0) } ?? "none",
                ])
            }
            return "\n" + table.text
        }
        guard !job.leases.isEmpty else {
            return job.isEnded ? "" : "\n\(job.bidCount) bids wait\n"
        }
        var table = TextTable(["provider", "state", "due by"])
        for lease in job.leases {
            table.add(["\(lease.provider)", lease.state, lease.dueBy.utc])
        }
        return "\n" + table.text
    }
}
