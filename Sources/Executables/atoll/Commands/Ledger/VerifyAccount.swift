// SPDX-License-Identifier: Apache-2.0
import Accounts
import ClientKit
import Effects
import JSONText
import LightClient
import Vocabulary

/// `atoll verify account`: what an account has, with a proof that no gateway can forge.
enum VerifyAccount {
    static let command = CommandSpec(
        path: ["verify", "account"],
        summary: "prove what an account has, from the genesis you trust",
        discussion: """
            Fetches the proofs of the balance and of the next nonce from the gateway and checks
            them: that the validators of the block's epoch signed it, and that its state holds
            them. Who these are is followed from the genesis on and kept for the next time. A proof
            shows how things stood at that block, not what came later.
            """,
        example: "atoll verify account <account> --save account.proof",
        arguments: [
            ArgumentSpec(
                name: "account", help: "whose; default your key's", isRequired: false)
        ],
        options: [
            OptionSpec(name: "asset", value: "N", help: "the asset's number; default 0, native"),
            OptionSpec(name: "save", value: "FILE", help: "also write the proof file there"),
            ClientSettings.genesisOption, TrailFolder.option, ClientSettings.keyOption,
        ], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let settings = ClientSettings(invocation, shell)
        let account: AccountID =
            invocation.arguments.isEmpty
            ? try await settings.account() : try invocation.identifier(0, "account")
        let asset = AssetID(try invocation.number("asset", default: 0, in: 0...UInt64.max))
        let genesis = try await settings.genesis()
        let client = try await settings.client()
        let file = try await fetch(account, asset, from: client)
        let epoch = file.sections.map(\.header.epoch).max() ?? Epoch(0)
        let trail = try await TrailFolder(genesis, invocation, shell)
            .trail(to: epoch, asking: client)
        let verifier = LightVerifier(genesis: genesis, trail: trail)
        if let path = invocation.value("save") { try await shell.write(path, file.bytes) }
        let checks = ProofChecks(file, verifier: verifier)
        let (members, facts) = try findings(of: account, asset, in: file, by: verifier)
        return checks.write(members, as: invocation.format, facts: facts)
    }

    /// Both proofs in one file: under one header when no block came between.
    private static func fetch(
        _ account: AccountID, _ asset: AssetID, from client: GatewayClient
    ) async throws -> ProofFile {
        let (balance, nonce) = try await calling { () async throws(ClientFailure) in
            (
                try await client.proof(
                    of: .accounts, AccountsKeys.balance(of: account, asset)),
                try await client.proof(of: .accounts, AccountsKeys.nonce(of: account))
            )
        }
        guard let file = ProofFile(balance.sections + nonce.sections) else {
            throw CommandFailure(ClientFailure.badAnswer("the proofs are too many for one file"))
        }
        return file
    }

    /// What the proofs show; only the account when they show nothing.
    private static func findings(
        of account: AccountID, _ asset: AssetID, in file: ProofFile, by verifier: LightVerifier
    ) throws -> (members: [JSON.Member], facts: TextFacts?) {
        let named = [
            JSON.Member("account", JSON("\(account)")), JSON.Member("asset", JSON(asset.value)),
        ]
        guard let balance = try? verifier.balance(of: account, asset, in: file),
            let nonce = try? verifier.nonce(of: account, in: file)
        else { return (named, nil) }
        let header = balance.header.header
        var facts = TextFacts()
        facts.add("account", "\(account)")
        facts.add("balance", "\(balance.amount) of asset \(asset)")
        facts.add("next nonce", "\(nonce.nonce)")
        facts.add(
            "as of", "block \(header.stateHeight), certified \(header.timestamp.utc)")
        let members = [
            JSON.Member("balance", JSON("\(balance.amount.units)")),
            JSON.Member("nonce", JSON(nonce.nonce)),
            JSON.Member("blockHeight", JSON(header.height.value)),
            JSON.Member("blockTime", JSON(header.timestamp.value)),
            JSON.Member("stateHeight", JSON(header.stateHeight.value)),
            JSON.Member("stateRoot", JSON("\(header.stateRoot)")),
            JSON.Member("proofBytes", JSON(file.bytes.count)),
        ]
        return (named + members, facts)
    }
}
