// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Market
import NodeInterface
import Vocabulary

/// What `atoll run` may be told, and how it becomes a request.
enum RunOptions {
    static let replicas = OptionSpec(
        name: "replicas", value: "N",
        help: "providers that run it and must agree, 1 to \(OrderTerms.replicasMax); default 2")
    static let fuelMax = OptionSpec(
        name: "fuel-max", value: "COUNT",
        help: "the most fuel, about one an instruction, such as 5G; default 1G")

    static let all = [
        OptionSpec(
            name: "input", value: "PATH",
            help: "a file or folder the program sees in /input, by name; may be repeated",
            repeats: true),
        OptionSpec(
            name: "stdin", value: "FILE", help: "standard input; - is this command's own"),
        replicas,
        OptionSpec(
            name: "max-cost", value: "AMOUNT",
            help: "the most it may cost, such as 1.5; default what all providers ask"),
        OptionSpec(
            name: "negotiate", value: nil,
            help: "ask providers for bids first and order at the best bids' price"),
        OptionSpec(
            name: "counter", value: "AMOUNT",
            help: "with --negotiate: ask those who bid more to do it for this"),
        OptionSpec(
            name: "timeout", value: "TIME",
            help: "until the order ends by itself, such as 90s or 5m; default 60s"),
        fuelMax,
        OptionSpec(
            name: "memory-max", value: "SIZE", help: "memory, such as 64MiB; default 256MiB"),
        OptionSpec(
            name: "output-max", value: "SIZE", help: "output of both kinds; default 4MiB"),
        OptionSpec(
            name: "wall-max", value: "TIME",
            help: "how long one provider may take; default a quarter of the timeout"),
        OptionSpec(name: "receipt", value: "FILE", help: "write the checked receipt there"),
        OptionSpec(
            name: "detach", short: "d", value: nil,
            help: "order it, print the job's id and leave"),
        OptionSpec(name: "quiet", short: "q", value: nil, help: "say nothing on the way"),
    ]

    static func fuel(_ invocation: Invocation) throws -> Fuel {
        Fuel(
            try invocation.quantity(
                "fuel-max", default: 1_000_000_000, in: 1...UInt64.max, such: "5G",
                read: QuantityText.count))
    }

    static func replicas(_ invocation: Invocation) throws -> UInt8 {
        UInt8(
            try invocation.number(
                "replicas", default: 2, in: 1...UInt64(OrderTerms.replicasMax)))
    }

    /// The request a command line describes.
    static func request(
        _ invocation: Invocation, _ shell: Shell
    ) async throws -> JobRequest {
        let program = try await ProgramFile(invocation.arguments[0], shell)
        var request = JobRequest(module: .path(program.path))
        request.arguments = Array(invocation.arguments.dropFirst())
        request.files = try await RunInput(invocation.values("input"), shell).files
        request.standardInput = try standardInput(invocation)
        request.fuelMax = try fuel(invocation)
        request.replicas = try replicas(invocation)
        request.maxCost = try invocation.amount("max-cost")
        request.negotiates = invocation.has("negotiate")
        request.counterPrice = try invocation.amount("counter")
        guard request.negotiates || request.counterPrice == nil else {
            throw CommandFailure(
                status: .misused, what: "--counter needs --negotiate", kept: "nothing was ordered")
        }
        request.timeoutMilliseconds = try invocation.quantity(
            "timeout", default: request.timeoutMilliseconds, in: 1_000...86_400_000, such: "90s",
            read: QuantityText.milliseconds)
        request.memoryBytesMax = try invocation.quantity(
            "memory-max", default: request.memoryBytesMax, in: 65_536...(4 << 30) - 65_536,
            such: "64MiB", read: QuantityText.bytes)
        request.outputBytesMax = try invocation.quantity(
            "output-max", default: request.outputBytesMax, in: 1...UInt64(JobOutput.bytesMax),
            such: "1MiB", read: QuantityText.bytes)
        if invocation.has("wall-max") {
            request.wallMilliseconds = try invocation.quantity(
                "wall-max", default: 0, in: 1...3_600_000, such: "10s",
                read: QuantityText.milliseconds)
        }
        return request
    }

    private static func standardInput(_ invocation: Invocation) throws -> JobRequest.Content? {
        guard let source = invocation.value("stdin") else { return nil }
        guard source == "-" else { return .path(Shell.inner(source)) }
        guard let bytes = Terminal.standardInput(limit: Int(JobInput.bytesMax)) else {
            throw CommandFailure(
                status: .misused,
                what: "standard input has more than \(JobInput.bytesMax) bytes")
        }
        return .bytes(bytes)
    }
}
