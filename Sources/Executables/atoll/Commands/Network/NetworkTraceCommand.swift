// SPDX-License-Identifier: Apache-2.0
import ClientKit
import JSONText

/// `atoll network trace`: single movements on the node's streams, for a while.
enum NetworkTraceCommand {
    static let command = CommandSpec(
        path: ["network", "trace"],
        summary: "watch single movements on the streams of the gateway's node for some seconds",
        discussion: """
            Shows when, with whom, over which protocol, which way and how many bytes; never what
            they say. The node keeps the newest 4,096 movements, and stops by itself.
            """,
        example: "atoll network trace --protocol /meshsub --seconds 5",
        options: [
            OptionSpec(name: "peer", value: "PEER", help: "with this peer alone, by its name"),
            OptionSpec(
                name: "protocol", value: "NAME", help: "over protocols whose names begin so"),
            OptionSpec(name: "seconds", value: "N", help: "how long, 1 to 3600; default 10"),
            OwnerToken.option,
        ], hasOutputFormat: true, run: run)

    /// How often the node is asked for what is new.
    private static let newsMilliseconds: UInt64 = 500

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let seconds = try invocation.number("seconds", default: 10, in: 1...3_600)
        let client = try await ClientSettings(invocation, shell).client()
        let token = try await OwnerToken.shown(invocation, shell)
        try await calling { () async throws(ClientFailure) in
            try await client.beginTrace(
                peer: invocation.value("peer"), protocolStart: invocation.value("protocol"),
                seconds: seconds, token: token)
        }
        var (all, last, isRunning): ([JSON], UInt64, Bool) = ([], 0, true)
        while isRunning {
            await shell.effects.time.sleep(milliseconds: newsMilliseconds)
            let page = try await calling { () async throws(ClientFailure) in
                try await client.trace(after: last, token: token)
            }
            let movements = page["movements"]?.elements ?? []
            isRunning = page["running"]?.flag == true
            last = movements.last?["number"]?.unsigned ?? last
            if invocation.format == .table {
                for movement in movements { Terminal.result(line(of: movement)) }
            } else {
                all += movements
            }
        }
        guard invocation.format != .table else { return 0 }
        let value: JSON = ["movements": .array(all)]
        ResultText.write(value, as: invocation.format) { "" }
        return 0
    }

    static func line(of movement: JSON) -> String {
        let time = "\(movement["milliseconds"]?.unsigned ?? 0)"
        let space = String(repeating: " ", count: max(0, 7 - time.count))
        let words = [
            "\(space)\(time) ms", movement["direction"]?.text ?? "",
            "\(movement["bytes"]?.unsigned ?? 0) bytes", movement["protocol"]?.text ?? "",
            movement["peer"]?.text ?? "",
        ]
        return words.joined(separator: "  ") + "\n"
    }
}
