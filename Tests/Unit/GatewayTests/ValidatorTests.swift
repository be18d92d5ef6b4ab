// SPDX-License-Identifier: Apache-2.0
import Cryptography
import HTTPServer
import JSONText
import Ledger
import LightClient
import Testing
import Validators
import Vocabulary

@testable import Gateway

/// Who votes, and how each epoch names the next (GATEWAY-13, GATEWAY-14).
@Suite("Gateway: validators")
struct ValidatorTests {
    @Test("the founders are listed with weight and grant, page by page (GATEWAY-13)")
    func list() async throws {
        try await GatewayWorld().run { world in
            let all = try await world.json(.get, "/v1/validators")
            let members = try #require(all["validators"]?.elements)
            #expect(members.count == world.cast.validators.count)
            #expect(all["epoch"]?.unsigned == 0 && all["next"] == nil)
            for member in members {
                #expect(member["state"]?.text == "active")
                #expect(member["weight"]?.unsigned == member["granted"]?.unsigned)
            }
            let first = try await world.json(.get, "/v1/validators?limit=1")
            let cursor = try #require(first["next"]?.text)
            let second = try await world.json(.get, "/v1/validators?limit=100&cursor=\(cursor)")
            let accounts = [first, second].flatMap { $0["validators"]?.elements ?? [] }
                .map { $0["account"]?.text }
            #expect(accounts == members.map { $0["account"]?.text })
        }
    }

    @Test("a member joins, is shown, and its event says so")
    func join() async throws {
        try await GatewayWorld().run { world in
            let client = world.cast.client
            let account = AccountID(of: client.publicKey)
            let message = ValidatorsMessage.join(
                JoinValidators(
                    claim: KeyClaim(client, for: account, on: world.chain), name: "reef",
                    stake: Amount(whole: 100), fees: account))
            try await world.node.submit(
                world.cast.sign(
                    [message.message], by: client, nonce: 0, chain: world.chain))
            let shown = try await world.json(.get, "/v1/validators/\(account)")
            #expect(shown["name"]?.text == "reef" && shown["weight"] == nil)
            #expect(shown["bond"]?.text == "\(Amount(whole: 100).units)")
        }
    }

    @Test("who never joined is not found, and no account is malformed")
    func unknown() async throws {
        try await GatewayWorld().run { world in
            let missing = try await world.json(
                .get, "/v1/validators/\(AccountID(.zero))", status: .notFound)
            #expect(missing["name"]?.text == "unknownMember")
            _ = try await world.json(.get, "/v1/validators/abc", status: .badRequest)
            _ = try await world.json(.get, "/v1/validators?cursor=00", status: .badRequest)
        }
    }

    @Test("a handover lets whoever trusts the genesis know who votes next (GATEWAY-14)")
    func follow() async throws {
        try await GatewayWorld().run { world in
            for _ in 0..<6 { try await world.node.seal() }
            let answer = try await world.ask(.get, "/v1/handovers?from=0")
            var trail = try ValidatorTrail(genesis: world.node.genesis)
            try trail.extend(by: HandoverFile(bytes: answer.body).handovers)
            #expect(trail.newest == Epoch(1))
            let founders = Set(world.cast.validators.map(\.publicKey))
            #expect(Set(trail.newestSet.validators.validators.map(\.key)) == founders)
        }
    }

    @Test("handovers come as a file, as many as are asked for and known (GATEWAY-14)")
    func handovers() async throws {
        try await GatewayWorld().run { world in
            let answer = try await world.ask(.get, "/v1/handovers")
            #expect(answer.fields["content-type"] == HandoverFile.mediaType)
            #expect(try HandoverFile(bytes: answer.body).handovers.isEmpty)
            let late = try await world.ask(.get, "/v1/handovers?from=7&limit=3")
            #expect(try HandoverFile(bytes: late.body).handovers.isEmpty)
            _ = try await world.json(.get, "/v1/handovers?from=x", status: .badRequest)
            _ = try await world.json(.get, "/v1/handovers?limit=65", status: .badRequest)
        }
    }
}
