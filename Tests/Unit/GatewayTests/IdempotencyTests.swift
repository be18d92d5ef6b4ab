// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import HTTPServer
import JSONText
import Synchronization
import Testing
import Vocabulary

@testable import Gateway

/// Requests with a key (GATEWAY-4).
@Suite("Gateway: idempotency keys")
struct IdempotencyTests {
    private static let key: HTTPFields = ["Idempotency-Key": "k-1"]

    @Test("the same key and body get the first answer again, without being executed again")
    func transactions() async throws {
        try await GatewayWorld().run { world in
            let body = world.cast.transfer(nonce: 5_000, chain: world.chain).canonicalBytes
            let first = try await world.ask(
                .post, "/v1/transactions", fields: Self.key, body: body)
            #expect(first.status == .conflict)
            try await world.act(
                world.cast.client,
                world.cast.transfer(nonce: 0, chain: world.chain).transaction.messages)
            let second = try await world.ask(
                .post, "/v1/transactions", fields: Self.key, body: body)
            #expect(second.body == first.body)
            let other = try await world.json(
                .post, "/v1/transactions", fields: Self.key, body: body + [0],
                status: .unprocessable)
            #expect(other["name"]?.text == "keyReused")
        }
    }

    @Test("a key of another route or query is another key")
    func scope() async throws {
        try await GatewayWorld().run { world in
            let body = world.cast.transfer(nonce: 0, chain: world.chain).canonicalBytes
            let received = try await world.ask(
                .post, "/v1/transactions", fields: Self.key, body: body)
            #expect(received.status == .accepted)
            let final = try await world.ask(
                .post, "/v1/transactions?wait=final", fields: Self.key, body: body)
            #expect(final.status == .ok)
        }
    }

    @Test("an upload repeated with its key is answered again; other bytes are not kept")
    func blobs() async throws {
        try await GatewayWorld().run { world in
            for _ in 0..<2 {
                let kept = try await world.json(
                    .post, "/v1/blobs", fields: Self.key, body: [1, 2, 3], status: .created)
                #expect(kept["digest"]?.text == "\(SHA256.hash([1, 2, 3]))")
            }
            #expect(world.node.memory.state.withLock(\.received) == 3)
            let other = try await world.json(
                .post, "/v1/blobs", fields: Self.key, body: [4], status: .unprocessable)
            #expect(other["name"]?.text == "keyReused")
            #expect(world.node.memory.state.withLock(\.held).count == 1)
        }
    }

    @Test("a failure that may pass is not remembered")
    func passing() async throws {
        try await GatewayWorld().run { world in
            world.node.memory.state.withLock { $0.writeFailure = .full(limit: 0) }
            let full = try await world.ask(.post, "/v1/blobs", fields: Self.key, body: [1])
            #expect(full.status == 507)
            world.node.memory.state.withLock { $0.writeFailure = nil }
            let kept = try await world.ask(.post, "/v1/blobs", fields: Self.key, body: [1])
            #expect(kept.status == .created)
        }
    }

    @Test("a key in use is 409 until its request is answered")
    func underWay() async throws {
        try await GatewayWorld().run { world in
            await world.node.set(sealsAtOnce: false)
            let body = world.cast.transfer(nonce: 0, chain: world.chain).canonicalBytes
            let target = "/v1/transactions?wait=final"
            async let first = world.ask(.post, target, fields: Self.key, body: body)
            while await world.node.status().pendingTransactions == 0 { await Task.yield() }
            let second = try await world.json(
                .post, target, fields: Self.key, body: body, status: .conflict)
            #expect(second["name"]?.text == "keyInUse")
            try await world.node.seal()
            #expect(try await first.status == .ok)
        }
    }

    @Test(
        "a key with spaces, above 255 bytes or given twice is malformed",
        arguments: [
            ["Idempotency-Key": "a b"],
            ["Idempotency-Key": String(repeating: "k", count: 256)],
            ["Idempotency-Key": "a", "idempotency-key": "b"],
        ] as [HTTPFields])
    func malformed(fields: HTTPFields) async throws {
        try await GatewayWorld().run { world in
            let problem = try await world.json(
                .post, "/v1/quotes", fields: fields, body: [], status: .badRequest)
            #expect(problem["name"]?.text == "malformedKey")
        }
    }
}

/// The memory behind the keys.
@Suite("Gateway: the book of answers")
struct AnswerBookTests {
    /// A clock that stands still until it is moved.
    private final class StandingClock: TimeSource {
        let nanoseconds = Atomic<UInt64>(0)
        func now() -> Instant { Instant(nanoseconds.load(ordering: .relaxed)) }
        func wallClock() -> Timestamp { Timestamp(0) }
        func sleep(milliseconds: UInt64) async {}
    }

    private static func use(_ number: Int) -> AnswerBook.Use {
        AnswerBook.Use(text: "POST /x\n\(number)")
    }

    private static func isFresh(_ book: AnswerBook, _ number: Int) -> Bool {
        if case .fresh = book.begin(use(number)) { true } else { false }
    }

    @Test("an answer is forgotten after ten minutes")
    func life() {
        let clock = StandingClock()
        let book = AnswerBook(time: clock)
        #expect(Self.isFresh(book, 1))
        book.finish(Self.use(1), .text("a"), body: .zero)
        clock.nanoseconds.store(599_999_000_000, ordering: .relaxed)
        #expect(!Self.isFresh(book, 1))
        clock.nanoseconds.store(600_000_000_000, ordering: .relaxed)
        #expect(Self.isFresh(book, 1))
    }

    @Test("the oldest answer makes room for one too many")
    func bounded() {
        let book = AnswerBook(time: StandingClock())
        for number in 0..<AnswerBook.answersMax + 10 {
            #expect(Self.isFresh(book, number))
            book.finish(Self.use(number), .text("a"), body: .zero)
        }
        #expect(book.count == AnswerBook.answersMax)
        #expect(Self.isFresh(book, 0))
        #expect(!Self.isFresh(book, AnswerBook.answersMax))
    }

    @Test("a receipt cache keeps what was asked for last")
    func receipts() throws {
        let cache = ReceiptCache()
        let jobs = (0...ReceiptCache.countMax).map {
            JobID(SHA256.hash([UInt8($0 & 255), UInt8($0 >> 8)]).raw)
        }
        for job in jobs.dropLast() { cache.keep([1], of: job) }
        #expect(cache[jobs[0]] == [1])
        cache.keep([2], of: jobs[ReceiptCache.countMax])
        #expect(cache.count == ReceiptCache.countMax)
        #expect(cache[jobs[0]] == [1])
        #expect(cache[jobs[1]] == nil)
    }
}
