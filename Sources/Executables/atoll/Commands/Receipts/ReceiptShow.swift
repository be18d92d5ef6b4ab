// SPDX-License-Identifier: Apache-2.0
import ClientKit
import JSONText
import Market
import Receipts
import Vocabulary

/// `atoll receipt show`: what a receipt says; it is read, not checked.
enum ReceiptShow {
    static let command = CommandSpec(
        path: ["receipt", "show"],
        summary: "show what a receipt says, from a file or a job",
        discussion: "It is shown as it stands, unchecked: 'atoll receipt verify' checks it.",
        example: "atoll receipt show job.receipt",
        arguments: [ArgumentSpec(name: "receipt", help: "a receipt file, or a job's id")],
        options: [
            OptionSpec(name: "save", value: "FILE", help: "also write the receipt file there")
        ], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let file = try await ReceiptSource.read(invocation.arguments[0], invocation, shell)
        if let path = invocation.value("save") { try await shell.write(path, file.bytes) }
        ResultText.write(json(of: file), as: invocation.format) { text(of: file) }
        return 0
    }

    private static func text(of file: ReceiptFile) -> String {
        let receipt = file.receipt
        var facts = TextFacts()
        facts.add("receipt", "\(file.id)")
        facts.add("chain", "\(receipt.chain)")
        facts.add("job", "\(receipt.job)")
        facts.add("client", "\(receipt.client)")
        facts.add("ending", "\(receipt.ending)")
        facts.add("program", "\(receipt.moduleDigest)")
        facts.add("input", "\(receipt.inputDigest)")
        facts.add("arguments", "\(receipt.argumentsDigest)")
        if let result = receipt.result {
            facts.add("outcome", outcome(result.outcome))
            facts.add(
                "output",
                "\(result.outputDigest), \(QuantityText.grouped(result.outputBytes)) bytes")
            facts.add("fuel", QuantityText.grouped(result.fuelUsed.value))
        }
        facts.add(
            "price", "\(receipt.cost) (held \(receipt.maxCost), returned \(receipt.refund))")
        facts.add("opened", moment(receipt.opened))
        facts.add("ended", moment(receipt.ended))
        facts.add(
            "block", "\(file.header.height), certifying the state of \(file.header.stateHeight)")
        return facts.text + "\n" + executions(receipt).text
    }

    private static func outcome(_ outcome: JobOutcome) -> String {
        guard case .exited(let code) = outcome else { return outcome.name }
        return "exited with code \(code)"
    }

    private static func moment(_ moment: Moment) -> String {
        "block \(moment.height), \(moment.time.utc)"
    }

    private static func executions(_ receipt: Receipt) -> TextTable {
        var table = TextTable(
            ["provider", "paid", "slashed", "finding", "result"], rightAligned: [1, 2])
        for execution in receipt.executions {
            table.add([
                "\(execution.provider)", "\(execution.paid)", "\(execution.slashed)",
                "\(execution.finding)",
                execution.evidence.map { QuantityText.short($0.resultDigest) } ?? "none",
            ])
        }
        return table
    }

    private static func json(of file: ReceiptFile) -> JSON {
        let receipt = file.receipt
        var members: [JSON.Member] = [
            JSON.Member("id", JSON("\(file.id)")), JSON.Member("chain", JSON("\(receipt.chain)")),
            JSON.Member("job", JSON("\(receipt.job)")),
            JSON.Member("client", JSON("\(receipt.client)")),
            JSON.Member("ending", JSON("\(receipt.ending)")),
            JSON.Member("rung", JSON(receipt.rung.rawValue)),
            JSON.Member("moduleDigest", JSON("\(receipt.moduleDigest)")),
            JSON.Member("inputDigest", JSON("\(receipt.inputDigest)")),
            JSON.Member("argumentsDigest", JSON("\(receipt.argumentsDigest)")),
            JSON.Member("replicas", JSON(receipt.replicas)),
        ]
        if let result = receipt.result {
            members.append(JSON.Member("outcome", JSON(result.outcome.name)))
            members.append(JSON.Member("outputDigest", JSON("\(result.outputDigest)")))
            members.append(JSON.Member("outputBytes", JSON(result.outputBytes)))
            members.append(JSON.Member("fuelUsed", JSON(result.fuelUsed.value)))
        }
        members += [
            JSON.Member("asset", JSON(receipt.asset.value)),
            JSON.Member("maxCost", JSON("\(receipt.maxCost.units)")),
            JSON.Member("cost", JSON("\(receipt.cost.units)")),
            JSON.Member("refund", JSON("\(receipt.refund.units)")),
            JSON.Member("openedHeight", JSON(receipt.opened.height.value)),
            JSON.Member("openedAt", JSON(receipt.opened.time.value)),
            JSON.Member("endedHeight", JSON(receipt.ended.height.value)),
            JSON.Member("endedAt", JSON(receipt.ended.time.value)),
            JSON.Member(
                "executions", .array(receipt.executions.map { RunReportTable.json($0) })),
            JSON.Member("blockHeight", JSON(file.header.height.value)),
            JSON.Member("stateHeight", JSON(file.header.stateHeight.value)),
            JSON.Member("stateRoot", JSON("\(file.header.stateRoot)")),
        ]
        return .object(members)
    }
}
