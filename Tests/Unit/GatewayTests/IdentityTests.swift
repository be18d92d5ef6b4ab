// SPDX-License-Identifier: Apache-2.0
import Cryptography
import HTTPServer
import Identities
import Identity
import JSONText
import Ledger
import LightClient
import Mandates
import Names
import Testing
import Vocabulary

@testable import Gateway

/// Identities, issuers, names and mandates over HTTP (GATEWAY-21).
@Suite("Gateway: identities")
struct IdentityTests {
    /// The client's identity, begun and continued by one entry.
    private static func begin(_ world: GatewayWorld) async throws -> AccountID {
        let key = world.cast.client
        let account = AccountID(of: key.publicKey)
        let new = NewIdentity(
            of: key, recovery: IdentityRecord.commitment(to: world.cast.providers[0].publicKey),
            chain: world.chain)
        let entry = new.entry(on: world.chain)
        let more = SignedOperation(
            IdentityOperation(
                chain: world.chain, subject: account, sequence: 1, previous: entry.digest,
                action: .setSpecification(SHA256.hash([1]))), by: key)
        _ = try await world.act(
            world.cast.providers[0], [IdentitiesMessage.create(CreateIdentities([new])).message])
        _ = try await world.act(
            world.cast.providers[0], [IdentitiesMessage.submit(SubmitOperations([more])).message])
        return account
    }

    @Test("an identity is shown by DID and by account, with its document")
    func shows() async throws {
        try await GatewayWorld().run { world in
            let account = try await Self.begin(world)
            let did = AtollMethod.did(of: account)
            let shown = try await world.json(.get, "/v1/identities/\(did)/record")
            #expect(shown["did"]?.text == "\(did)")
            #expect(shown["entries"]?.unsigned == 2)
            #expect(shown["document"]?["id"]?.text == "\(did)")
            let again = try await world.json(.get, "/v1/identities/\(account)/record")
            #expect(again["last"] == shown["last"])
            let missing = try await world.json(
                .get, "/v1/identities/\(AccountID(.zero))/record", status: .notFound)
            #expect(missing["name"]?.text == "unknownIdentity")
            _ = try await world.json(.get, "/v1/identities/did:web:a/record", status: .badRequest)
        }
    }

    @Test("a bundle made from a node replays to what the state proves")
    func bundles() async throws {
        try await GatewayWorld().run { world in
            let account = try await Self.begin(world)
            let answer = try await world.ask(.get, "/v1/identities?of=\(account)")
            #expect(answer.fields["content-type"] == IdentityRecordResource.bundleType)
            let bundle = try IdentityBundle.read(answer.body)
            let records = try bundle.records(
                of: world.chain, at: bundle.made, secondsMax: 0)
            let proof = try await world.ask(
                .get,
                "/v1/proofs/identities/"
                    + Hexadecimal.encode(IdentitiesKeys.identity(account)))
            let file = try ProofFile(bytes: proof.body)
            let header = try #require(file.sections.first?.header)
            let verifier = try LightVerifier(genesis: world.cast.genesis)
            let resolved = try verifier.resolve(
                AtollMethod.did(of: account), in: file, at: header.timestamp, millisecondsMax: 0)
            #expect(records == [resolved.record].compactMap { $0 })
            let one = try await world.ask(.get, "/v1/identities/\(account)/log")
            #expect(try IdentityBundle.read(one.body).logs == bundle.logs)
            let none = try await world.json(.get, "/v1/identities", status: .badRequest)
            #expect(none["name"]?.text == "malformedParameter")
            let unknown = try await world.json(
                .get, "/v1/identities?of=\(AccountID(.zero)),\(account)", status: .notFound)
            #expect(unknown["name"]?.text == "unknownIdentity")
        }
    }

    @Test("an issuer is listed with its bond and its lists of status")
    func issuers() async throws {
        try await GatewayWorld(modules: ["identities": ["bondPerType": "10"]]).run { world in
            let account = try await Self.begin(world)
            let register = IdentitiesMessage.registerIssuer(
                RegisterIssuer(
                    issuer: account, types: ["ServiceLicence"], address: "https://i.example",
                    bond: Amount(whole: 10)))
            let anchor = IdentitiesMessage.anchorStatus(
                AnchorStatus(
                    issuer: account, list: "https://i.example/1", digest: SHA256.hash([1])))
            _ = try await world.act(world.cast.client, [register.message, anchor.message])
            let all = try await world.json(.get, "/v1/issuers")
            #expect(all["issuers"]?.elements?.count == 1)
            let one = try await world.json(.get, "/v1/issuers/\(account)")
            #expect(one["state"]?.text == "active")
            #expect(one["lists"]?.elements?.first?["address"]?.text == "https://i.example/1")
            let missing = try await world.json(
                .get, "/v1/issuers/\(AccountID(.zero))", status: .notFound)
            #expect(missing["name"]?.text == "unknownIssuer")
        }
    }

    @Test("a name is free, under auction, held")
    func names() async throws {
        let parts: JSON = ["names": ["auctionMilliseconds": 1, "extensionMilliseconds": 1]]
        try await GatewayWorld(modules: parts).run { world in
            let free = try await world.json(.get, "/v1/names/harbour")
            #expect(free["state"]?.text == "free")
            let name = try #require(PlainName("harbour"))
            let account = AccountID(of: world.cast.client.publicKey)
            let claim = NamesMessage.claim(
                ClaimName(name: name, owner: account, amount: Amount(whole: 5)))
            _ = try await world.act(world.cast.client, [claim.message])
            let open = try await world.json(.get, "/v1/names/harbour")
            #expect(open["state"]?.text == "auction")
            #expect(open["auction"]?["bids"]?.unsigned == 1)
            try await world.node.seal()
            let held = try await world.json(.get, "/v1/names/harbour")
            #expect(held["state"]?.text == "held")
            #expect(held["target"]?.text == "\(account)")
            let all = try await world.json(.get, "/v1/names?limit=1")
            #expect(all["names"]?.elements?.first?["name"]?.text == "harbour")
            _ = try await world.json(.get, "/v1/names/Harbour", status: .badRequest)
        }
    }

    @Test("a mandate shows what is left of it, a machine what its owner allows")
    func mandates() async throws {
        try await GatewayWorld().run { world in
            let (client, agent) = (world.cast.client, world.cast.providers[0])
            let account = AccountID(of: client.publicKey)
            let grant = GrantMandate(
                delegate: AccountID(of: agent.publicKey),
                scope: MandateScope(
                    kinds: [MessageKind(.accounts, tag: 0)],
                    budgets: [Budget(total: Amount(100))], from: Timestamp(0),
                    until: Timestamp(.max)))
            let signed = try await world.act(client, [MandatesMessage.grant(grant).message])
            let id = grant.id(sender: account, transaction: signed.hash)
            let pay = world.cast.transfer(nonce: 0, chain: world.chain)
            let inner = try #require(pay.transaction.messages.first)
            _ = try await world.act(
                agent, [MandatesMessage.act(ActForPrincipal(id, inner)).message])
            let shown = try await world.json(.get, "/v1/mandates/\(id)")
            let budget = try #require(shown["budgets"]?.elements?.first)
            #expect(budget["spent"]?.text == "5")
            let all = try await world.json(.get, "/v1/accounts/\(account)/mandates")
            #expect(all["mandates"]?.elements == [shown])
            let missing = try await world.json(
                .get, "/v1/mandates/\(Digest.zero)", status: .notFound)
            #expect(missing["name"]?.text == "unknownMandate")
            let own = MandatesMessage.setOwner(
                SetOwner(machine: AccountID(of: agent.publicKey), owner: account))
            _ = try await world.act(agent, [own.message])
            let machine = try await world.json(
                .get, "/v1/machines/\(AccountID(of: agent.publicKey))")
            #expect(machine["owner"]?.text == "\(account)")
            #expect(machine["authorization"] == nil)
            let free = try await world.json(.get, "/v1/machines/\(account)", status: .notFound)
            #expect(free["name"]?.text == "unknownMachine")
        }
    }
}
