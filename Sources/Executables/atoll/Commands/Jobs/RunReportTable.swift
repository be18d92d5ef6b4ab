// SPDX-License-Identifier: Apache-2.0
import ClientKit
import JSONText
import Market
import Receipts
import Vocabulary

/// Everything a client wants to know of a job that has ended, for people and for programs.
struct RunReportTable {
    private let report: JobReport
    private var opened: OpenedJob { report.opened }
    private var receipt: Receipt { report.receipt.receipt }

    init(_ report: JobReport) { self.report = report }

    /// The facts, then who ran it, then what the verifier found.
    var text: String {
        let providers = providers
        return "\n" + facts.text + (providers.isEmpty ? "" : "\n" + providers.text) + "\n" + checks
    }

    private var facts: TextFacts {
        var facts = TextFacts()
        facts.add("job", "\(opened.job)")
        facts.add("outcome", outcome)
        facts.add("program", "\(receipt.moduleDigest)")
        facts.add("input", "\(receipt.inputDigest)")
        if let result = receipt.result {
            facts.add("output", "\(result.outputDigest)")
            let used = QuantityText.grouped(result.fuelUsed.value)
            facts.add(
                "fuel", "\(used) of \(QuantityText.grouped(opened.terms.limits.fuelMax.value))")
        }
        facts.add(
            "wall time",
            "\(report.settledMilliseconds) ms from order to settlement, "
                + "\(report.totalMilliseconds) ms from upload to checked receipt")
        facts.add("latency", latency)
        facts.add(
            "price", "\(receipt.cost) (held \(receipt.maxCost), returned \(receipt.refund))")
        facts.add("fee", "\(opened.sent.outcome.fee)")
        facts.add("balance", "\(opened.balanceBefore) before, \(report.balanceAfter) after")
        facts.add("client", "\(report.client)")
        facts.add("receipt", "\(report.receipt.id)")
        return facts
    }

    private var outcome: String {
        guard let result = receipt.result else { return report.view.state }
        guard case .exited(let code) = result.outcome else { return result.outcome.name }
        return "exited with code \(code)"
    }

    private var latency: String {
        let finality = "finality \(opened.sent.finalityMilliseconds) ms"
        let place = "block \(opened.sent.outcome.height)"
        guard let block = opened.blockMilliseconds else { return "\(finality), in \(place)" }
        return "block \(block) ms, \(finality), in \(place)"
    }

    private var providers: TextTable {
        var table = TextTable(
            ["provider", "base price", "per M fuel", "paid", "slashed", "finding", "result"],
            rightAligned: [1, 2, 3, 4])
        for execution in receipt.executions {
            table.add([
                QuantityText.short(execution.provider), "\(execution.price.base)",
                "\(execution.price.perMillionFuel)", "\(execution.paid)", "\(execution.slashed)",
                "\(execution.finding)",
                execution.evidence.map { QuantityText.short($0.resultDigest) } ?? "none",
            ])
        }
        return table
    }

    private var checks: String { CheckLines.text(of: report.checks) }
}

// MARK: - For programs

extension RunReportTable {
    /// Everything of the table, what the program wrote, and the exit code.
    var json: JSON {
        var members: [JSON.Member] = [
            JSON.Member("job", JSON("\(opened.job)")),
            JSON.Member("client", JSON("\(report.client)")),
            JSON.Member("state", JSON(report.view.state)),
            JSON.Member("exitCode", JSON(ProgramExit.code(of: report.view))),
            JSON.Member("moduleDigest", JSON("\(receipt.moduleDigest)")),
            JSON.Member("inputDigest", JSON("\(receipt.inputDigest)")),
            JSON.Member("argumentsDigest", JSON("\(receipt.argumentsDigest)")),
        ]
        if let result = receipt.result { members += Self.members(of: result) }
        members += money + latencies
        members.append(JSON.Member("executions", .array(receipt.executions.map(Self.json))))
        members.append(JSON.Member("receipt", receiptJSON))
        members += Self.output("stdout", report.standardOutput)
        members += Self.output("stderr", report.standardError)
        return .object(members)
    }

    private static func members(of result: JobResult) -> [JSON.Member] {
        var members = [JSON.Member("outcome", JSON(result.outcome.name))]
        if case .exited(let code) = result.outcome {
            members.append(JSON.Member("programCode", JSON(code)))
        }
        members.append(JSON.Member("outputDigest", JSON("\(result.outputDigest)")))
        members.append(JSON.Member("outputBytes", JSON(result.outputBytes)))
        members.append(JSON.Member("fuelUsed", JSON(result.fuelUsed.value)))
        return members
    }

    private var money: [JSON.Member] {
        [
            JSON.Member("fuelMax", JSON(opened.terms.limits.fuelMax.value)),
            JSON.Member("asset", JSON(receipt.asset.value)),
            JSON.Member("maxCost", Self.json(receipt.maxCost)),
            JSON.Member("cost", Self.json(receipt.cost)),
            JSON.Member("refund", Self.json(receipt.refund)),
            JSON.Member("fee", Self.json(opened.sent.outcome.fee)),
            JSON.Member("balanceBefore", Self.json(opened.balanceBefore)),
            JSON.Member("balanceAfter", Self.json(report.balanceAfter)),
        ]
    }

    private var latencies: [JSON.Member] {
        [
            JSON.Member("transaction", JSON("\(opened.sent.outcome.hash)")),
            JSON.Member("height", JSON(opened.sent.outcome.height.value)),
            JSON.Member("settledHeight", JSON(receipt.ended.height.value)),
            JSON.Member("uploadMilliseconds", JSON(opened.uploadMilliseconds)),
            JSON.Member("blockMilliseconds", opened.blockMilliseconds.map { JSON($0) } ?? .null),
            JSON.Member("finalityMilliseconds", JSON(opened.sent.finalityMilliseconds)),
            JSON.Member("settledMilliseconds", JSON(report.settledMilliseconds)),
            JSON.Member("totalMilliseconds", JSON(report.totalMilliseconds)),
        ]
    }

    private var receiptJSON: JSON {
        [
            "id": JSON("\(report.receipt.id)"), "isProven": .bool(report.isProven),
            "checks": CheckLines.json(of: report.checks),
        ]
    }

    private static func json(_ amount: Amount) -> JSON { JSON("\(amount.units)") }

    static func json(_ execution: ReceiptExecution) -> JSON {
        [
            "provider": JSON("\(execution.provider)"), "basePrice": json(execution.price.base),
            "pricePerMillionFuel": json(execution.price.perMillionFuel),
            "bill": json(execution.bill), "paid": json(execution.paid),
            "paidFromBonds": json(execution.paidFromBonds), "slashed": json(execution.slashed),
            "finding": JSON("\(execution.finding)"),
            "resultDigest": execution.evidence.map { JSON("\($0.resultDigest)") } ?? .null,
        ]
    }

    /// Text when it is text, else hexadecimal digits under another name.
    static func output(_ name: String, _ bytes: [UInt8]?) -> [JSON.Member] {
        guard let bytes else { return [JSON.Member(name, .null)] }
        if let text = String(validating: bytes, as: UTF8.self) {
            return [JSON.Member(name, JSON(text))]
        }
        return [JSON.Member(name + "Hexadecimal", JSON(Hexadecimal.encode(bytes)))]
    }
}
