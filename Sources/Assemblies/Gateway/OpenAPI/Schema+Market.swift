// SPDX-License-Identifier: Apache-2.0
import JSONText
import Market

extension Schema {
    /// Providers, quotes and jobs.
    static var market: [(name: String, schema: JSON)] {
        [
            ("Provider", provider), ("ProviderPage", page("providers", of: "Provider")),
            ("QuoteRequest", quoteRequest), ("Quote", quote), ("Job", job),
            ("JobPage", page("jobs", of: "Job")), ("JobLimits", limits),
            ("Bid", object([("provider", digest)] + price)), ("Lease", lease),
            ("JobResult", result), ("Settlement", settlement), ("Execution", execution),
        ]
    }

    private static var price: [(String, JSON)] {
        [("basePrice", amount), ("pricePerMillionFuel", amount)]
    }

    private static var provider: JSON {
        object([
            ("account", digest), ("publicKey", digest), ("endpoint", text),
            ("state", word(["bonded", "paused", "jailed", "unbonding", "withdrawn"])),
            ("until?", time), ("capabilities", list(text)), ("basePrice", amount),
            ("pricePerMillionFuel", amount), ("slots", count), ("bond", amount),
            ("slashed", amount), ("sinceHeight", count), ("score", count), ("completed", count),
            ("faults", count),
        ])
    }

    private static var replicas: JSON {
        ["type": "integer", "minimum": 1, "maximum": JSON(OrderTerms.replicasMax)]
    }

    private static var quoteRequest: JSON {
        object([
            ("fuelMax", ["type": "integer", "minimum": 1]), ("replicas", replicas),
            (
                "argumentBytes?",
                [
                    "type": "integer", "minimum": 0,
                    "maximum": JSON(OrderTerms.argumentsBytesMax),
                ]
            ),
        ])
    }

    private static var quote: JSON {
        object([
            ("replicas", replicas), ("fuelMax", count), ("providers", count),
            ("costMin", amount), ("costMax", amount), ("transactionFee", amount),
        ])
    }

    private static var job: JSON {
        object([
            ("job", digest), ("client", digest),
            (
                "state",
                word(
                    ["open", "running", "revealing"] + OrderEnding.allCases.map { "\($0)" })
            ),
            ("disputed", flag), ("moduleDigest", digest), ("inputDigest", digest),
            ("arguments?", list(text)), ("argumentsDigest", digest),
            ("limits?", reference("JobLimits")), ("replicas", replicas), ("asset", count),
            ("maxCost", amount), ("deadline?", time), ("openedAt", time), ("openedHeight", count),
            ("bids", list(reference("Bid"))), ("leases", list(reference("Lease"))),
            ("result?", reference("JobResult")), ("settlement?", reference("Settlement")),
        ])
    }

    private static var limits: JSON {
        object([
            ("fuelMax", count), ("memoryBytesMax", count), ("outputBytesMax", count),
            ("wallMilliseconds", count),
        ])
    }

    private static var lease: JSON {
        object(
            [
                ("provider", digest), ("state", word(["running", "committed", "revealed"])),
                ("dueBy", time), ("assignedAt", time),
            ] + price)
    }

    private static var result: JSON {
        object([
            (
                "outcome",
                word([
                    "exited", "trapped", "fuelExhausted", "memoryExceeded", "outputExceeded",
                    "invalidModule", "unsupportedImport", "missingStart", "invalidInput",
                ])
            ),
            ("code", nullable(count)), ("trap?", text), ("outputDigest", digest),
            ("outputBytes", count), ("fuelUsed", count),
        ])
    }

    private static var settlement: JSON {
        object([
            ("kind", word(OrderEnding.allCases.map { "\($0)" })), ("rung", count),
            ("cost", amount), ("refund", amount), ("height", count), ("time", time),
            ("paid", list(object([("provider", digest), ("bill", amount)]))),
            ("liars", list(digest)), ("executions", list(reference("Execution"))),
        ])
    }

    private static var execution: JSON {
        object(
            [("provider", digest)] + price + [
                ("finding", word(ExecutionFinding.allCases.map { "\($0)" })),
                ("resultDigest?", digest), ("bill", amount), ("paid", amount),
                ("paidFromBonds", amount), ("slashed", amount),
            ])
    }
}
