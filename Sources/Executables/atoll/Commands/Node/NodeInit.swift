// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import JSONText
import Ledger
import PeerNetwork
import Vocabulary

/// `atoll node init`: makes the folder of a node that joins a cloud.
enum NodeInit {
    static let command = CommandSpec(
        path: ["node", "init"],
        summary: "make the folder of a node that joins a cloud, with a key of its own",
        discussion: """
            Writes FOLDER/node.json, FOLDER/node.key (sealed) and FOLDER/genesis.json, and says
            which account the node has. A provider needs native units there for its bond and its
            fees before it can take work; the people who run the cloud list the node's key among
            their peers, or let it connect as a guest.
            """,
        example: "atoll node init ./my-node --role provider --genesis genesis.json "
            + "--peer KEY@HOST:PORT --passphrase-file secret",
        arguments: [ArgumentSpec(name: "folder", help: "a folder that does not exist yet")],
        options: [
            OptionSpec(
                name: "role", value: "ROLE", help: "what it does; may be given more than once",
                repeats: true, choices: ["validator", "provider", "gateway"]),
            OptionSpec(
                name: "genesis", value: "FILE", help: "the chain to follow, from people you trust"),
            OptionSpec(
                name: "peer", value: "KEY@HOST:PORT", help: "a node to connect to; may repeat",
                repeats: true),
            OptionSpec(
                name: "listen", value: "HOST:PORT", help: "where peers reach it; default nowhere"),
            OptionSpec(
                name: "http", value: "HOST:PORT", help: "for a gateway; default 127.0.0.1:8700"),
            OptionSpec(
                name: "slots", value: "N", help: "for a provider: jobs at one time; default 2"),
            OptionSpec(
                name: "base-price", value: "AMOUNT", help: "for each execution; default 0.001"),
            OptionSpec(
                name: "fuel-price", value: "AMOUNT", help: "for a million fuel; default 0.001"),
            OptionSpec(name: "bond", value: "AMOUNT", help: "what a provider bonds; default 200"),
            ClientSettings.passphraseOption,
        ],
        hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let folder = Surroundings.absolute(invocation.arguments[0])
        guard await !shell.exists(folder) else {
            throw CommandFailure(
                status: .refused, what: "'\(folder)' exists already", kept: "it is unchanged",
                next: "name a folder that does not exist")
        }
        guard let genesisPath = invocation.value("genesis") else {
            throw CommandFailure(
                status: .misused, what: "'node init' needs --genesis FILE",
                next: "ask somebody you trust for the chain's genesis file")
        }
        let genesis = try await NodeStart.readGenesis(genesisPath, shell)
        let settings = try settings(
            invocation, name: String(folder.split(separator: "/").last ?? "node"))
        guard let key = SigningKey(seed: shell.effects.chance.bytes(SigningKey.seedCount)) else {
            throw CommandFailure(status: .refused, what: "the system gave no random bytes")
        }
        let sealed = try await seal(key, invocation, shell)
        try await shell.write("\(folder)/genesis.json", Array((genesis.write() + "\n").utf8))
        try await shell.write("\(folder)/node.key", sealed)
        try await shell.write("\(folder)/node.json", Array((settings.json.pretty + "\n").utf8))
        show(folder, key, settings, genesis, invocation.format)
        return 0
    }

    private static func seal(
        _ key: SigningKey, _ invocation: Invocation, _ shell: Shell
    ) async throws -> [UInt8] {
        let passphrase = try await NewPassphrase.read(for: "node", invocation, shell)
        let chance = shell.effects.chance
        do {
            return try KeyFile.seal(
                key: key, passphrase: passphrase, salt: chance.bytes(KeyFile.saltCount),
                nonce: chance.bytes(KeyFile.nonceCount))
        } catch {
            throw KeyAccess.failure(error, "node.key")
        }
    }

    private static func settings(_ invocation: Invocation, name: String) throws -> NodeFile {
        let roles = invocation.values("role")
        let peers = try invocation.values("peer").map { text in
            guard let peer = PeerAddress(text) else {
                throw CommandFailure(
                    status: .misused, what: "--peer '\(text)' is not KEY@HOST:PORT",
                    next: "take key and address from 'atoll status' of a node you know")
            }
            return peer
        }
        guard !peers.isEmpty else {
            throw CommandFailure(
                status: .misused, what: "'node init' needs at least one --peer KEY@HOST:PORT",
                next: "take key and address from 'atoll status' of a node you know")
        }
        let isGateway = roles.contains("gateway")
        return NodeFile(
            name: name, roles: roles, listen: try endpoint("listen", invocation),
            http: try endpoint("http", invocation)
                ?? (isGateway ? Endpoint(host: "127.0.0.1", port: 8_700) : nil),
            peers: peers, provider: roles.contains("provider") ? try provider(invocation) : nil)
    }

    private static func provider(_ invocation: Invocation) throws -> NodeFile.Provider {
        var provider = NodeFile.Provider()
        provider.slots = UInt32(
            try invocation.number("slots", default: UInt64(provider.slots), in: 1...1_024))
        provider.basePrice = try amount("base-price", provider.basePrice, invocation)
        provider.pricePerMillionFuel = try amount(
            "fuel-price", provider.pricePerMillionFuel, invocation)
        provider.bond = try amount("bond", provider.bond, invocation)
        return provider
    }

    private static func amount(
        _ name: String, _ usual: Amount, _ invocation: Invocation
    ) throws -> Amount {
        guard let text = invocation.value(name) else { return usual }
        guard let amount = Amount(text) else {
            throw CommandFailure(
                status: .misused, what: "--\(name) '\(text)' is no amount such as 0.001 or 20")
        }
        return amount
    }

    private static func endpoint(_ name: String, _ invocation: Invocation) throws -> Endpoint? {
        guard let text = invocation.value(name) else { return nil }
        guard let endpoint = Endpoint(text) else {
            throw CommandFailure(status: .misused, what: "--\(name) '\(text)' is not HOST:PORT")
        }
        return endpoint
    }

    private static func show(
        _ folder: String, _ key: SigningKey, _ settings: NodeFile, _ genesis: Genesis,
        _ format: OutputFormat
    ) {
        let account = AccountID(of: key.publicKey)
        let value: JSON = [
            "folder": JSON(folder), "publicKey": JSON("\(key.publicKey)"),
            "account": JSON("\(account)"), "chain": JSON("\(genesis.chain)"),
        ]
        ResultText.write(value, as: format) {
            var facts = TextFacts()
            facts.add("folder", folder)
            facts.add("public key", "\(key.publicKey)")
            facts.add("account", "\(account)")
            facts.add("chain", "\(genesis.name) \(genesis.chain)")
            if let provider = settings.provider {
                facts.add("needs", "\(provider.bond) units for the bond, and some for fees")
            }
            facts.add("next", "atoll node start \(folder)")
            return facts.text
        }
    }
}
