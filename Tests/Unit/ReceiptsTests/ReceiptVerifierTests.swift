// SPDX-License-Identifier: Apache-2.0
import Consensus
import Cryptography
import JSONText
import Ledger
import Receipts
import Testing
import Vocabulary

@Suite("Checking a receipt offline")
struct ReceiptVerifierTests {
    private func checks(
        _ changes: Notary.Changes = Notary.Changes(), output: Digest? = nil
    ) throws -> [ReceiptCheck] {
        let notary = try Notary()
        return ReceiptVerifier(genesis: notary.genesis)
            .check(try notary.file(changes), output: output)
    }

    /// The first check that fails, and how many after it were not reached.
    private func failure(_ checks: [ReceiptCheck]) -> (name: String, unreached: Int)? {
        guard let first = checks.first(where: { !$0.holds }) else { return nil }
        return (first.name, checks.count { $0.finding == .notReached })
    }

    @Test("a sound receipt passes every check, in the order of the rules (RECEIPT-2)")
    func sound() throws {
        let checks = try checks(output: SHA256.hash([7]))
        #expect(checks.filter { !$0.holds } == [])
        #expect(
            checks.map(\.name) == ["chain", "quorum", "state", "time", "receipt", "output"])
        #expect(try self.checks().map(\.name).last == "receipt")
    }

    @Test("another chain's receipt fails first, and nothing else is looked at (RECEIPT-3)")
    func chain() throws {
        let found = failure(try checks(Notary.Changes(chain: ChainID(.zero))))
        #expect(found?.name == "chain")
        #expect(found?.unreached == 4)
    }

    @Test("two of four signatures are no quorum, three are (RECEIPT-4)")
    func quorum() throws {
        #expect(failure(try checks(Notary.Changes(signers: [0, 1])))?.name == "quorum")
        #expect(failure(try checks(Notary.Changes(signers: [1, 2, 3]))) == nil)
        #expect(failure(try checks(Notary.Changes(signers: [0, 1, 2, 3]))) == nil)
    }

    @Test("signatures of other validators than the genesis names prove nothing (RECEIPT-4)")
    func strangers() throws {
        let notary = try Notary()
        let seats = try (1...4).map { number -> JSON in
            let key = try Notary.key(UInt8(40 + number))
            return [
                "name": .string("\(number)"), "publicKey": .string("\(key.publicKey)"),
                "stake": 1,
            ]
        }
        let other = try Genesis(json: [
            "name": "notary", "time": JSON(1 as UInt64), "validators": .array(seats),
            "modules": [:],
        ])
        let checks = ReceiptVerifier(genesis: other).check(try notary.file())
        #expect(failure(checks)?.name == "chain", "other validators make another chain")
    }

    @Test("a receipt of a later epoch needs the validators of that epoch, whom the reader followed")
    func epochs() throws {
        let notary = try Notary()
        let file = try notary.file(Notary.Changes(epoch: 3))
        #expect(failure(ReceiptVerifier(genesis: notary.genesis).check(file))?.name == "quorum")
        let set = try ValidatorSet(of: notary.genesis)
        let follower = ReceiptVerifier(genesis: notary.genesis) { $0 == Epoch(3) ? set : nil }
        #expect(failure(follower.check(file)) == nil)
        #expect(failure(follower.check(try notary.file()))?.name == "quorum")
    }

    @Test("a proof of another job's key does not prove this receipt (RECEIPT-5)")
    func state() throws {
        #expect(failure(try checks(Notary.Changes(provenJob: 50)))?.name == "state")
        let notary = try Notary()
        let (first, second) = (try notary.file(), try notary.file(Notary.Changes(cost: 60)))
        let mixed = ReceiptFile(
            receipt: second.receipt, proof: first.proof, header: first.header,
            finality: first.finality)
        let checks = ReceiptVerifier(genesis: notary.genesis).check(mixed)
        #expect(failure(checks)?.name == "state")
    }

    @Test("a job cannot have ended after the state, or before it was opened (RECEIPT-6)")
    func time() throws {
        #expect(failure(try checks(Notary.Changes(endedHeight: 10))) == nil)
        #expect(failure(try checks(Notary.Changes(endedHeight: 11)))?.name == "time")
        #expect(failure(try checks(Notary.Changes(openedTime: 201)))?.name == "time")
        #expect(failure(try checks(Notary.Changes(endedHeight: 4)))?.name == "time")
    }

    @Test("sums that do not add up and foreign signatures are flaws (RECEIPT-7)")
    func soundness() throws {
        #expect(failure(try checks(Notary.Changes(cost: 60)))?.name == "receipt")
        #expect(failure(try checks(Notary.Changes(resultSigner: 1)))?.name == "receipt")
    }

    @Test("another output than the paid one fails its own check (RECEIPT-8)")
    func output() throws {
        #expect(failure(try checks(output: SHA256.hash([8])))?.name == "output")
    }
}
