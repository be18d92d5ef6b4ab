// SPDX-License-Identifier: Apache-2.0
import ClientKit
import JSONText

/// `atoll peers list`: whom the gateway's node knows.
enum PeersList {
    static let command = CommandSpec(
        path: ["peers", "list"],
        summary: "list the peers of the gateway's node: connected, known, kept out",
        example: "atoll peers list",
        options: [
            OptionSpec(name: "connected", value: nil, help: "only those that are connected")
        ], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let client = try await ClientSettings(invocation, shell).client()
        let all = try await calling { () async throws(ClientFailure) in try await client.peers() }
        let shown = invocation.has("connected") ? all.filter(\.isConnected) : all
        let value: JSON = ["peers": .array(shown.map(\.json))]
        ResultText.write(value, as: invocation.format) { text(shown) }
        return 0
    }

    static func text(_ peers: [PeerView]) -> String {
        var table = TextTable(["peer", "state", "roles", "ping", "address"], rightAligned: [3])
        for peer in peers {
            table.add([
                peer.peer, state(of: peer), peer.roles ?? "-", ping(of: peer),
                peer.addresses.first ?? "-",
            ])
        }
        return table.text
    }

    /// Whether it is there, or why not.
    static func state(of peer: PeerView) -> String {
        if peer.banReason != nil { return "banned" }
        return peer.isConnected ? "connected" : "known"
    }

    /// A round trip in milliseconds with one decimal.
    static func ping(of peer: PeerView) -> String {
        peer.roundTripMicroseconds.map { "\($0 / 1_000).\($0 % 1_000 / 100) ms" } ?? "-"
    }
}

/// `atoll peers describe`: all that is known of one peer.
enum PeersDescribe {
    static let command = CommandSpec(
        path: ["peers", "describe"], summary: "show all that is known of one peer",
        example: "atoll peers describe <peer>",
        arguments: [ArgumentSpec(name: "peer", help: "its name, or its key in hexadecimal")],
        hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let client = try await ClientSettings(invocation, shell).client()
        let peer = try await calling { () async throws(ClientFailure) in
            try await client.peer(invocation.arguments[0])
        }
        ResultText.write(peer.json, as: invocation.format) { text(peer) }
        return 0
    }

    static func text(_ peer: PeerView) -> String {
        var facts = TextFacts()
        facts.add("peer", peer.peer)
        facts.add("state", PeersList.state(of: peer))
        if let reason = peer.banReason { facts.add("kept out for", reason) }
        facts.add("roles", peer.roles ?? "unknown")
        facts.add("program", peer.agent.isEmpty ? "unknown" : peer.agent)
        facts.add("added", peer.isAdded ? "yes: dialled whenever it is not connected" : "no")
        facts.add("protected", peer.isProtected ? "yes" : "no")
        facts.add("ping", PeersList.ping(of: peer))
        for address in peer.addresses { facts.add("address", address) }
        for name in peer.protocols { facts.add("protocol", name) }
        if let reason = peer.lastReason { facts.add("last ended", reason) }
        return facts.text
    }
}
