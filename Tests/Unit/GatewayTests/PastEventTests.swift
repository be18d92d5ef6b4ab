// SPDX-License-Identifier: Apache-2.0
import JSONText
import Testing
import Vocabulary

@testable import Gateway

/// Events that are asked for by what they concern (GATEWAY-15).
@Suite("Gateway: past events")
struct PastEventTests {
    /// All events of a list, page by page.
    private static func all(
        _ path: String, limit: Int, _ world: GatewayWorld
    ) async throws -> [JSON] {
        var events: [JSON] = []
        var cursor = ""
        for _ in 0..<100 {
            let page = try await world.json(.get, "\(path)?limit=\(limit)\(cursor)")
            let found = try #require(page["events"]?.elements)
            #expect(found.count <= limit)
            events += found
            guard let next = page["next"]?.text else { return events }
            #expect(found.count == limit)
            cursor = "&cursor=\(next)"
        }
        Issue.record("the pages do not end")
        return events
    }

    private static func place(_ event: JSON) -> [UInt64] {
        [event["height"]?.unsigned ?? 0, event["index"]?.unsigned ?? 0]
    }

    @Test("an account's events come oldest first, page by page, each once")
    func account() async throws {
        try await GatewayWorld().run { world in
            for nonce in 0..<5 as Range<UInt64> {
                let signed = world.cast.transfer(nonce: nonce, chain: world.chain)
                try await world.node.submit(signed)
            }
            let path = "/v1/accounts/\(world.account)/events"
            let whole = try await Self.all(path, limit: 100, world)
            // Of each transfer the fee and the amount.
            #expect(whole.count == 10)
            #expect(whole.filter { $0["name"]?.text == "transferred" }.count == 5)
            #expect(whole.allSatisfy { $0["transaction"]?.text?.count == 64 })
            let places = whole.map(Self.place)
            #expect(places == places.sorted { $0.lexicographicallyPrecedes($1) })
            #expect(try await Self.all(path, limit: 3, world) == whole)
            let provider = AccountID(of: world.cast.providers[0].publicKey)
            let received = try await Self.all("/v1/accounts/\(provider)/events", limit: 2, world)
            #expect(received.count == 5, "the receiver is told of amounts, not of fees")
        }
    }

    @Test("a job's events tell its way from the order to the settlement")
    func job() async throws {
        try await GatewayWorld().run { world in
            let job = try await world.settledJob(output: JobTests.output)
            let events = try await Self.all("/v1/jobs/\(job)/events", limit: 4, world)
            let names = events.compactMap { $0["name"]?.text }
            for name in ["orderOpened", "bidPlaced", "resultRevealed", "orderSettled"] {
                #expect(names.contains(name), "\(name)")
            }
            let opened = try #require(events.first { $0["name"]?.text == "orderOpened" })
            #expect(opened["subject"]?.text == "\(job)" && opened["maxCost"]?.text == "2000")
        }
    }

    @Test("a transaction tells what happened in it, and nothing of others")
    func transaction() async throws {
        try await GatewayWorld().run { world in
            await world.node.set(sealsAtOnce: false)
            let first = world.cast.transfer(nonce: 0, chain: world.chain)
            let second = world.cast.transfer(nonce: 1, chain: world.chain, amount: Amount(7))
            try await world.node.submit(first)
            try await world.node.submit(second)
            try await world.node.seal()
            let answer = try await world.json(.get, "/v1/transactions/\(second.hash)")
            let events = try #require(answer["events"]?.elements)
            #expect(events.map { $0["name"]?.text } == ["feePaid", "transferred"])
            #expect(events.allSatisfy { $0["transaction"]?.text == "\(second.hash)" })
            #expect(events.last?["amount"]?.text == "7")
        }
    }

    @Test("who was never used has no events, and what is no cursor is refused")
    func nothing() async throws {
        try await GatewayWorld().run { world in
            let zeros = String(repeating: "0", count: 64)
            let page = try await world.json(.get, "/v1/accounts/\(zeros)/events")
            #expect(page["events"] == [] && page["next"] == nil)
            for query in ["cursor=00", "cursor=\(zeros)", "limit=0", "cursor=zz"] {
                let problem = try await world.json(
                    .get, "/v1/jobs/\(zeros)/events?\(query)", status: .badRequest)
                #expect(problem["name"]?.text == "malformedParameter")
            }
        }
    }
}
