// SPDX-License-Identifier: Apache-2.0
import ClientKit
import JSONText
import ServiceDiscovery
import Vocabulary

/// `atoll providers find`: who announces what is asked for.
enum ProvidersFind {
    static let command = CommandSpec(
        path: ["providers", "find"],
        summary: "find providers by what they announce: capability, price, region, distance, score",
        discussion: """
            Announcements come from the network, signed by their providers; the signatures are
            checked here. Scores are the ledger's, as the gateway's node reads them.
            """,
        example: "atoll providers find wasm/1 --region eu --order reputation",
        arguments: [
            ArgumentSpec(
                name: "capability", help: "what is to be done; default wasm/1", isRequired: false)
        ],
        options: [
            OptionSpec(name: "region", value: "NAME", help: "where: this region and those in it"),
            OptionSpec(
                name: "max-price", value: "AMOUNT", help: "the most one execution may cost"),
            RunOptions.fuelMax,
            OptionSpec(
                name: "max-ping", value: "TIME", help: "how far from the gateway, such as 50ms"),
            OptionSpec(name: "min-score", value: "N", help: "the least score, 0 to 1000"),
            OptionSpec(name: "free-slots", value: "N", help: "how many slots must be free"),
            OptionSpec(
                name: "order", value: "WORD", help: "price (default), latency or reputation",
                choices: ServiceQuery.Order.allCases.map(\.rawValue)),
            OptionSpec(name: "all", value: nil, help: "also those that take no work now"),
            OptionSpec(name: "limit", value: "N", help: "the most answers; default 20"),
        ], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let query = try query(of: invocation)
        let client = try await ClientSettings(invocation, shell).client()
        let found = try await calling { () async throws(ClientFailure) in
            try await client.services(query)
        }
        let value: JSON = ["services": .array(found.map(\.json))]
        ResultText.write(value, as: invocation.format) { text(found, for: query.capability) }
        return 0
    }

    static func query(of invocation: Invocation) throws -> ServiceQuery {
        var query = ServiceQuery()
        query.capability = try named(
            invocation.arguments.first ?? "wasm/1", "capability", Capability.init)
        query.region = try invocation.value("region").map { try named($0, "region", Region.init) }
        query.priceMax = try invocation.amount("max-price")
        query.units = try RunOptions.fuel(invocation).value
        if invocation.has("max-ping") {
            query.roundTripMicrosecondsMax =
                try invocation.quantity(
                    "max-ping", default: 0, in: 1...60_000, such: "50ms",
                    read: QuantityText.milliseconds) * 1_000
        }
        if invocation.has("min-score") {
            query.scoreMin = UInt32(try invocation.number("min-score", default: 0, in: 0...1_000))
        }
        query.freeSlotsMin = UInt32(
            try invocation.number("free-slots", default: 0, in: 0...1_024))
        query.order =
            invocation.value("order").flatMap(ServiceQuery.Order.init(rawValue:)) ?? .price
        query.findsUnavailable = invocation.has("all")
        query.limit = Int(
            try invocation.number("limit", default: 20, in: 1...UInt64(ServiceQuery.limitMax)))
        return query
    }

    private static func named<Value>(
        _ text: String, _ what: String, _ read: (String) -> Value?
    ) throws -> Value {
        guard let value = read(text) else {
            throw CommandFailure(status: .misused, what: "'\(text)' is no \(what)")
        }
        return value
    }

    static func text(_ found: [ServiceView], for capability: Capability?) -> String {
        var table = TextTable(
            ["provider", "region", "state", "free", "base price", "per M fuel", "score", "ping"],
            rightAligned: [3, 4, 5, 6, 7])
        for one in found {
            let told = one.announcement
            let tariff =
                capability.flatMap(told.tariff(for:)) ?? told.offers.first?.tariff
                ?? Tariff(base: .zero, perMillionUnits: .zero)
            table.add([
                QuantityText.short(told.reputation.account), told.region.name, told.status.name,
                "\(told.freeSlots)/\(told.slots)", "\(tariff.base)", "\(tariff.perMillionUnits)",
                one.isRegistered ? one.score.map { "\($0)" } ?? "-" : "unknown",
                one.roundTripMicroseconds.map { "\($0 / 1_000).\($0 % 1_000 / 100) ms" } ?? "-",
            ])
        }
        return table.text
    }
}

/// `atoll tasks list` and `atoll tasks describe`: what is negotiated.
enum TasksList {
    static let command = CommandSpec(
        path: ["tasks", "list"], summary: "list the tasks whose bids are awaited now",
        example: "atoll tasks list", hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let client = try await ClientSettings(invocation, shell).client()
        let tasks = try await calling { () async throws(ClientFailure) in
            try await client.tasks()
        }
        let value: JSON = ["tasks": .array(tasks.map(\.json))]
        ResultText.write(value, as: invocation.format) {
            var table = TextTable(
                ["task", "kind", "phase", "budget", "places", "bids"], rightAligned: [3, 4, 5])
            for one in tasks {
                table.add([
                    "\(one.task)", one.kind, one.phase, "\(one.budgetMax)", "\(one.places)",
                    "\(one.bids.count)",
                ])
            }
            return table.text
        }
        return 0
    }
}

/// `atoll tasks describe`: one negotiation with its bids.
enum TasksDescribe {
    static let command = CommandSpec(
        path: ["tasks", "describe"], summary: "show one negotiation: its bids and awards",
        example: "atoll tasks describe <task>",
        arguments: [ArgumentSpec(name: "task", help: "its 64 hexadecimal digits")],
        hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let task: TaskID = try invocation.identifier(0, "task")
        let client = try await ClientSettings(invocation, shell).client()
        let view = try await calling { () async throws(ClientFailure) in
            try await client.task(task)
        }
        ResultText.write(view.json, as: invocation.format) { text(view) }
        return 0
    }

    private static func text(_ view: TaskView) -> String {
        var facts = TextFacts()
        facts.add("task", "\(view.task)")
        facts.add("kind", view.kind)
        facts.add("phase", view.phase)
        facts.add("budget", "\(view.budgetMax) for \(view.places) places")
        var table = TextTable(
            ["bidder", "bid", "base price", "per M units", "standing"], rightAligned: [1, 2, 3])
        for (signed, standing) in zip(view.bids, view.standings) {
            guard case .bid(let bid) = signed.message else { continue }
            table.add([
                QuantityText.short(signed.signer), "\(bid.revision)", "\(bid.tariff.base)",
                "\(bid.tariff.perMillionUnits)", standing,
            ])
        }
        return facts.text + "\n" + table.text
    }
}
