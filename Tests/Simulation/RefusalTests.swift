// SPDX-License-Identifier: Apache-2.0
import Accounts
import Cryptography
import Ledger
import NodeInterface
import SimulatedEffects
import Testing
import Vocabulary

/// What no block may hold is refused by name where it is handed in (LEDGER-12).
@Suite("Refusals at the door")
struct RefusalTests {
    private let payee = AccountID(Bytes32.zero)

    private func cloud() throws -> SimulatedCloud {
        let cloud = try SimulatedCloud(seed: 1)
        try cloud.startAll()
        cloud.world.run(forMilliseconds: 2_000)
        return cloud
    }

    private func payment(_ amount: Amount = Amount(5)) -> Message {
        AccountsMessage.transfer(Transfer([Transfer.Part(to: payee, amount)])).message
    }

    /// A transaction with everything in order but what is named.
    private func transaction(
        _ cloud: SimulatedCloud, chain: ChainID? = nil, by key: SigningKey? = nil,
        nonce: UInt64 = 0, feeMax: Amount = Amount(whole: 1), validUntil: UInt64 = 10_000,
        messages: [Message]? = nil
    ) -> SignedTransaction {
        let key = key ?? cloud.client
        return Transaction(
            chain: chain ?? cloud.genesis.chain, sender: key.publicKey, nonce: nonce,
            feeMax: feeMax, validUntil: BlockHeight(validUntil), messages: messages ?? [payment()]
        ).signed(by: key)
    }

    /// How many transactions all blocks of a node hold.
    private func transactionCount(_ cloud: SimulatedCloud) throws -> Int {
        let node = try cloud.node("validator-1")
        return try cloud.on("validator-1") {
            let head = await node.read { _, head in head.height.value }
            var count = 0
            for height in 1...head {
                let block = await node.finalBlocks(from: BlockHeight(height), count: 1).first
                count += block?.transactions.count ?? 0
            }
            return count
        }
    }

    @Test("each kind of bad transaction has its own refusal, at gateway and validator alike")
    func kinds() throws {
        let cloud = try cloud()
        let stranger = try #require(SigningKey(seed: [UInt8](repeating: 77, count: 32)))
        let good = transaction(cloud)
        let forged = SignedTransaction(
            transaction: good.transaction, signature: transaction(cloud, nonce: 1).signature)
        let bad: [(SignedTransaction, String)] = [
            (transaction(cloud, chain: ChainID(Bytes32.zero)), "wrongChain"),
            (transaction(cloud, messages: []), "noMessages"),
            (forged, "badSignature"),
            (transaction(cloud, validUntil: 0), "expired"),
            (transaction(cloud, validUntil: 1_000_000), "validTooFar"),
            (transaction(cloud, nonce: 65), "nonceTooHigh"),
            (transaction(cloud, feeMax: Amount(1)), "feeMaxTooLow"),
            (transaction(cloud, by: stranger), "feeNotCovered"),
        ]
        for (transaction, name) in bad {
            for node in ["gateway-1", "validator-2"] {
                #expect(try cloud.submit(transaction, through: node)?.name == name)
            }
        }
        cloud.world.run(forMilliseconds: 5_000)
        #expect(try transactionCount(cloud) == 0)
        #expect(try cloud.status(of: "validator-2").pendingTransactions == 0)
    }

    @Test("a transaction counts once: again it is a duplicate, and its nonce is gone")
    func replay() throws {
        let cloud = try cloud()
        let good = transaction(cloud)
        #expect(try cloud.submit(good) == nil)
        #expect(try cloud.submit(good) == nil, "handing in what waits changes nothing")
        let other = transaction(cloud, messages: [payment(Amount(6))])
        #expect(try cloud.submit(other)?.name == "nonceTaken")
        cloud.world.run(forMilliseconds: 3_000)
        #expect(try cloud.submit(good)?.name == "duplicate")
        #expect(try cloud.submit(other)?.name == "nonceTooLow")
        #expect(try cloud.balance(of: payee) == Amount(5))
        #expect(try transactionCount(cloud) == 1)
    }

    @Test("a gap in the nonces waits until it is filled, then all go in order")
    func gap() throws {
        let cloud = try cloud()
        for nonce in [3, 1, 2] as [UInt64] {
            #expect(try cloud.submit(transaction(cloud, nonce: nonce)) == nil)
        }
        cloud.world.run(forMilliseconds: 5_000)
        #expect(try transactionCount(cloud) == 0)
        #expect(try cloud.submit(transaction(cloud, nonce: 0)) == nil)
        cloud.world.run(forMilliseconds: 5_000)
        #expect(try cloud.balance(of: payee) == Amount(20))
        #expect(try cloud.status(of: "gateway-1").pendingTransactions == 0)
    }

    @Test("a transaction the sender can no longer pay for fills no block after the first")
    func broke() throws {
        let cloud = try cloud()
        let rich = try #require(SimulatedCloud.funds.subtracting(Amount(whole: 1)))
        let all = transaction(cloud, messages: [payment(rich)])
        let more = transaction(cloud, nonce: 1)
        #expect(try cloud.submit(all) == nil)
        #expect(try cloud.submit(more) == nil)
        cloud.world.run(forMilliseconds: 20_000)
        #expect(try transactionCount(cloud) <= 2)
        #expect(try cloud.status(of: "validator-1").pendingTransactions == 0)
        #expect(try cloud.status(of: "gateway-1").pendingTransactions == 0)
    }

    @Test("a refused message costs the fee and nothing else")
    func refusedMessage() throws {
        let cloud = try cloud()
        let tooMuch = transaction(cloud, messages: [payment(Amount(whole: 5_000))])
        #expect(try cloud.submit(tooMuch) == nil)
        cloud.world.run(forMilliseconds: 3_000)
        let node = try cloud.node("gateway-1")
        let outcome = try #require(
            try cloud.on("gateway-1") { await node.outcome(of: tooMuch.hash) })
        #expect(outcome.refusal?.name == "insufficientBalance")
        #expect(outcome.isConsumed)
        #expect(
            try cloud.balance(of: cloud.clientAccount)
                == SimulatedCloud.funds.subtracting(outcome.feeCharged))
    }

    @Test("a node that was stopped takes nothing and says so")
    func stopped() throws {
        let cloud = try cloud()
        let node = try cloud.node("gateway-1")
        try cloud.on("gateway-1") { await node.stop() }
        #expect(try cloud.submit(transaction(cloud))?.name == "unavailable")
    }
}
