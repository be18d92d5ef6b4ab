// SPDX-License-Identifier: Apache-2.0
import Cryptography
import HTTPServer
import JSONText
import Ledger
import LightClient
import Market
import Testing
import Vocabulary

@testable import ClientKit

@Suite("Each call reads what the gateway's interface promises")
struct CallTests {
    @Test("the status tells chain, quorum and the chain's own clock")
    func status() async throws {
        let chain = try Samples.genesis.chain
        let router = Router.answering("/v1/status", Samples.status(chain: chain, hasQuorum: false))
        let status = try await ClientWorld().serve(router) { try await $0.status() }
        #expect(status.chain == chain)
        #expect(status.height == BlockHeight(7))
        #expect(status.reason == "no quorum")
        #expect(!status.hasQuorum)
        #expect(status.validators.map(\.name) == ["a"])
        #expect(status.peers.first?.endpoint == nil)
        #expect(status.chainTime == Timestamp(1_700_000_000_040))
    }

    @Test("the genesis is read as a file is, so its chain follows from its content")
    func genesis() async throws {
        let router = Router.answering("/v1/genesis", Samples.genesisJSON)
        let genesis = try await ClientWorld().serve(router) { try await $0.genesis() }
        #expect(try genesis.chain == Samples.genesis.chain)
    }

    @Test("an account has a nonce and balances in base units")
    func account() async throws {
        let account = try #require(AccountID(hexadecimal: Samples.account))
        let router = Router.answering("/v1/accounts/{account}", Samples.account(Samples.account))
        let view = try await ClientWorld().serve(router) { try await $0.account(account) }
        #expect(view.account == account)
        #expect(view.nonce == 3)
        #expect(view.balance() == Amount(1_500))
        #expect(view.balance(of: AssetID(9)) == .zero)
    }

    @Test("a settled job carries its result and everybody's part")
    func settledJob() async throws {
        let job = try #require(JobID(hexadecimal: Samples.digest))
        let router = Router.answering("/v1/jobs/{job}", Samples.settledJob)
        let view = try await ClientWorld().serve(router) { try await $0.job(job) }
        #expect(view.isEnded)
        #expect(view.isDisputed)
        #expect(view.arguments == nil)
        #expect(view.result?.outcome == .exited(code: 3))
        #expect(view.settlement?.cost == Amount(202))
        #expect(view.settlement?.executions.first?.paid == Amount(101))
    }

    @Test("lists carry where the next page starts, and pass the cursor on")
    func pages() async throws {
        var router = Router()
        router.get("/v1/accounts/{account}/jobs") { request in
            let next: JSON = request.query("cursor") == nil ? "6e" : .null
            let jobs: JSON = ["jobs": [Samples.liveJob], "next": next]
            return .json(jobs.bytes)
        }
        router.get("/v1/providers") { request in
            let list: JSON = ["providers": [Samples.provider]]
            return request.query("limit") == "5" ? .json(list.bytes) : .text("", status: 400)
        }
        let account = try #require(AccountID(hexadecimal: Samples.account))
        try await ClientWorld().serve(router) { client in
            let first = try await client.jobs(of: account)
            #expect(first.items.first?.state == "running")
            #expect(first.items.first?.leases.count == 1)
            let second = try await client.jobs(of: account, cursor: first.next)
            #expect(second.next == nil)
            let providers = try await client.providers(limit: 5)
            #expect(providers.items.first?.price.base == Amount(100))
        }
    }

    @Test("a quote is asked with fuel, replicas and the arguments' bytes")
    func quote() async throws {
        var router = Router()
        router.post("/v1/quotes", bodyBytesMax: 4_096) { request in
            let asked = try JSON(parsing: try await request.body.collect())
            let isRight =
                asked["fuelMax"]?.unsigned == 1_000_000 && asked["replicas"]?.unsigned == 2
                && asked["argumentBytes"]?.unsigned == 9
            return isRight ? .json(Samples.quote.bytes) : .text("", status: 422)
        }
        let quote = try await ClientWorld().serve(router) { client in
            try await client.quote(fuelMax: Fuel(1_000_000), replicas: 2, argumentBytes: 9)
        }
        #expect(quote.costMin == Amount(202))
        #expect(quote.transactionFee == Amount(9))
    }

    @Test("a proof of a state key is asked by module and key, and one of another key is refused")
    func proof() async throws {
        let key: [UInt8] = [2, 0xFE]
        let file = try ReceiptPress.proofFile(of: .accounts, key)
        var router = Router()
        router.get("/v1/proofs/{module}/{key}") { request in
            let isAsked = request.parameters["module"] == "1" && request.parameters["key"] == "02fe"
            return HTTPResponse(
                type: ProofFile.mediaType, bytes: isAsked ? file.bytes : file.bytes.dropLast())
        }
        let other = try ReceiptPress.proofFile(of: .accounts, [3])
        router.get("/v1/proofs/1/03ff") { _ in
            HTTPResponse(type: ProofFile.mediaType, bytes: other.bytes)
        }
        try await ClientWorld().serve(router) { client in
            let given = try await client.proof(of: .accounts, key)
            #expect(given == file)
            let damaged = await failing { () async throws(ClientFailure) in
                try await client.proof(of: .market, key)
            }
            #expect(damaged?.description.contains("the proof does not read") == true)
            let swapped = await failing { () async throws(ClientFailure) in
                try await client.proof(of: .accounts, [3, 0xFF])
            }
            #expect(swapped == .badAnswer("the proof is of another key"))
        }
    }

    @Test("blocks are read by height and in pages")
    func blocks() async throws {
        var router = Router()
        router.get("/v1/blocks/{height}") { _ in .json(Samples.block.bytes) }
        router.get("/v1/blocks") { request in
            let page: JSON = ["blocks": [Samples.block]]
            return request.query("from") == "5" ? .json(page.bytes) : .text("", status: 400)
        }
        try await ClientWorld().serve(router) { client in
            let block = try await client.block(BlockHeight(5))
            let page = try await client.blocks(from: BlockHeight(5))
            #expect(block.signers == ["a"])
            #expect(page.items == [block])
        }
    }

    @Test("a blob is kept under its digest, from bytes and from a file")
    func upload() async throws {
        var router = Router()
        router.post("/v1/blobs", bodyBytesMax: 1 << 22) { request in
            let bytes = try await request.body.collect()
            let kept: JSON = [
                "digest": JSON("\(SHA256.hash(bytes))"), "size": JSON(bytes.count),
            ]
            return .json(kept.bytes, status: .created)
        }
        try await ClientWorld().serve(router) { client in
            let bytes = [UInt8](repeating: 7, count: 3_000_000)
            let sent = try await client.upload(bytes)
            #expect(sent.digest == SHA256.hash(bytes))
            try await client.effects.disk.replace("file", with: bytes)
            let file = try await client.effects.disk.open("file")
            let blob = try await client.upload(file: file)
            await file.close()
            #expect(blob.digest == SHA256.hash(bytes))
            #expect(blob.size == 3_000_000)
        }
    }

    @Test("health and readiness are asked without reading a body")
    func health() async throws {
        var router = Router()
        router.get("/healthz") { _ in .text("ok\n") }
        router.get("/readyz") { _ in throw Problem(.unavailable, detail: "no quorum") }
        try await ClientWorld().serve(router) { client in
            #expect(await client.isHealthy())
            let failure = await failing { () async throws(ClientFailure) in
                try await client.checkReady()
            }
            guard case .problem(let report) = failure else {
                Issue.record("\(String(describing: failure))")
                return
            }
            #expect(report.status == 503)
        }
    }

    @Test("events come with their place, and the stream resumes after the last")
    func events() async throws {
        var router = Router()
        router.get("/v1/events") { request in
            let queue = EventQueue()
            let place = request.fields["last-event-id"]
            queue.offer(
                ServerSentEvent(
                    #"{"height":5}"#, name: "market.bidPlaced", id: place == "4.9" ? "5.0" : "x"))
            queue.offer(ServerSentEvent("{}", name: "gap", id: "6.0"))
            queue.close()
            return .events(queue)
        }
        try await ClientWorld().serve(router) { client in
            var seen: [CloudEvent] = []
            for try await event in try client.events(after: "4.9", reconnectsMax: 0) {
                seen.append(event)
            }
            #expect(seen.map(\.id) == ["5.0", "6.0"])
            #expect(seen.map(\.isGap) == [false, true])
        }
    }

    @Test("a submitted transaction is received, or final when that is waited for")
    func submit() async throws {
        var router = Router()
        router.post("/v1/transactions", bodyBytesMax: 65_536) { request in
            let signed = try SignedTransaction(canonicalBytes: try await request.body.collect())
            guard request.query("wait") == "final" else {
                let received: JSON = [
                    "hash": JSON("\(signed.hash)"), "acknowledged": "received",
                ]
                return .json(received.bytes, status: .accepted)
            }
            return .json(Samples.final(signed.hash).bytes)
        }
        let builder = TransactionBuilder(genesis: try Samples.genesis, key: Samples.client)
        let signed = try builder.build(
            [Message(module: .accounts, payload: [])], nonce: 0, height: BlockHeight(1))
        try await ClientWorld().serve(router) { client in
            let received = try await client.submit(signed)
            #expect(received == .received(signed.hash))
            guard case .final(let view) = try await client.submit(signed, waitMilliseconds: 100)
            else {
                Issue.record("not final")
                return
            }
            #expect(view.fee == Amount(528))
            #expect(view.refusal == nil)
        }
    }
}
