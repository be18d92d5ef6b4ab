// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import JSONText
import Ledger
import Testing
import Vocabulary

@testable import Gateway

/// Submitting transactions and asking what became of them (GATEWAY-1, GATEWAY-5, GATEWAY-6).
@Suite("Gateway: transactions")
struct TransactionTests {
    @Test("a transaction is received at once, and its outcome can be asked for once it is final")
    func received() async throws {
        try await GatewayWorld().run { world in
            await world.node.set(sealsAtOnce: false)
            let signed = world.cast.transfer(nonce: 0, chain: world.chain)
            let path = "/v1/transactions/\(signed.hash)"
            let answer = try await world.json(
                .post, "/v1/transactions", body: signed.canonicalBytes, status: .accepted)
            #expect(answer["hash"]?.text == "\(signed.hash)")
            #expect(answer["acknowledged"]?.text == "received")
            let unknown = try await world.json(.get, path, status: .notFound)
            #expect(unknown["name"]?.text == "unknownTransaction")
            try await world.node.seal()
            let outcome = try await world.json(.get, path)
            #expect(outcome["verdict"]?.text == "applied")
            #expect(outcome["height"]?.unsigned == 1)
            #expect(outcome["refusal"] == .null)
        }
    }

    @Test("wait=final answers when the block is executed, with fee and place")
    func final() async throws {
        try await GatewayWorld().run { world in
            await world.node.set(sealsAtOnce: false)
            let signed = world.cast.transfer(nonce: 0, chain: world.chain)
            async let waiting = world.json(
                .post, "/v1/transactions?wait=final", body: signed.canonicalBytes)
            while await world.node.status().pendingTransactions == 0 { await Task.yield() }
            try await world.node.seal()
            let answer = try await waiting
            #expect(answer["acknowledged"]?.text == "final")
            #expect(answer["height"]?.unsigned == 1)
            let fee = world.node.genesis.parameters.fee(of: signed)
            #expect(answer["fee"]?.text == fee.map { "\($0.units)" })
        }
    }

    @Test("a message that the law refuses is final too, and says who refused what")
    func refusedByModule() async throws {
        try await GatewayWorld().run { world in
            let signed = world.cast.transfer(
                nonce: 0, chain: world.chain, amount: Amount(whole: 5_000))
            let answer = try await world.json(
                .post, "/v1/transactions?wait=final", body: signed.canonicalBytes)
            #expect(answer["verdict"]?.text == "refused")
            #expect(answer["refusal"]?["module"]?.text == "accounts")
            #expect(answer["refusal"]?["name"]?.text == "insufficientBalance")
        }
    }

    @Test("the same transaction again is acknowledged again and executed once")
    func idempotent() async throws {
        try await GatewayWorld().run { world in
            let signed = world.cast.transfer(nonce: 0, chain: world.chain)
            for _ in 0..<2 {
                let answer = try await world.json(
                    .post, "/v1/transactions?wait=final", body: signed.canonicalBytes)
                #expect(answer["height"]?.unsigned == 1)
            }
            try await world.ask(.post, "/v1/transactions", body: signed.canonicalBytes)
            #expect(await world.node.pendingNonce(of: signed.transaction.account) == 1)
        }
    }

    @Test("without a block in time the answer is 504 and says that it may still become final")
    func timeout() async throws {
        try await GatewayWorld().run { world in
            await world.node.set(sealsAtOnce: false)
            let signed = world.cast.transfer(nonce: 0, chain: world.chain)
            let problem = try await world.json(
                .post, "/v1/transactions?wait=final&timeout=20", body: signed.canonicalBytes,
                status: 504)
            #expect(problem["name"]?.text == "finalityTimedOut")
            #expect(problem["acknowledged"]?.text == "received")
            #expect(problem["hash"]?.text == "\(signed.hash)")
        }
    }

    @Test("a wait ends when its client goes away")
    func departure() async throws {
        try await GatewayWorld().run { world in
            await world.node.set(sealsAtOnce: false)
            let signed = world.cast.transfer(nonce: 0, chain: world.chain)
            let stream = try await world.effects.network.dial(
                world.service.endpoint, timeoutMilliseconds: 5_000)
            let body = signed.canonicalBytes
            let head =
                "POST /v1/transactions?wait=final&timeout=60000 HTTP/1.1\r\nHost: a\r\n"
                + "Content-Length: \(body.count)\r\n\r\n"
            try await stream.write(Array(head.utf8) + body)
            func waiters() async throws -> Bool {
                let page = try await world.ask(.get, "/metrics")
                return String(decoding: page.body, as: UTF8.self)
                    .contains("\natoll_gateway_finality_waiters 1\n")
            }
            while try await !waiters() { await Task.yield() }
            stream.close()
            while try await waiters() { await Task.yield() }
        }
    }

    @Test("a wait ends when the gateway stops, and says that the transaction is held")
    func stop() async throws {
        try await GatewayWorld().run { world in
            await world.node.set(sealsAtOnce: false)
            let signed = world.cast.transfer(nonce: 0, chain: world.chain)
            async let waiting = world.json(
                .post, "/v1/transactions?wait=final&timeout=60000", body: signed.canonicalBytes,
                status: 504)
            while await world.node.status().pendingTransactions == 0 { await Task.yield() }
            await world.service.stop()
            let problem = try await waiting
            #expect(problem["acknowledged"]?.text == "received")
        }
    }

    @Test("a request that follows on the connection of a wait is answered after it")
    func pipelined() async throws {
        try await GatewayWorld().run { world in
            await world.node.set(sealsAtOnce: false)
            let signed = world.cast.transfer(nonce: 0, chain: world.chain)
            let stream = try await world.effects.network.dial(
                world.service.endpoint, timeoutMilliseconds: 5_000)
            let body = signed.canonicalBytes
            let head =
                "POST /v1/transactions?wait=final HTTP/1.1\r\nHost: a\r\n"
                + "Content-Length: \(body.count)\r\n\r\n"
            try await stream.write(Array(head.utf8) + body)
            while await world.node.status().pendingTransactions == 0 { await Task.yield() }
            try await stream.write(
                Array("GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".utf8))
            try await world.node.seal()
            var text = ""
            while true {
                let bytes = try await stream.read(limit: 65_536)
                guard !bytes.isEmpty else { break }
                text += String(decoding: bytes, as: UTF8.self)
            }
            #expect(text.contains("\"acknowledged\":\"final\""))
            #expect(text.hasSuffix("ok\n"))
        }
    }
}

// MARK: - Refusals

extension TransactionTests {
    @Test("bytes that are no transaction are refused with the place where reading ended")
    func malformed() async throws {
        try await GatewayWorld().run { world in
            let bytes = world.cast.transfer(nonce: 0, chain: world.chain).canonicalBytes
            for (body, offset) in [(Array(bytes.dropLast(1)), 0...300), ([], 0...0)] {
                let problem = try await world.json(
                    .post, "/v1/transactions", body: body, status: .unprocessable)
                #expect(problem["name"]?.text == "malformedBody")
                let found = try #require(problem["offset"]?.unsigned)
                #expect(offset.contains(Int(found)))
            }
            let longer = try await world.json(
                .post, "/v1/transactions", body: bytes + [0], status: .unprocessable)
            #expect(longer["detail"]?.text?.contains("trailingBytes(1)") == true)
        }
    }

    @Test("no bytes make the gateway fail: each answer is a 2xx, 409 or 422")
    func fuzz() async throws {
        try await GatewayWorld().run { world in
            let bytes = world.cast.transfer(nonce: 0, chain: world.chain).canonicalBytes
            var seed: UInt64 = 7
            for _ in 0..<200 {
                var body = bytes
                for _ in 0..<3 {
                    seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    body[Int(seed >> 33) % body.count] = UInt8(truncatingIfNeeded: seed >> 20)
                }
                let response = try await world.ask(.post, "/v1/transactions", body: body)
                #expect([202, 409, 422].contains(response.status.code))
            }
        }
    }

    @Test("what can never become valid is 422; what may later is 409; both with the ledger's code")
    func ledgerRefusals() async throws {
        try await GatewayWorld().run { world in
            let cast = world.cast
            let good = cast.transfer(nonce: 0, chain: world.chain)
            let forged = SignedTransaction(
                transaction: cast.transfer(nonce: 1, chain: world.chain).transaction,
                signature: good.signature)
            let cases: [(SignedTransaction, LedgerRefusal, HTTPStatus)] = [
                (cast.transfer(nonce: 0, chain: ChainID(.zero)), .wrongChain, 422),
                (forged, .badSignature, 422),
                (
                    cast.sign([], by: cast.client, nonce: 0, chain: world.chain), .noMessages,
                    422
                ),
                (cast.transfer(nonce: 900, chain: world.chain), .nonceTooHigh, 409),
                (
                    cast.sign(
                        good.transaction.messages, by: cast.client, nonce: 0, chain: world.chain,
                        validUntil: 0), .expired, 409
                ),
                (
                    cast.sign(
                        good.transaction.messages, by: cast.validators[0], nonce: 0,
                        chain: world.chain), .feeNotCovered, 409
                ),
            ]
            for (signed, reason, status) in cases {
                let problem = try await world.json(
                    .post, "/v1/transactions", body: signed.canonicalBytes, status: status)
                #expect(problem["name"]?.text == reason.name)
                #expect(problem["code"]?.unsigned == UInt64(reason.rawValue))
                #expect(problem["module"]?.text == "ledger")
            }
        }
    }

    @Test("a full pool is 503 with a time to come back")
    func poolFull() async throws {
        try await GatewayWorld().run { world in
            await world.node.set(
                poolRefusal: Refusal(module: nil, code: 100, name: "poolFull", detail: "full"))
            let response = try await world.ask(
                .post, "/v1/transactions",
                body: world.cast.transfer(nonce: 0, chain: world.chain).canonicalBytes)
            #expect(response.status == .unavailable)
            #expect(response.fields["retry-after"] == "1")
        }
    }

    @Test("a body above 64 KiB is refused before it is read")
    func tooLarge() async throws {
        try await GatewayWorld().run { world in
            let response = try await world.ask(
                .post, "/v1/transactions", body: [UInt8](repeating: 0, count: 65_537))
            #expect(response.status == .contentTooLarge)
        }
    }

    @Test(
        "a malformed parameter is named",
        arguments: ["wait=soon", "wait=final&timeout=0", "wait=final&timeout=60001", "timeout=x"])
    func parameters(query: String) async throws {
        try await GatewayWorld().run { world in
            let problem = try await world.json(
                .post, "/v1/transactions?\(query)", body: [], status: .badRequest)
            #expect(problem["name"]?.text == "malformedParameter")
            #expect(["wait", "timeout"].contains(problem["parameter"]?.text))
        }
    }

    @Test("a hash that is no hash is a bad request")
    func badHash() async throws {
        try await GatewayWorld().run { world in
            let problem = try await world.json(
                .get, "/v1/transactions/xyz", status: .badRequest)
            #expect(problem["parameter"]?.text == "hash")
        }
    }
}
