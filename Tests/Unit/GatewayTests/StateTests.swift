// SPDX-License-Identifier: Apache-2.0
import Cryptography
import HTTPServer
import JSONText
import Ledger
import NodeInterface
import Testing
import Vocabulary

@testable import Gateway

/// What the gateway shows of the node and the state (GATEWAY-2, GATEWAY-7).
@Suite("Gateway: the node and its state")
struct StateTests {
    @Test("the status names chain, head, validators, peers and the quorum")
    func status() async throws {
        try await GatewayWorld().run { world in
            try await world.node.seal()
            let status = try await world.json(.get, "/v1/status")
            #expect(status["chain"]?.text == "\(world.chain)")
            #expect(status["version"]?.text == "1.2.3")
            #expect(status["height"]?.unsigned == 1)
            #expect(status["hasQuorum"]?.flag == true)
            #expect(status["reason"] == nil)
            #expect(status["stakeTotal"]?.unsigned == 4)
            #expect(status["validators"]?.elements?.count == 4)
            let peer = try #require(status["peers"]?.elements?.first)
            #expect(peer["roundTripMilliseconds"] == .number("1.042"))
            await world.node.set(hasQuorum: false)
            let stalled = try await world.json(.get, "/v1/status")
            #expect(stalled["hasQuorum"]?.flag == false)
            #expect(stalled["stakeConnected"]?.unsigned == 2)
            #expect(stalled["reason"]?.text?.hasPrefix("no quorum") == true)
        }
    }

    @Test("the genesis file is served so that it begins the same chain")
    func genesis() async throws {
        try await GatewayWorld().run { world in
            let answer = try await world.ask(.get, "/v1/genesis")
            #expect(try Genesis(bytes: answer.body).chain == world.chain)
        }
    }

    @Test("health is 200 always; readiness needs a quorum and a young block")
    func health() async throws {
        try await GatewayWorld().run { world in
            #expect(try await world.ask(.get, "/healthz").status == .ok)
            #expect(try await world.ask(.get, "/readyz").status == .ok)
            await world.node.set(hasQuorum: false, blockAge: 5_001)
            #expect(try await world.ask(.get, "/healthz").status == .ok)
            let unready = try await world.json(.get, "/readyz", status: .unavailable)
            #expect(unready["reasons"]?.elements?.count == 2)
            await world.node.set(hasQuorum: true, blockAge: 5_000)
            #expect(try await world.ask(.get, "/readyz").status == .ok)
        }
    }

    @Test("metrics are samples with help and type, each figure once")
    func metrics() async throws {
        try await GatewayWorld().run { world in
            try await world.node.seal()
            let answer = try await world.ask(.get, "/metrics")
            #expect(answer.fields["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            let lines = String(decoding: answer.body, as: UTF8.self)
                .split(separator: "\n").map(String.init)
            #expect(lines.contains("atoll_head_height 1"))
            #expect(lines.contains("atoll_blocks_executed_total 1"))
            #expect(lines.contains("# TYPE atoll_blocks_executed_total counter"))
            #expect(lines.contains("# TYPE atoll_head_height gauge"))
            #expect(lines.contains { $0.hasPrefix("atoll_http_responses_total{class=\"2xx\"} ") })
            let names = lines.filter { $0.hasPrefix("# TYPE ") }.map { $0.split(separator: " ")[2] }
            #expect(Set(names).count == names.count)
            let sample = /[a-z_:][a-z0-9_:]*(\{[a-z]+="[^"]*"\})? [0-9]+(\.[0-9]{3})?/
            #expect(lines.allSatisfy { $0.hasPrefix("#") || $0.wholeMatch(of: sample) != nil })
        }
    }

    @Test("an account shows what it has and its next nonce, waiting transactions included")
    func account() async throws {
        try await GatewayWorld().run { world in
            let path = "/v1/accounts/\(world.account)"
            let rich = try await world.json(.get, path)
            #expect(rich["nonce"]?.unsigned == 0)
            #expect(rich["balances"] == [["asset": 0, "amount": "1000000000000000000000"]])
            await world.node.set(sealsAtOnce: false)
            try await world.node.submit(world.cast.transfer(nonce: 0, chain: world.chain))
            #expect(try await world.json(.get, path)["nonce"]?.unsigned == 1)
            let nobody = try await world.json(
                .get, "/v1/accounts/\(String(repeating: "0", count: 64))")
            #expect(nobody["balances"] == [])
            let problem = try await world.json(.get, "/v1/accounts/xyz", status: .badRequest)
            #expect(problem["parameter"]?.text == "account")
            let cursor = try await world.json(.get, path + "?cursor=00", status: .badRequest)
            #expect(cursor["parameter"]?.text == "cursor")
        }
    }

    @Test("providers come with terms, bond and score, page by page")
    func providers() async throws {
        try await GatewayWorld().run { world in
            #expect(try await world.json(.get, "/v1/providers")["providers"] == [])
            _ = try await world.settledJob(output: JobTests.output)
            let first = try await world.json(.get, "/v1/providers?limit=2")
            let next = try #require(first["next"]?.text)
            let second = try await world.json(.get, "/v1/providers?limit=2&cursor=\(next)")
            #expect(second["next"] == nil)
            let all = [first, second].flatMap { $0["providers"]?.elements ?? [] }
            #expect(all.count == 3)
            #expect(all.map { $0["completed"]?.unsigned ?? 9 }.reduce(0, +) == 2)
            #expect(all.allSatisfy { $0["state"]?.text == "bonded" && $0["faults"] == 0 })
            #expect(all.allSatisfy { $0["bond"]?.text == "100000000000000000000" })
            let problem = try await world.json(
                .get, "/v1/providers?cursor=ab", status: .badRequest)
            #expect(problem["parameter"]?.text == "cursor")
        }
    }

    @Test("blocks are listed from a height or as the newest, with their transactions and signers")
    func blocks() async throws {
        try await GatewayWorld().run { world in
            let signed = world.cast.transfer(nonce: 0, chain: world.chain)
            try await world.node.submit(signed)
            for _ in 0..<24 { try await world.node.seal() }
            let block = try await world.json(.get, "/v1/blocks/1")
            #expect(block["transactions"] == [.string("\(signed.hash)")])
            #expect(block["signers"] == ["a", "b", "c"])
            #expect(block["stateHeight"]?.unsigned == 0)
            func heights(_ page: JSON) -> [UInt64] {
                page["blocks"]?.elements?.compactMap { $0["height"]?.unsigned } ?? []
            }
            #expect(heights(try await world.json(.get, "/v1/blocks?limit=3")) == [23, 24, 25])
            let first = try await world.json(.get, "/v1/blocks?from=2&limit=20")
            #expect(heights(first) == Array(2...21))
            let next = try #require(first["next"]?.text)
            let last = try await world.json(.get, "/v1/blocks?cursor=\(next)")
            #expect(heights(last) == Array(22...25))
            #expect(last["next"] == nil)
            #expect(heights(try await world.json(.get, "/v1/blocks?from=99")) == [])
            for height in ["0", "26", "18446744073709551615"] {
                let problem = try await world.json(
                    .get, "/v1/blocks/\(height)", status: .notFound)
                #expect(problem["name"]?.text == "unknownBlock")
            }
            #expect(try await world.ask(.get, "/v1/blocks/x").status == .badRequest)
            #expect(try await world.ask(.get, "/v1/blocks?from=0").status == .badRequest)
        }
    }

    @Test("an empty chain has no blocks to list")
    func noBlocks() async throws {
        try await GatewayWorld().run { world in
            let page = try await world.json(.get, "/v1/blocks")
            #expect(page == ["blocks": []])
        }
    }
}

// MARK: - Quotes

extension StateTests {
    @Test("a quote spans from the least useful maxCost to the one that every provider accepts")
    func quote() async throws {
        try await GatewayWorld().run { world in
            try await world.registerProviders()
            let quote = try await world.json(
                .post, "/v1/quotes", body: Array(#"{"fuelMax":2500000,"replicas":2}"#.utf8))
            // Bills of 103, 104 and 105: two bidders need twice 104, all three twice 105.
            #expect(quote["providers"]?.unsigned == 3)
            #expect(quote["costMin"]?.text == "208")
            #expect(quote["costMax"]?.text == "210")
            let order = world.cast.sign(
                [Cast.message(.openOrder(.init(terms: world.cast.terms())))],
                by: world.cast.client, nonce: 0, chain: world.chain)
            let fee = try #require(world.node.genesis.parameters.fee(of: order))
            let argued = try await world.json(
                .post, "/v1/quotes",
                body: Array(#"{"fuelMax":2500000,"replicas":2,"argumentBytes":8}"#.utf8))
            #expect(argued["transactionFee"]?.text == "\(fee.units)")
        }
    }

    @Test("fewer providers than replicas is 409")
    func tooFew() async throws {
        try await GatewayWorld().run { world in
            let problem = try await world.json(
                .post, "/v1/quotes", body: Array(#"{"fuelMax":1,"replicas":1}"#.utf8),
                status: .conflict)
            #expect(problem["name"]?.text == "tooFewProviders")
            #expect(problem["providers"]?.unsigned == 0)
        }
    }

    @Test(
        "a malformed quote is refused with the place",
        arguments: [
            "", "{", "[]", "{}", #"{"fuelMax":0,"replicas":1}"#, #"{"fuelMax":1,"replicas":6}"#,
            #"{"fuelMax":"1","replicas":1}"#, #"{"fuelMax":1.5,"replicas":1}"#,
            #"{"fuelMax":1,"replicas":1,"argumentBytes":2049}"#,
        ])
    func malformed(body: String) async throws {
        try await GatewayWorld().run { world in
            let problem = try await world.json(
                .post, "/v1/quotes", body: Array(body.utf8), status: .unprocessable)
            #expect(problem["name"]?.text == "malformedBody")
        }
    }
}
