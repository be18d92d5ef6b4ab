// SPDX-License-Identifier: Apache-2.0
import ClientKit

/// `atoll peers add`: an address the node is to remember and dial.
enum PeersAdd {
    static let command = CommandSpec(
        path: ["peers", "add"], summary: "have the gateway's node stay connected with a peer",
        discussion: """
            The node dials the address whenever the peer is not connected, ever more slowly while
            it does not answer, and after a restart too. 'atoll peers ban' ends that.
            """,
        example: "atoll peers add /ip4/192.0.2.1/tcp/7400/p2p/<peer>",
        arguments: [
            ArgumentSpec(name: "address", help: "a multiaddr that ends in the peer's name")
        ],
        options: [OwnerToken.option], run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let client = try await ClientSettings(invocation, shell).client()
        let token = try await OwnerToken.shown(invocation, shell)
        try await calling { () async throws(ClientFailure) in
            try await client.addPeer(invocation.arguments[0], token: token)
        }
        Terminal.say("connected to \(invocation.arguments[0])")
        return 0
    }
}

/// `atoll peers ban`: whom the node is to keep out.
enum PeersBan {
    static let command = CommandSpec(
        path: ["peers", "ban"],
        summary: "have the gateway's node end its connections with a peer and keep it out",
        example: "atoll peers ban <peer> --for 1h --reason spam",
        arguments: [ArgumentSpec(name: "peer", help: "its name, or its key in hexadecimal")],
        options: [
            OptionSpec(name: "reason", value: "TEXT", help: "why, in words for people"),
            OptionSpec(name: "for", value: "TIME", help: "how long, such as 10m; default 1h"),
            OwnerToken.option,
        ], run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let milliseconds = try invocation.quantity(
            "for", default: 3_600_000, in: 1_000...31_536_000_000, such: "10m",
            read: QuantityText.milliseconds)
        let client = try await ClientSettings(invocation, shell).client()
        let token = try await OwnerToken.shown(invocation, shell)
        try await calling { () async throws(ClientFailure) in
            try await client.banPeer(
                invocation.arguments[0], reason: invocation.value("reason") ?? "by its owner",
                seconds: milliseconds / 1_000, token: token)
        }
        Terminal.say("\(invocation.arguments[0]) is kept out for \(milliseconds / 1_000) s")
        return 0
    }
}

/// `atoll peers unban`: whom the node may let in again.
enum PeersUnban {
    static let command = CommandSpec(
        path: ["peers", "unban"], summary: "have the gateway's node let a peer in again",
        example: "atoll peers unban <peer>",
        arguments: [ArgumentSpec(name: "peer", help: "its name, or its key in hexadecimal")],
        options: [OwnerToken.option], run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let client = try await ClientSettings(invocation, shell).client()
        let token = try await OwnerToken.shown(invocation, shell)
        try await calling { () async throws(ClientFailure) in
            try await client.unbanPeer(invocation.arguments[0], token: token)
        }
        Terminal.say("\(invocation.arguments[0]) may come in again")
        return 0
    }
}
