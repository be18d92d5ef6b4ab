// SPDX-License-Identifier: Apache-2.0
import Deployments
import JSONText
import Vocabulary

/// `atoll deploy quote`: what a file costs at given prices.
enum DeployQuote {
    static let command = CommandSpec(
        path: ["deploy", "quote"],
        summary: "say what a deployment costs at given prices; orders nothing",
        discussion: """
            Prices are for an hour. Providers announce what an execution costs and not what
            resources cost, so the prices are given here. With --max-cost, 1 when it costs more.
            """,
        example: "atoll deploy quote compose.yaml --processor-price 0.02 --memory-price 0.005 "
            + "--storage-price 0.0001 --hours 720",
        arguments: [DeployFile.argument],
        options: DeployFile.options + [
            OptionSpec(
                name: "processor-price", value: "AMOUNT", help: "one processor for an hour"),
            OptionSpec(
                name: "memory-price", value: "AMOUNT", help: "one GiB of memory for an hour"),
            OptionSpec(
                name: "storage-price", value: "AMOUNT",
                help: "one GiB of a disk or volume for an hour"),
            OptionSpec(name: "hours", value: "N", help: "how long; default 720, thirty days"),
            OptionSpec(name: "max-cost", value: "AMOUNT", help: "the most it may cost in all"),
        ], hasOutputFormat: true, run: run)

    /// A hundred years, so that a mistyped number is refused.
    private static let hoursMax: UInt64 = 876_000

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let prices = ResourcePrices(
            processorHour: try price("processor-price", invocation),
            memoryHour: try price("memory-price", invocation),
            storageHour: try price("storage-price", invocation))
        let hours = try invocation.number("hours", default: 720, in: 1...hoursMax)
        let costMax = try invocation.amount("max-cost")
        let deployment = try await DeployFile(invocation.arguments[0], invocation, shell)
            .deployment()
        guard let costs = deployment.costs(at: prices, hours: hours), let total = sum(costs) else {
            throw CommandFailure(
                status: .misused, what: "at these prices it costs more than any account can hold")
        }
        write(deployment, costs, total, hours, invocation)
        guard let costMax, total > costMax else { return 0 }
        throw CommandFailure(
            status: .refused, what: "it costs \(total), which is more than \(costMax)",
            kept: "nothing was ordered", next: "ask for less, or raise --max-cost")
    }

    private static func price(_ name: String, _ invocation: Invocation) throws -> Amount {
        guard let price = try invocation.amount(name) else {
            throw CommandFailure(
                status: .misused, what: "--\(name) is missing",
                next: "providers announce no prices of resources yet: give all three")
        }
        return price
    }

    private static func sum(_ costs: [GroupCost]) -> Amount? {
        var total = Amount.zero
        for cost in costs {
            guard let sum = total.adding(cost.total) else { return nil }
            total = sum
        }
        return total
    }

    private static func write(
        _ deployment: Deployment, _ costs: [GroupCost], _ total: Amount, _ hours: UInt64,
        _ invocation: Invocation
    ) {
        let value: JSON = [
            "deployment": JSON(deployment.name), "manifest": JSON("\(deployment.digest)"),
            "hours": JSON(hours), "total": JSON("\(total)"),
            "groups": .array(
                costs.map {
                    [
                        "order": DeployText.order($0.order),
                        "processors": JSON("\($0.processors)"), "memory": JSON("\($0.memory)"),
                        "storage": JSON("\($0.storage)"), "total": JSON("\($0.total)"),
                    ]
                }),
        ]
        ResultText.write(value, as: invocation.format) {
            var table = TextTable(
                ["group", "processors", "memory", "storage", "cost"], rightAligned: [1, 2, 3, 4])
            for cost in costs {
                let order = cost.order
                table.add([
                    order.group,
                    "\(DeployText.processors(order.resources.milliProcessors)): \(cost.processors)",
                    "\(DeployText.bytes(order.resources.memoryBytes)): \(cost.memory)",
                    DeployText.bytes(order.resources.diskBytes + order.volumeBytes)
                        + ": \(cost.storage)",
                    "\(cost.total)",
                ])
            }
            return table.text + "\(total) for \(QuantityText.grouped(hours)) hours\n"
        }
    }
}
