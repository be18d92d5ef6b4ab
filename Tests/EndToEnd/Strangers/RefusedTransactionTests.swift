// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Cryptography
import HTTPServer
import JSONText
import Ledger
import Testing
import Vocabulary

extension EndToEnd {
    @Suite("Transactions that must be refused")
    struct RefusedTransactionTests {
        /// What a gateway must say to a transaction.
        struct Verdict: Hashable {
            var status: UInt16
            var name: String?
            var module: String?
        }

        @Test("wrong chain, bad signature, expired, used nonce, no money: each its own problem")
        func refusals() async throws {
            let cloud = try await SharedCloud.get()
            let target = AccountID(Bytes32.zero)
            let before = try await cloud.client.account(cloud.account)
            let good = try await cloud.transfer(Amount(1), to: target).transaction
            func changed(
                chain: ChainID? = nil, nonce: UInt64? = nil, validUntil: BlockHeight? = nil,
                fee: Amount? = nil, messages: [Message]? = nil, key: SigningKey? = nil
            ) -> SignedTransaction {
                let key = key ?? cloud.key
                return Transaction(
                    chain: chain ?? good.chain, sender: key.publicKey,
                    nonce: nonce ?? good.nonce, feeMax: fee ?? good.feeMax,
                    validUntil: validUntil ?? good.validUntil, messages: messages ?? good.messages
                ).signed(by: key)
            }
            var forged = changed()
            forged = SignedTransaction(
                transaction: Transaction(
                    chain: good.chain, sender: good.sender, nonce: good.nonce,
                    feeMax: good.feeMax, validUntil: good.validUntil.advanced(by: 1),
                    messages: good.messages), signature: forged.signature)
            let stranger = try #require(SigningKey(seed: [UInt8](repeating: 9, count: 32)))
            let cases: [(SignedTransaction, Verdict)] = [
                (
                    changed(chain: ChainID(Bytes32.zero)),
                    Verdict(status: 422, name: "wrongChain", module: "ledger")
                ),
                (forged, Verdict(status: 422, name: "badSignature", module: "ledger")),
                (
                    changed(messages: []),
                    Verdict(status: 422, name: "noMessages", module: "ledger")
                ),
                (
                    changed(validUntil: BlockHeight(1)),
                    Verdict(status: 409, name: "expired", module: "ledger")
                ),
                (
                    changed(validUntil: BlockHeight(1 << 40)),
                    Verdict(status: 409, name: "validTooFar", module: "ledger")
                ),
                (
                    changed(nonce: good.nonce + 10_000),
                    Verdict(status: 409, name: "nonceTooHigh", module: "ledger")
                ),
                (
                    changed(fee: Amount(1)),
                    Verdict(status: 409, name: "feeMaxTooLow", module: "ledger")
                ),
                (
                    changed(nonce: 0, key: stranger),
                    Verdict(status: 409, name: "feeNotCovered", module: "ledger")
                ),
            ]
            for (transaction, verdict) in cases {
                let problem = await cloud.problem {
                    _ = try await cloud.client.submit(transaction, waitMilliseconds: 5_000)
                }
                let got = Verdict(
                    status: problem?.status ?? 0, name: problem?.name, module: problem?.module)
                #expect(got == verdict)
            }
            let after = try await cloud.client.account(cloud.account)
            #expect(after.balance() == before.balance())
            #expect(after.nonce == before.nonce)
        }

        @Test("a transaction sent twice is executed once; another with its nonce is refused")
        func replay() async throws {
            let cloud = try await SharedCloud.get()
            let target = AccountID(SHA256.hash(Array("replay".utf8)).raw)
            let signed = try await cloud.transfer(Amount(5), to: target)
            let first = try await cloud.client.submit(signed, waitMilliseconds: 20_000)
            let balance = try await cloud.client.account(cloud.account).balance()
            let again = try await cloud.client.submit(signed, waitMilliseconds: 20_000)
            #expect(again == first)
            guard case .final = first else {
                Issue.record("not final: \(first)")
                return
            }
            #expect(try await cloud.client.account(cloud.account).balance() == balance)
            #expect(try await cloud.client.account(target).balance() == Amount(5))

            let builder = TransactionBuilder(genesis: cloud.genesis, key: cloud.key)
            let rival = try builder.build(
                [RealCloud.transfer(Amount(6), to: target)],
                nonce: signed.transaction.nonce, height: try await cloud.client.status().height)
            let problem = await cloud.problem {
                _ = try await cloud.client.submit(rival, waitMilliseconds: 5_000)
            }
            #expect(problem?.status == 409)
            #expect(problem?.name == "nonceTooLow")
            #expect(try await cloud.client.account(target).balance() == Amount(5))
        }

        @Test(
            "more than one has: final with a refusal, the fee paid, nothing moved; send ends with 1"
        )
        func poverty() async throws {
            let cloud = try await SharedCloud.get()
            let target = AccountID(SHA256.hash(Array("poverty".utf8)).raw)
            let before = try await cloud.client.account(cloud.account).balance()
            let signed = try await cloud.transfer(Amount(whole: 900_000_000), to: target)
            let answer = try await cloud.client.submit(signed, waitMilliseconds: 20_000)
            guard case .final(let outcome) = answer else {
                Issue.record("not final: \(answer)")
                return
            }
            #expect(outcome.refusal?.module == "accounts")
            #expect(outcome.refusal?.name == "insufficientBalance")
            #expect(outcome.fee > .zero)
            let after = try await cloud.client.account(cloud.account).balance()
            #expect(after.adding(outcome.fee) == before)
            #expect(try await cloud.client.account(target).balance() == .zero)

            let send = try await cloud.atoll("send", "900000000", "\(target)", "-o", "json")
            #expect(send.code == 1)
            let said = try JSON(parsing: Array(send.errors.utf8))
            #expect(said["name"]?.text == "insufficientBalance")
            #expect(said["exitCode"]?.unsigned == 1)
            #expect(said["kept"]?.text?.contains("nothing else changed") == true)
        }

        @Test("bytes that are no transaction are refused with the place where they stop reading")
        func malformed() async throws {
            let cloud = try await SharedCloud.get()
            let good = try await cloud.transfer(Amount(1), to: AccountID(Bytes32.zero))
            var numbers = SeededNumbers(seed: 11)
            let bodies: [[UInt8]] = [
                [], [0], numbers.bytes(200), Array(good.canonicalBytes.dropLast()),
                good.canonicalBytes + [0],
            ]
            for body in bodies {
                let answer = try await cloud.post("/v1/transactions", body)
                #expect(answer.status.code == 422)
                let problem = try JSON(parsing: answer.body)
                #expect(problem["name"]?.text == "malformedBody")
                #expect(problem["offset"]?.unsigned != nil)
                #expect(answer.fields["Content-Type"] == "application/problem+json")
            }
            let large = try await cloud.post("/v1/transactions", numbers.bytes(65_537))
            #expect(large.status.code == 413)
        }
    }
}
