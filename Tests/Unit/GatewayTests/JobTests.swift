// SPDX-License-Identifier: Apache-2.0
import Cryptography
import HTTPServer
import JSONText
import Market
import NodeInterface
import Receipts
import Testing
import Vocabulary

@testable import Gateway

/// Jobs, what they wrote, and their receipts (GATEWAY-2, GATEWAY-9, GATEWAY-10).
@Suite("Gateway: jobs")
struct JobTests {
    static let output = JobOutput(
        standardOutput: Array("hello\n".utf8), standardError: Array("a warning\n".utf8))

    @Test("a job shows where it stands from its order to its leases")
    func live() async throws {
        try await GatewayWorld().run { world in
            try await world.registerProviders()
            let job = try await world.openOrder()
            let open = try await world.json(.get, "/v1/jobs/\(job)")
            #expect(open["state"]?.text == "open")
            #expect(open["arguments"] == ["--count"])
            #expect(open["maxCost"]?.text == "2000")
            #expect(open["limits"]?["fuelMax"]?.unsigned == 100_000_000)
            #expect(open["bids"] == [])
            try await world.act(world.cast.providers[0], [world.cast.bid(0, on: job)])
            let bid = try await world.json(.get, "/v1/jobs/\(job)")
            #expect(bid["bids"]?.elements?.first?["basePrice"]?.text == "100")
            try await world.act(world.cast.providers[1], [world.cast.bid(1, on: job)])
            let leased = try await world.json(.get, "/v1/jobs/\(job)")
            #expect(leased["state"]?.text == "running")
            #expect(leased["leases"]?.elements?.compactMap { $0["state"]?.text }.count == 2)
            #expect(leased["settlement"] == nil)
        }
    }

    @Test("a settled job shows its result, who was paid and what came back")
    func settled() async throws {
        try await GatewayWorld().run { world in
            let job = try await world.settledJob(output: Self.output)
            let shown = try await world.json(.get, "/v1/jobs/\(job)")
            #expect(shown["state"]?.text == "settled")
            #expect(shown["result"]?["outcome"]?.text == "exited")
            #expect(shown["result"]?["code"]?.unsigned == 3)
            // 2.5 million units of fuel at 1 a million, rounded up, on bases of 100 and 101.
            #expect(shown["settlement"]?["cost"]?.text == "207")
            #expect(shown["settlement"]?["refund"]?.text == "1793")
            let paid = try #require(shown["settlement"]?["paid"]?.elements)
            #expect(Set(paid.compactMap { $0["bill"]?.text }) == ["103", "104"])
            #expect(shown["settlement"]?["liars"] == [])
            #expect(shown["arguments"] == nil)
            #expect(shown["argumentsDigest"]?.text == "\(world.cast.terms().argumentsDigest)")
        }
    }

    @Test("lists show live jobs, those that want bids, and an account's own, page by page")
    func lists() async throws {
        try await GatewayWorld().run { world in
            try await world.registerProviders()
            var jobs: [String] = []
            for salt in 0..<3 { jobs.append("\(try await world.openOrder(salt: UInt8(salt)))") }
            try await world.lease(try #require(JobID(hexadecimal: jobs[0])))
            func ids(_ page: JSON) -> [String] {
                page["jobs"]?.elements?.compactMap { $0["job"]?.text } ?? []
            }
            let open = try await world.json(.get, "/v1/jobs?state=open")
            #expect(ids(open) == Array(jobs[1...]))
            #expect(open["next"] == nil)
            #expect(Set(ids(try await world.json(.get, "/v1/jobs"))) == Set(jobs))
            let account = "\(world.account)"
            let first = try await world.json(.get, "/v1/accounts/\(account)/jobs?limit=2")
            #expect(ids(first) == [jobs[2], jobs[1]])
            let next = try #require(first["next"]?.text)
            let second = try await world.json(
                .get, "/v1/accounts/\(account)/jobs?limit=2&cursor=\(next)")
            #expect(ids(second) == [jobs[0]])
            #expect(second["next"] == nil)
        }
    }

    @Test(
        "a malformed page is refused",
        arguments: ["limit=0", "limit=101", "limit=x", "cursor=xyz", "cursor=", "state=done"])
    func pages(query: String) async throws {
        try await GatewayWorld().run { world in
            let problem = try await world.json(
                .get, "/v1/jobs?\(query)", status: .badRequest)
            #expect(problem["name"]?.text == "malformedParameter")
        }
    }

    @Test("a cursor of another list is no cursor, and harms nobody")
    func foreignCursor() async throws {
        try await GatewayWorld().run { world in
            _ = try await world.openOrder()
            let page = try await world.json(.get, "/v1/jobs?cursor=ff00ff")
            #expect(page["jobs"]?.elements?.count == 1)
        }
    }

    @Test("an unknown job is not found, whatever is asked of it")
    func unknown() async throws {
        try await GatewayWorld().run { world in
            let job = String(repeating: "ab", count: 32)
            for path in ["", "/stdout", "/stderr", "/receipt"] {
                let problem = try await world.json(
                    .get, "/v1/jobs/\(job)\(path)", status: .notFound)
                #expect(problem["name"]?.text == "unknownJob")
            }
            for path in ["", "/stdout", "/stderr", "/receipt"] {
                let problem = try await world.json(
                    .get, "/v1/jobs/7\(path)", status: .badRequest)
                #expect(problem["parameter"]?.text == "job")
            }
        }
    }
}

// MARK: - Outputs

extension JobTests {
    @Test("the streams of a finished job are served, also when peers alone hold them")
    func outputs() async throws {
        try await GatewayWorld().run { world in
            let job = try await world.settledJob(output: Self.output)
            let digest = SHA256.hash(Self.output.canonicalBytes)
            world.node.memory.state.withLock { state in
                state.remote[digest] = state.held.removeValue(forKey: digest)
            }
            let stdout = try await world.ask(.get, "/v1/jobs/\(job)/stdout")
            #expect(stdout.body == Self.output.standardOutput)
            #expect(stdout.fields["content-type"] == "application/octet-stream")
            let stderr = try await world.ask(.get, "/v1/jobs/\(job)/stderr")
            #expect(stderr.body == Self.output.standardError)
            #expect(stderr.fields["etag"] != stdout.fields["etag"])
        }
    }

    @Test("empty streams are empty answers")
    func emptyOutputs() async throws {
        try await GatewayWorld().run { world in
            let job = try await world.settledJob(
                output: JobOutput(standardOutput: [], standardError: []))
            for name in ["stdout", "stderr"] {
                let found = try await world.ask(.get, "/v1/jobs/\(job)/\(name)")
                #expect(found.status == .ok)
                #expect(found.body.isEmpty)
            }
        }
    }

    @Test("a large output is served whole")
    func largeOutput() async throws {
        try await GatewayWorld().run { world in
            let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            let output = JobOutput(standardOutput: bytes, standardError: Array(bytes.reversed()))
            let job = try await world.settledJob(output: output)
            #expect(try await world.ask(.get, "/v1/jobs/\(job)/stdout").body == bytes)
            let stderr = try await world.ask(.get, "/v1/jobs/\(job)/stderr")
            #expect(stderr.body == output.standardError)
        }
    }

    @Test("before the end there is no output and no receipt: 409, with the state")
    func notFinished() async throws {
        try await GatewayWorld().run { world in
            let job = try await world.openOrder()
            for path in ["stdout", "stderr", "receipt"] {
                let problem = try await world.json(
                    .get, "/v1/jobs/\(job)/\(path)", status: .conflict)
                #expect(problem["name"]?.text == "jobNotFinished")
                #expect(problem["state"]?.text == "open")
            }
        }
    }

    @Test("a job that ended without a result has a receipt, but no output")
    func cancelled() async throws {
        try await GatewayWorld().run { world in
            let job = try await world.openOrder()
            try await world.act(
                world.cast.client, [Cast.message(.cancelOrder(CancelOrder(job: job)))])
            let shown = try await world.json(.get, "/v1/jobs/\(job)")
            #expect(shown["state"]?.text == "cancelled")
            #expect(shown["settlement"]?["refund"]?.text == "2000")
            let problem = try await world.json(
                .get, "/v1/jobs/\(job)/stdout", status: .notFound)
            #expect(problem["name"]?.text == "noResult")
            #expect(try await world.ask(.get, "/v1/jobs/\(job)/receipt").status == .ok)
        }
    }

    @Test("an output that nobody has any more is not found")
    func lostOutput() async throws {
        try await GatewayWorld().run { world in
            let job = try await world.settledJob(output: Self.output)
            world.node.memory.state.withLock { $0.held = [:] }
            let problem = try await world.json(
                .get, "/v1/jobs/\(job)/stdout", status: .notFound)
            #expect(problem["name"]?.text == "unknownBlob")
        }
    }

    @Test("an output that a disk has damaged is not served")
    func damagedOutput() async throws {
        try await GatewayWorld().run { world in
            let job = try await world.settledJob(output: Self.output)
            let digest = SHA256.hash(Self.output.canonicalBytes)
            world.node.memory.state.withLock { $0.held[digest]?[3] ^= 1 }
            let problem = try await world.json(.get, "/v1/jobs/\(job)/stdout", status: 502)
            #expect(problem["name"]?.text == "peerMisled")
        }
    }

    @Test("a settled output that has not the form of an output is not served")
    func formlessOutput() async throws {
        for bytes in [[], [5, 1], [0], [0, 0, 0], [255, 255, 255, 255, 255]] as [[UInt8]] {
            try await GatewayWorld().run { world in
                let digest = try await world.node.memory.keep(bytes)
                try await world.registerProviders()
                let job = try await world.openOrder()
                try await world.lease(job)
                let result = JobResult(
                    outcome: .fuelExhausted, outputDigest: digest, outputBytes: 0,
                    fuelUsed: Fuel(1))
                for index in 0..<2 {
                    try await world.act(
                        world.cast.providers[index],
                        [world.cast.commitment(index, result, in: job)])
                }
                for index in 0..<2 {
                    let message = world.cast.revelation(index, result, in: job, chain: world.chain)
                    try await world.act(world.cast.providers[index], [message])
                }
                let problem = try await world.json(.get, "/v1/jobs/\(job)/stderr", status: 502)
                #expect(problem["name"]?.text == "peerMisled")
            }
        }
    }
}

// MARK: - Receipts

extension JobTests {
    @Test("the receipt file passes every check of the offline verifier")
    func receipt() async throws {
        try await GatewayWorld().run { world in
            let job = try await world.settledJob(output: Self.output)
            let answer = try await world.ask(.get, "/v1/jobs/\(job)/receipt")
            #expect(answer.fields["content-type"] == ReceiptFile.mediaType)
            let file = try ReceiptFile(bytes: answer.body)
            let checks = ReceiptVerifier(genesis: world.node.genesis)
                .check(file, output: SHA256.hash(Self.output.canonicalBytes))
            #expect(checks.count == 6)
            #expect(checks.filter { !$0.holds }.isEmpty)
        }
    }

    @Test("without a quorum a receipt is 503 with a time to come back, unless it was made before")
    func notCertified() async throws {
        try await GatewayWorld().run { world in
            let job = try await world.settledJob(output: Self.output)
            await world.node.set(hasQuorum: false)
            let early = try await world.ask(.get, "/v1/jobs/\(job)/receipt")
            #expect(early.status == .unavailable)
            #expect(early.fields["retry-after"] == "1")
            await world.node.set(hasQuorum: true)
            let made = try await world.ask(.get, "/v1/jobs/\(job)/receipt")
            await world.node.set(hasQuorum: false)
            let kept = try await world.ask(.get, "/v1/jobs/\(job)/receipt")
            #expect(made.status == .ok)
            #expect(kept.body == made.body)
        }
    }
}

extension GatewayWorld {
    /// The client's account.
    var account: AccountID { AccountID(of: cast.client.publicKey) }
}
