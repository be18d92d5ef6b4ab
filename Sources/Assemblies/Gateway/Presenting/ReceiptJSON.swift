// SPDX-License-Identifier: Apache-2.0
import JSONText
import Market
import Vocabulary

extension JSON {
    /// A job whose order has ended, from its receipt.
    init(ended receipt: Receipt) {
        self = JSON(members: [
            ("job", JSON(receipt.job)), ("client", JSON(receipt.client)),
            ("state", .string("\(receipt.ending)")),
            ("disputed", .bool(receipt.executions.count > Int(receipt.replicas))),
            ("moduleDigest", JSON(receipt.moduleDigest)),
            ("inputDigest", JSON(receipt.inputDigest)),
            ("argumentsDigest", JSON(receipt.argumentsDigest)),
            ("replicas", JSON(receipt.replicas)), ("asset", JSON(receipt.asset)),
            ("maxCost", JSON(receipt.maxCost)), ("openedAt", JSON(receipt.opened.time)),
            ("openedHeight", JSON(receipt.opened.height)), ("bids", []), ("leases", []),
            ("result", receipt.result.map { JSON($0) }), ("settlement", JSON(settlement: receipt)),
        ])
    }

    /// The accepted result.
    init(_ result: JobResult) {
        self = JSON(members: [
            ("outcome", .string(result.outcome.name)), ("code", result.outcome.detailCode),
            ("trap", result.outcome.trapName.map { .string($0) }),
            ("outputDigest", JSON(result.outputDigest)), ("outputBytes", JSON(result.outputBytes)),
            ("fuelUsed", JSON(result.fuelUsed)),
        ])
    }

    /// Who was paid what.
    private init(settlement receipt: Receipt) {
        let paid = receipt.executions.filter { $0.finding == .agreed }
        self = [
            "kind": .string("\(receipt.ending)"), "rung": JSON(receipt.rung.rawValue),
            "cost": JSON(receipt.cost), "refund": JSON(receipt.refund),
            "height": JSON(receipt.ended.height), "time": JSON(receipt.ended.time),
            "paid": .array(
                paid.map { ["provider": JSON($0.provider), "bill": JSON($0.bill)] }),
            "liars": .array(receipt.liars.map { JSON($0) }),
            "executions": .array(receipt.executions.map { JSON($0) }),
        ]
    }

    /// One provider's part.
    private init(_ execution: ReceiptExecution) {
        self = JSON(members: [("provider", JSON(execution.provider))])
            .adding(Self.price(execution.price))
            .adding([
                ("finding", .string("\(execution.finding)")),
                ("resultDigest", execution.evidence.map { JSON($0.resultDigest) }),
                ("bill", JSON(execution.bill)), ("paid", JSON(execution.paid)),
                ("paidFromBonds", JSON(execution.paidFromBonds)),
                ("slashed", JSON(execution.slashed)),
            ])
    }
}

extension JobOutcome {
    /// The stable name of the end.
    var name: String {
        switch self {
        case .exited: "exited"
        case .trapped: "trapped"
        case .fuelExhausted: "fuelExhausted"
        case .memoryExceeded: "memoryExceeded"
        case .outputExceeded: "outputExceeded"
        case .invalidModule: "invalidModule"
        case .unsupportedImport: "unsupportedImport"
        case .missingStart: "missingStart"
        case .invalidInput: "invalidInput"
        }
    }

    /// The program's exit code or the trap's number; null for ends that have neither.
    fileprivate var detailCode: JSON {
        switch self {
        case .exited(let code): JSON(code)
        case .trapped(let trap): JSON(trap.rawValue)
        case .fuelExhausted, .memoryExceeded, .outputExceeded, .invalidModule, .unsupportedImport,
            .missingStart, .invalidInput:
            .null
        }
    }

    fileprivate var trapName: String? {
        if case .trapped(let trap) = self { "\(trap)" } else { nil }
    }
}
