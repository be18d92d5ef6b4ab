// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Ledger
import Market
import Testing
import Vocabulary

@Suite("MARKET-17: receipts")
struct ReceiptTests {
    private func settled() throws -> (MarketWorld, Receipt) {
        let world = try MarketWorld()
        let job = try world.openAndLease(
            world.terms(replicas: 3, maxCost: Amount(3_000)), to: [0, 1, 2])
        let lie = MarketWorld.result("lie")
        try world.finish(
            [(0, MarketWorld.truth), (1, lie), (2, MarketWorld.truth)], in: job)
        return (world, try world.receipt(job))
    }

    @Test("a receipt says what ran, on what, who ran it, what it cost and when")
    func contents() throws {
        let (world, receipt) = try settled()
        #expect(receipt.version == 1 && receipt.chain == world.chain)
        #expect(receipt.client == world.client && receipt.kind == .wasm)
        #expect(receipt.rung == .replicated && receipt.replicas == 3)
        #expect(receipt.moduleDigest == SHA256.hash([1]))
        #expect(receipt.inputDigest == SHA256.hash([2]))
        #expect(receipt.argumentsDigest == world.terms().argumentsDigest)
        #expect(receipt.result == MarketWorld.truth)
        #expect(receipt.executions.map(\.finding) == [.agreed, .dissented, .agreed])
        #expect(receipt.executions.map(\.paid) == [Amount(103), .zero, Amount(105)])
        #expect(receipt.executions.map(\.slashed) == [.zero, Amount(500_000), .zero])
        #expect(receipt.cost == Amount(208) && receipt.refund == Amount(2_792))
        #expect(receipt.opened == Moment(height: BlockHeight(1), time: Timestamp(1_000_000)))
        #expect(receipt.ended == Moment(height: BlockHeight(4), time: Timestamp(1_003_000)))
    }

    @Test("a receipt lies under the documented key, byte for byte")
    func place() throws {
        let (world, receipt) = try settled()
        let key = MarketKeys.receipt(receipt.job)
        #expect(key == [2] + receipt.job.raw.bytes)
        #expect(world.store.value(.market, key) == receipt.canonicalBytes)
    }

    @Test("every provider's signature can be checked with the receipt alone, the liar's too")
    func signatures() throws {
        let (_, receipt) = try settled()
        for execution in receipt.executions {
            let evidence = try #require(execution.evidence)
            let statement = ResultStatement(
                chain: receipt.chain, job: receipt.job, provider: execution.provider,
                resultDigest: evidence.resultDigest)
            #expect(evidence.key.accepts(evidence.signature, over: statement.signedBytes))
        }
        #expect(receipt.flaws() == [])
    }

    @Test("money and results that do not fit are found")
    func flaws() throws {
        let (_, receipt) = try settled()
        // The figures are found by their bytes: what is changed is what a forger would change.
        let forgeries: [(from: [UInt8], to: [UInt8])] = [
            (Amount(208).canonicalBytes, Amount(207).canonicalBytes),
            (Amount(2_792).canonicalBytes, Amount(2_793).canonicalBytes),
            (MarketWorld.truth.canonicalBytes, MarketWorld.result("x").canonicalBytes),
            (
                MarketWorld.truth.canonicalBytes,
                MarketWorld.result("truth", fuel: 3_000_001).canonicalBytes
            ),
            (receipt.chain.raw.bytes, receipt.job.raw.bytes),
            (
                MarketWorld.result("lie").digest.raw.bytes,
                MarketWorld.truth.digest.raw.bytes
            ),
        ]
        for forgery in forgeries {
            let bytes = replacing(forgery.from, by: forgery.to, in: receipt.canonicalBytes)
            let forged = try Receipt(canonicalBytes: bytes)
            #expect(!forged.flaws().isEmpty)
        }
    }

    private func replacing(_ old: [UInt8], by new: [UInt8], in bytes: [UInt8]) -> [UInt8] {
        let starts = bytes.indices.dropLast(old.count - 1)
        guard let start = starts.first(where: { bytes[$0...].starts(with: old) }) else {
            return bytes
        }
        return bytes[..<start] + new + bytes[(start + old.count)...]
    }
}
