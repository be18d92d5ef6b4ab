// SPDX-License-Identifier: Apache-2.0
import Ledger
import Testing
import Vocabulary

@testable import NodeAssembly

@Suite("Waiting transactions")
struct MempoolTests {
    private let height = BlockHeight(1)

    /// A pool with transactions of senders whose next nonce is 0.
    private func pool(_ entries: [CheckedTransaction]) throws -> Mempool {
        var pool = Mempool()
        for entry in entries { #expect(try pool.insert(entry, next: 0, isOwn: false)) }
        return pool
    }

    private func order(_ pool: Mempool) -> [UInt64] {
        pool.ready(height: height).map(\.transaction.nonce)
    }

    @Test("a sender's transactions leave in the order of nonces, whatever order they came in")
    func nonceOrder() throws {
        let pool = try pool([3, 0, 2, 1].map { try Senders.transaction(of: 1, nonce: $0) })
        #expect(order(pool) == [0, 1, 2, 3])
        #expect(pool.pendingNonce(of: try Senders.account(1), from: 0) == 4)
    }

    @Test("what waits for an earlier nonce stays behind, and counts as such (NODE-10)")
    func gaps() throws {
        var pool = try pool([1, 2, 5].map { try Senders.transaction(of: 1, nonce: $0) })
        #expect(order(pool) == [])
        #expect(pool.gapped == 3)
        _ = try pool.insert(try Senders.transaction(of: 1, nonce: 0), next: 0, isOwn: false)
        #expect(order(pool) == [0, 1, 2])
        #expect(pool.gapped == 1)
    }

    @Test("the same transaction twice is once; another with its nonce is refused by name")
    func twice() throws {
        let first = try Senders.transaction(of: 1, nonce: 0)
        var pool = try pool([first])
        #expect(try pool.insert(first, next: 0, isOwn: false) == false)
        let other = try Senders.transaction(of: 1, nonce: 0, text: 1)
        let refusal = #expect(throws: Refusal.self) {
            try pool.insert(other, next: 0, isOwn: false)
        }
        #expect(refusal?.name == "nonceTaken")
        #expect(pool.count == 1)
    }

    @Test("senders take turns, so that one with many holds up nobody (NODE-11)")
    func fairness() throws {
        let many = try (0..<5).map { try Senders.transaction(of: 1, nonce: $0) }
        let pool = try pool(many + [try Senders.transaction(of: 2, nonce: 0)])
        let senders = pool.ready(height: height).map(\.transaction.account)
        #expect(senders.prefix(2) == [try Senders.account(1), try Senders.account(2)])
        #expect(order(pool) == [0, 0, 1, 2, 3, 4])
    }

    @Test("whoever was served stands behind those who were not (NODE-11)")
    func rotation() throws {
        var pool = try pool([
            try Senders.transaction(of: 1, nonce: 0), try Senders.transaction(of: 1, nonce: 1),
            try Senders.transaction(of: 2, nonce: 0),
        ])
        let first = try Senders.account(1)
        pool.prune(senders: [first], height: height) { $0 == first ? 1 : 0 }
        let senders = pool.ready(height: height).map(\.transaction.account)
        #expect(senders == [try Senders.account(2), first])
    }

    @Test("one sender holds no more than the ledger lets it be ahead")
    func perSender() throws {
        let most = UInt64(Mempool.perSenderMax)
        var pool = try pool(try (0..<most).map { try Senders.transaction(of: 1, nonce: $0) })
        let refusal = #expect(throws: Refusal.self) {
            try pool.insert(
                try Senders.transaction(of: 1, nonce: most), next: 0, isOwn: false)
        }
        #expect(refusal?.name == "poolFull")
        #expect(order(pool).count == Mempool.perSenderMax)
    }

    @Test("the pool is bounded in bytes, and gives them back (NODE-9)")
    func byteBound() throws {
        var pool = Mempool()
        var taken = 0
        var refusal: Refusal?
        for sender in 0..<9 where refusal == nil {
            for nonce in 0..<UInt64(65) where refusal == nil {
                let entry = try Senders.transaction(of: sender, nonce: nonce, bytes: 65_000)
                do throws(Refusal) {
                    _ = try pool.insert(entry, next: 0, isOwn: false)
                    taken += 1
                } catch { refusal = error }
            }
        }
        #expect(refusal?.name == "poolFull")
        #expect(pool.bytes <= Mempool.bytesMax)
        #expect(pool.bytes > Mempool.bytesMax - 70_000)
        #expect(pool.count == taken)
        pool.prune(height: height) { _ in 1_000 }
        #expect(pool.bytes == 0)
        #expect(pool.count == 0)
        #expect(pool.gapped == 0)
    }

    @Test("what cannot execute never takes the room of what can (NODE-10)")
    func gappedBound() throws {
        var pool = Mempool()
        // One filler is signed and copied under many names: the pool looks at nothing else.
        let senders = Mempool.gappedMax / 64 + 1
        var refusal: Refusal?
        for sender in 0..<senders where refusal == nil {
            for nonce in 1...UInt64(64) where refusal == nil {
                do throws(Refusal) {
                    _ = try pool.insert(
                        try cheap(sender, nonce), next: 0, isOwn: false)
                } catch { refusal = error }
            }
        }
        #expect(refusal?.name == "poolFull")
        #expect(pool.gapped == Mempool.gappedMax)
        let good = try Senders.transaction(of: 60_000, nonce: 0)
        #expect(try pool.insert(good, next: 0, isOwn: false))
        #expect(pool.ready(height: height) == [good])
    }

    /// A transaction of its own sender whose signature is nobody's: quick to make.
    private func cheap(_ sender: Int, _ nonce: UInt64) throws(Refusal) -> CheckedTransaction {
        let raw = Bytes32 { raw in
            raw.storeBytes(of: UInt64(sender + 1), as: UInt64.self)
        }
        let transaction = Transaction(
            chain: Senders.chain, sender: PublicKey(raw), nonce: nonce, feeMax: Amount(1),
            validUntil: BlockHeight(1_000), messages: [])
        return CheckedTransaction(
            SignedTransaction(
                transaction: transaction, signature: Signature(point: .zero, scalar: .zero)),
            chain: Senders.chain)
    }

    @Test("expired and used nonces are dropped; what is left keeps its place")
    func pruning() throws {
        var pool = try pool([
            try Senders.transaction(of: 1, nonce: 0), try Senders.transaction(of: 1, nonce: 1),
            try Senders.transaction(of: 2, nonce: 0, validUntil: 5),
        ])
        #expect(pool.ready(height: BlockHeight(6)).count == 2)
        let first = try Senders.account(1)
        pool.prune(height: BlockHeight(6)) { $0 == first ? 1 : 0 }
        #expect(order(pool) == [1])
        #expect(pool.count == 1)
    }

    @Test("nonces in blocks that are not executed yet are passed over")
    func ancestors() throws {
        let pool = try pool([0, 1, 2].map { try Senders.transaction(of: 1, nonce: $0) })
        let ready = pool.ready(height: height, passed: [try Senders.account(1): 2])
        #expect(ready.map(\.transaction.nonce) == [2])
    }

    @Test("a block's worth is never more than a payload holds")
    func payloadBound() throws {
        var pool = Mempool()
        for sender in 0..<3 {
            for nonce in 0..<UInt64(8) {
                let entry = try Senders.transaction(of: sender, nonce: nonce, bytes: 65_000)
                _ = try pool.insert(entry, next: 0, isOwn: false)
            }
        }
        let ready = pool.ready(height: height)
        #expect(ready.count == 8)
        #expect(Payload(ready.map(\.signed)) != nil)
    }

    @Test("what was dropped by name is gone, and its successors wait")
    func removal() throws {
        var pool = try pool([0, 1].map { try Senders.transaction(of: 1, nonce: $0) })
        let first = try Senders.transaction(of: 1, nonce: 0)
        pool.remove(first.hash, of: first.account, nonce: 0)
        #expect(order(pool) == [])
        #expect(pool.gapped == 1)
        pool.remove(first.hash, of: first.account, nonce: 0)
        #expect(pool.count == 1)
    }

    @Test("only this node's own clients' transactions are repeated (NODE-12)")
    func own() throws {
        var pool = Mempool()
        let mine = try Senders.transaction(of: 1, nonce: 0)
        let theirs = try Senders.transaction(of: 2, nonce: 0)
        _ = try pool.insert(mine, next: 0, isOwn: true)
        _ = try pool.insert(theirs, next: 0, isOwn: false)
        #expect(pool.own(limit: 10) == [mine.signed])
        // A peer may be quicker than the client itself.
        _ = try pool.insert(theirs, next: 0, isOwn: true)
        #expect(pool.own(limit: 10).count == 2)
        #expect(pool.own(limit: 1).count == 1)
        pool.prune(height: height) { _ in 1 }
        #expect(pool.own(limit: 10) == [])
    }

    @Test("what is handed on fits into the messages that even a guest may send (NODE-2)")
    func messages() throws {
        let small = try (0..<130).map { try Senders.transaction(of: 1, nonce: $0).signed }
        #expect(Node.messages(with: small).count == 3)
        let large = try (0..<20).map {
            try Senders.transaction(of: 1, nonce: $0, bytes: 65_000).signed
        }
        let messages = Node.messages(with: small + large)
        #expect(messages.filter { $0.count > 448 << 10 }.isEmpty)
        var read: [SignedTransaction] = []
        for message in messages {
            var decoder = CanonicalDecoder(message)
            read += try decoder.readList(SignedTransaction.self, limit: Node.perMessageMax)
            try decoder.finish()
        }
        #expect(read == small + large)
        #expect(Node.messages(with: []).isEmpty)
    }
}
