// SPDX-License-Identifier: Apache-2.0
import Accounts
import Cryptography
import HTTPServer
import JSONText
import Ledger
import Synchronization
import Testing
import Vocabulary

@testable import ClientKit

@Suite("Transactions are built exactly and sent until they are final")
struct TransactionTests {
    private static var transfer: Message {
        let part = Transfer.Part(to: AccountID(SHA256.hash([5]).raw), Amount(7))
        return AccountsMessage.transfer(Transfer([part])).message
    }

    @Test("a transaction offers exactly its fee and is valid for the chain")
    func build() throws {
        let genesis = try Samples.genesis
        let builder = TransactionBuilder(genesis: genesis, key: Samples.client)
        let signed = try builder.build([Self.transfer], nonce: 4, height: BlockHeight(10))
        #expect(genesis.parameters.fee(of: signed) == signed.transaction.feeMax)
        #expect(signed.transaction.nonce == 4)
        #expect(signed.transaction.validUntil == BlockHeight(2_010))
        try signed.check(chain: genesis.chain)
    }

    @Test("what breaks a transaction's limits is not signed")
    func limits() throws {
        let builder = TransactionBuilder(genesis: try Samples.genesis, key: Samples.client)
        #expect(throws: ClientFailure.self) {
            try builder.build([], nonce: 0, height: BlockHeight(0))
        }
        let many = [Message](repeating: Self.transfer, count: Transaction.messagesMax + 1)
        #expect(throws: ClientFailure.self) {
            try builder.build(many, nonce: 0, height: BlockHeight(0))
        }
    }

    /// What a gateway says to each submission, in order; the last for all further ones.
    private enum Say: Sendable {
        case final
        case refuse(String)
        case holdRefused(String)
        case notYet
    }

    private struct Script: Sendable {
        let submitted: [SignedTransaction]
        let result: Result<SentTransaction, ClientFailure>
    }

    private static func play(_ says: [Say], timeout: UInt64 = 5_000) async throws -> Script {
        let seen = Tape()
        let chain = try Samples.genesis.chain
        var router = Router()
        router.get("/v1/status") { _ in .json(Samples.status(chain: chain).bytes) }
        router.get("/v1/accounts/{account}") { request in
            let count = UInt64(seen.all.count)
            let view = Samples.account(request.parameters["account"] ?? "", nonce: count)
            return .json(view.bytes)
        }
        router.post("/v1/transactions", bodyBytesMax: 65_536) { request in
            let signed = try SignedTransaction(canonicalBytes: try await request.body.collect())
            let place = seen.add(signed)
            return try answer(says[min(place, says.count - 1)], signed.hash)
        }
        let result = try await ClientWorld().serve(router) { client in
            let sender = TransactionSender(
                client: client, genesis: try Samples.genesis, key: Samples.client)
            do throws(ClientFailure) {
                return Result<SentTransaction, ClientFailure>.success(
                    try await sender.send([transfer], timeoutMilliseconds: timeout))
            } catch {
                return .failure(error)
            }
        }
        return Script(submitted: seen.all, result: result)
    }

    private static func answer(_ say: Say, _ hash: Digest) throws -> HTTPResponse {
        switch say {
        case .final: return .json(Samples.final(hash).bytes)
        case .refuse(let name):
            throw Problem(.conflict, detail: "no", members: [("name", .text(name))])
        case .holdRefused(let name):
            let refusal: JSON = [
                "module": "accounts", "code": 2, "name": JSON(name), "detail": "too little",
            ]
            return .json(Samples.final(hash, refusal: refusal).bytes)
        case .notYet:
            throw Problem(504, detail: "wait", members: [("name", .text("finalityTimedOut"))])
        }
    }

    /// The transactions submitted, in order.
    private final class Tape: Sendable {
        private let signed = Mutex<[SignedTransaction]>([])
        var all: [SignedTransaction] { signed.withLock(\.self) }
        func add(_ one: SignedTransaction) -> Int {
            signed.withLock { signed in
                signed.append(one)
                return signed.count - 1
            }
        }
    }

    @Test("a nonce that is taken or used leads to the next one")
    func nonces() async throws {
        let script = try await Self.play([.refuse("nonceTaken"), .refuse("nonceTooLow"), .final])
        #expect(script.submitted.map(\.transaction.nonce) == [0, 1, 2])
        #expect(try script.result.get().outcome.hash == script.submitted[2].hash)
    }

    @Test("a transaction skipped for its nonce in a block is sent with another")
    func skipped() async throws {
        let script = try await Self.play([.holdRefused("nonceTooLow"), .final])
        #expect(script.submitted.map(\.transaction.nonce) == [0, 1])
    }

    @Test("while it is not final the very same transaction is asked for again")
    func patience() async throws {
        let script = try await Self.play([.notYet, .notYet, .final])
        #expect(Set(script.submitted.map(\.hash)).count == 1)
        #expect(script.submitted.count == 3)
        _ = try script.result.get()
    }

    @Test("when time is up it says that the transaction may still become final")
    func timeout() async throws {
        let script = try await Self.play([.notYet], timeout: 60)
        guard case .failure(.timedOut(let words)) = script.result else {
            Issue.record("\(script.result)")
            return
        }
        #expect(words.contains("may still become"))
    }

    @Test("a refusal in a final block names the reason and the fee that was paid")
    func refused() async throws {
        let script = try await Self.play([.holdRefused("insufficientBalance")])
        guard case .failure(.refused(let refusal)) = script.result else {
            Issue.record("\(script.result)")
            return
        }
        #expect(refusal.name == "insufficientBalance")
        #expect(refusal.fee == Amount(528))
        #expect(script.submitted.count == 1)
    }

    @Test("nonces taken again and again end the attempts")
    func exhausted() async throws {
        let script = try await Self.play([.refuse("nonceTaken")])
        #expect(script.submitted.count == TransactionSender.attemptsMax)
        guard case .failure(.timedOut) = script.result else {
            Issue.record("\(script.result)")
            return
        }
    }
}
