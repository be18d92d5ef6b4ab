// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import HTTPServer
import JSONText
import Testing
import Vocabulary

@testable import ClientKit

@Suite("Each kind of failure has its own case")
struct FailureTests {
    @Test("nobody listening is unreachable")
    func unreachable() async throws {
        try await ClientWorld().run { effects in
            let listener = try await effects.network.listen(
                on: Endpoint(host: "127.0.0.1", port: 0))
            let address = try #require(HTTPAddress(endpoint: listener.endpoint))
            listener.close()
            let client = GatewayClient(address: address, effects: effects)
            let failure = await failing { () async throws(ClientFailure) in
                try await client.status()
            }
            guard case .unreachable = failure else {
                Issue.record("\(String(describing: failure))")
                return
            }
        }
    }

    @Test("a server that hangs up without an answer is unreachable, after a second try")
    func hangUp() async throws {
        try await ClientWorld().run { effects in
            let listener = try await effects.network.listen(
                on: Endpoint(host: "127.0.0.1", port: 0))
            let accepting = effects.tasks.spawn("hang up") {
                for _ in 0..<2 { (try? await listener.accept())?.close() }
            }
            let address = try #require(HTTPAddress(endpoint: listener.endpoint))
            let client = GatewayClient(address: address, effects: effects)
            let failure = await failing { () async throws(ClientFailure) in
                try await client.status()
            }
            await accepting.finished()
            listener.close()
            guard case .unreachable = failure else {
                Issue.record("\(String(describing: failure))")
                return
            }
        }
    }

    @Test("a refusal of the ledger keeps status, name, code, module and words")
    func problem() async throws {
        let problem = Problem(
            .conflict, type: "urn:atoll:refusal:ledger:nonceTooLow", title: "The ledger refuses",
            detail: "nonce 3 is used",
            members: [
                ("name", .text("nonceTooLow")), ("code", .unsigned(7)), ("module", .text("ledger")),
            ])
        let report = try await report(of: .refusing("/v1/status", problem))
        #expect(report.status == 409)
        #expect(report.name == "nonceTooLow")
        #expect(report.code == 7)
        #expect(report.module == "ledger")
        #expect(report.description == "The ledger refuses: nonce 3 is used")
    }

    @Test("an error page of somebody between is shown without its control characters")
    func foreignPage() async throws {
        var router = Router()
        router.get("/v1/status") { _ in .text("\u{1B}[2Jupstream\nis away", status: 502) }
        let report = try await report(of: router)
        #expect(report.status == 502)
        #expect(report.name == nil)
        #expect(report.detail == "[2Jupstreamis away")
    }

    private func report(of router: Router) async throws -> ProblemReport {
        let failure = try await ClientWorld().serve(router) { client in
            await failing { () async throws(ClientFailure) in try await client.status() }
        }
        guard case .problem(let report) = failure else {
            throw UnexpectedFailure(failure: failure)
        }
        return report
    }

    private struct UnexpectedFailure: Error { let failure: ClientFailure? }

    @Test(
        "a wrong answer names the place",
        arguments: [
            ("{}", "/costMin is missing"), ("[", "it is not JSON"),
            (#"{"replicas":2,"fuelMax":"x"}"#, "/fuelMax must be a whole number"),
            (
                #"{"replicas":2,"fuelMax":1,"providers":3,"costMin":7}"#, "/costMin must be a text"
            ),
            (
                #"{"replicas":2,"fuelMax":1,"providers":3,"costMin":"-7"}"#,
                "/costMin must be base units"
            ),
        ])
    func badAnswer(_ body: String, _ words: String) async throws {
        var router = Router()
        router.post("/v1/quotes", bodyBytesMax: 4_096) { _ in
            .json(Array((body == "{}" ? #"{"replicas":2,"fuelMax":1,"providers":3}"# : body).utf8))
        }
        let failure = try await ClientWorld().serve(router) { client in
            await failing { () async throws(ClientFailure) in
                try await client.quote(fuelMax: Fuel(1), replicas: 2)
            }
        }
        guard case .badAnswer(let said) = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(said.contains(words))
    }

    @Test("silence ends in a timeout")
    func silence() async throws {
        var router = Router()
        router.get("/v1/status") { _ in
            HTTPResponse(.ok, body: .events(EventQueue()))
        }
        let failure = try await ClientWorld().serve(router) { client in
            var call = GatewayCall("/v1/status")
            call.silenceMilliseconds = 50
            let silent = call
            return await failing { () async throws(ClientFailure) in try await client.send(silent) }
        }
        guard case .timedOut = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
    }

    @Test("bytes that are not those of the digest are no blob, and never given")
    func wrongBlob() async throws {
        var router = Router()
        router.get("/v1/blobs/{digest}") { _ in
            HTTPResponse(type: "application/octet-stream", bytes: [1, 2, 3])
        }
        router.post("/v1/blobs", bodyBytesMax: 16) { _ in
            let kept: JSON = ["digest": JSON(Samples.digest), "size": 3]
            return .json(kept.bytes, status: .created)
        }
        try await ClientWorld().serve(router) { client in
            let bytes = try await client.download(SHA256.hash([1, 2, 3]))
            #expect(bytes == [1, 2, 3])
            let wrong = await failing { () async throws(ClientFailure) in
                try await client.download(SHA256.hash([9]))
            }
            guard case .badAnswer = wrong else {
                Issue.record("\(String(describing: wrong))")
                return
            }
            let lied = await failing { () async throws(ClientFailure) in
                try await client.upload([1, 2, 3])
            }
            guard case .badAnswer = lied else {
                Issue.record("\(String(describing: lied))")
                return
            }
        }
    }

    @Test("a gateway of another chain than the trusted one is found out before anything is signed")
    func wrongChain() async throws {
        let other = ChainID(SHA256.hash([1]).raw)
        let trusted = try Samples.genesis.chain
        let router = Router.answering("/v1/status", Samples.status(chain: other))
        let failure = try await ClientWorld().serve(router) { client in
            let sender = TransactionSender(
                client: client, genesis: try Samples.genesis, key: Samples.client)
            return await failing { () async throws(ClientFailure) in try await sender.send([]) }
        }
        #expect(failure == .wrongChain(trusted: trusted, gateway: other))
    }

    @Test("answers with changed bytes are read or refused, and never end the program")
    func mutations() throws {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        let chain = try Samples.genesis.chain
        let samples = [
            Samples.status(chain: chain), Samples.settledJob, Samples.liveJob, Samples.block,
            Samples.provider, Samples.quote, Samples.account(Samples.account),
        ].map(\.bytes)
        var refused = 0
        for round in 0..<3_000 {
            var bytes = samples[round % samples.count]
            for _ in 0...next(3) { bytes[next(bytes.count)] = UInt8(next(256)) }
            do throws(ClientFailure) {
                let answer = try AnswerReader(body: bytes)
                switch round % samples.count {
                case 0: _ = try CloudStatus(answer)
                case 1, 2: _ = try JobView(answer)
                case 3: _ = try BlockView(answer)
                case 4: _ = try ProviderView(answer)
                case 5: _ = try Quote(answer)
                default: _ = try AccountView(answer)
                }
            } catch {
                refused += 1
            }
        }
        #expect(refused > 1_000)
    }
}
