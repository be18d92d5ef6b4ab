// SPDX-License-Identifier: Apache-2.0
import ClientKit

/// `atoll network status`: how the gateway's network stands.
enum NetworkStatusCommand {
    static let command = CommandSpec(
        path: ["network", "status"],
        summary: "show how the network of the gateway's node stands, and what passed by protocol",
        example: "atoll network status", hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let client = try await ClientSettings(invocation, shell).client()
        let view = try await calling { () async throws(ClientFailure) in
            try await client.network()
        }
        ResultText.write(view.json, as: invocation.format) { text(view) }
        return 0
    }

    static func text(_ view: NetworkView) -> String {
        var facts = TextFacts()
        facts.add("peer", view.peer)
        for address in view.addresses { facts.add("address", address) }
        facts.add("reachability", view.reachability)
        if view.placesHeld > 0 || view.circuits > 0 {
            facts.add(
                "relays", "\(view.placesHeld) places for others, \(view.circuits) circuits now")
        }
        facts.add(
            "connections",
            "\(view.inboundConnections) dialled by others, \(view.outboundConnections) by this node"
        )
        facts.add("known", "\(view.knownPeers) peers")
        for ban in view.bans { facts.add("kept out", ban) }
        var table = TextTable(
            ["protocol", "streams", "bytes in", "bytes out"], rightAligned: [1, 2, 3])
        for one in view.traffic {
            table.add([
                one.name, "\(one.streams)", QuantityText.grouped(one.bytesIn),
                QuantityText.grouped(one.bytesOut),
            ])
        }
        return facts.text + "\n" + table.text
    }
}
