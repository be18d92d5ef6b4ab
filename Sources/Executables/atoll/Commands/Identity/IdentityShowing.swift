// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Cryptography
import Identities
import Identity
import JSONText
import Vocabulary

/// `atoll id show`: an identity of this home; asks nobody and opens no key.
enum IdShow {
    static let command = CommandSpec(
        path: ["id", "show"],
        summary: "show an identity or a key of this home by its DIDs; asks nobody",
        example: "atoll id show robot",
        arguments: [ArgumentSpec(name: "name", help: "an identity or a key")],
        hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let settings = ClientSettings(invocation, shell)
        let name = invocation.arguments[0]
        let entry = try await IdentityBook(settings: settings).find(name)
        let place = try await settings.keys.existing(entry?.key ?? name)
        let publicKey = try await settings.keys.read(place).publicKey
        let key = VerificationKey.ed25519(publicKey)
        let did = entry?.did ?? AtollMethod.did(of: publicKey)
        let value: JSON = [
            "name": JSON(name), "did": JSON("\(did)"), "didKey": JSON("\(KeyMethod.did(of: key))"),
            "account": JSON("\(AccountID(of: publicKey))"),
            "publicKeyMultibase": JSON(key.multibase),
        ]
        ResultText.write(value, as: invocation.format) {
            var facts = TextFacts()
            facts.add("did", "\(did)")
            facts.add("by its key", "\(KeyMethod.did(of: key))")
            facts.add("account", "\(AccountID(of: publicKey))")
            if let entry {
                facts.add("key", entry.key)
                facts.add("recovery key", entry.recovery)
            }
            return facts.text
        }
        return 0
    }
}

/// `atoll id resolve`: the document of any DID, proven.
enum IdResolve {
    static let command = CommandSpec(
        path: ["id", "resolve"],
        summary: "show the document of a DID, proven from the genesis you trust",
        discussion: """
            A did:key follows from its name. A did:atoll (did:octo and did:optimus are the same
            names) comes from the ledger with a proof that no gateway can forge, or from a bundle.
            """,
        example: "atoll id resolve did:atoll:z...",
        arguments: [ArgumentSpec(name: "did", help: "the DID, or an identity of this home")],
        options: IdentityResolver.options, hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let settings = ClientSettings(invocation, shell)
        let did = try await IdentityBook(settings: settings).did(named: invocation.arguments[0])
        let answer = try await IdentityResolver(settings: settings).resolve(did)
        var metadata = [JSON.Member("source", JSON(answer.source))]
        if let record = answer.record {
            metadata.append(JSON.Member("deactivated", .bool(record.isDeactivated)))
            metadata.append(JSON.Member("versionId", JSON("\(record.count)")))
            if let specification = record.specification {
                metadata.append(JSON.Member("specification", JSON("\(specification)")))
            }
        }
        let value: JSON = [
            "didDocument": answer.document.json, "didDocumentMetadata": .object(metadata),
        ]
        ResultText.write(value, as: invocation.format) { Self.text(of: answer, did) }
        return 0
    }

    private static func text(of answer: IdentityResolver.Answer, _ did: DID) -> String {
        var facts = TextFacts()
        facts.add("did", "\(did)")
        facts.add("from", answer.source)
        if let record = answer.record {
            facts.add("operations", "\(record.count)")
            if record.isDeactivated { facts.add("ended", "yes: it has no key") }
            if let specification = record.specification {
                facts.add("specification", "\(specification)")
            }
        }
        var table = TextTable(["key", "for"])
        for method in answer.document.methods {
            let uses = Relationship.allCases.filter { use in
                answer.document.relationships[use]?.contains(method.id) ?? false
            }
            table.add([
                method.key?.multibase ?? "not understood",
                uses.map(\.rawValue).joined(separator: " "),
            ])
        }
        for service in answer.document.services {
            facts.add("service \(service.id)", service.addresses.joined(separator: " "))
        }
        return facts.text + "\n" + table.text
    }
}

/// `atoll id bundle`: logs of identities for machines that are offline.
enum IdBundle {
    static let command = CommandSpec(
        path: ["id", "bundle"],
        summary: "write the logs of identities to a file, for machines that are offline",
        discussion: """
            The logs prove themselves and the last entry of each is compared with the ledger's
            record, which is proven. Whoever reads the bundle says how old it may be.
            """,
        example: "atoll id bundle did:atoll:z... --save fleet.bundle",
        arguments: [
            ArgumentSpec(name: "did", help: "DIDs, or identities of this home", repeats: true)
        ],
        options: [
            OptionSpec(name: "save", value: "FILE", help: "where to write it"),
            ClientSettings.genesisOption, TrailFolder.option,
        ], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let settings = ClientSettings(invocation, shell)
        guard let path = invocation.value("save") else {
            throw CommandFailure(
                status: .misused, what: "no file is named", next: "name one with --save FILE")
        }
        let (client, genesis) = (try await settings.client(), try await settings.genesis())
        var logs: [IdentityBundle.Log] = []
        for text in invocation.arguments {
            let did = try await IdentityBook(settings: settings).did(named: text)
            guard let account = try? AtollMethod.account(of: did) else {
                throw CommandFailure(status: .misused, what: "'\(text)' is no did:atoll")
            }
            let answer = try await IdentityResolver(settings: settings).resolve(did)
            let entries = try await log(of: account, on: genesis.chain, client)
            guard let replayed = try? IdentityLog.replay(entries, chain: genesis.chain),
                replayed.last == answer.record?.last
            else {
                throw CommandFailure(
                    status: .refused, what: "the gateway's log of \(did) is not the ledger's",
                    kept: "nothing was written", next: "ask another gateway with --gateway")
            }
            logs.append(IdentityBundle.Log(subject: account, entries: entries))
        }
        let bundle = IdentityBundle(chain: genesis.chain, made: shell.moment, logs: logs)
        let bytes = bundle.canonicalBytes
        try await shell.write(path, bytes)
        let value: JSON = [
            "path": JSON(path), "identities": JSON(logs.count), "bytes": JSON(bytes.count),
            "made": JSON("\(bundle.made)"),
        ]
        ResultText.write(value, as: invocation.format) {
            "wrote \(logs.count) identities, \(bytes.count) bytes, as of \(bundle.made): \(path)\n"
        }
        return 0
    }

    /// The entries as events told them; whether they are all shows the proven record.
    private static func log(
        of account: AccountID, on chain: ChainID, _ client: GatewayClient
    ) async throws -> [SignedOperation] {
        var entries: [SignedOperation] = []
        var cursor: String?
        repeat {
            let page = try await calling { () async throws(ClientFailure) in
                try await client.events(of: account, limit: 100, cursor: cursor)
            }
            for event in page.items where event.module == "identities" {
                guard event.json["subject"]?.text == "\(account)",
                    let payload = event.json["payload"]?.text.flatMap(Hexadecimal.decode)
                else { continue }
                switch event.json["kind"]?.unsigned {
                case UInt64(IdentitiesEventKind.identityCreated.rawValue):
                    guard let begun = try? NewIdentity(canonicalBytes: payload) else { continue }
                    entries.append(begun.entry(on: chain))
                case UInt64(IdentitiesEventKind.operationAdded.rawValue):
                    guard let next = try? SignedOperation(canonicalBytes: payload) else { continue }
                    entries.append(next)
                default: continue
                }
                guard entries.count <= IdentityLog.entriesMax else { return entries }
            }
            cursor = page.next
        } while cursor != nil
        return entries
    }
}
