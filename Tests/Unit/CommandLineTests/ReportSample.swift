// SPDX-License-Identifier: Apache-2.0
import Consensus
import Cryptography
import JSONText
import Market
import Receipts
import StateTree
import Vocabulary

@testable import ClientKit

/// A report of a job that one provider ran.
struct ReportSample {
    let key: SigningKey
    let terms: OrderTerms
    let job = JobID(SHA256.hash([1]).raw)
    let digest = SHA256.hash([2])
    var result: JobResult? = JobResult(
        outcome: .exited(code: 3), outputDigest: SHA256.hash([3]), outputBytes: 6,
        fuelUsed: Fuel(2_000_000))

    init() throws {
        key = try Self.key()
        terms = OrderTerms(
            moduleDigest: digest, inputDigest: digest, arguments: [],
            limits: JobLimits(
                fuelMax: Fuel(1_000_000_000), memoryBytesMax: 1, outputBytesMax: 1,
                wallMilliseconds: 1),
            replicas: 1, maxCost: Amount(whole: 2), deadline: Timestamp(9), salt: .zero)
    }

    private struct NoKey: Error {}
    private static func key() throws -> SigningKey {
        guard let key = SigningKey(seed: [UInt8](repeating: 1, count: 32)) else { throw NoKey() }
        return key
    }

    private var account: AccountID { AccountID(of: key.publicKey) }

    func report() throws -> JobReport {
        let outcome: JSON = [
            "hash": JSON("\(digest)"), "height": 5, "index": 0, "fee": "528000000000000",
            "refusal": .null,
        ]
        let sent = SentTransaction(
            outcome: try TransactionView(AnswerReader(outcome)), finalityMilliseconds: 31,
            sentAt: Timestamp(1), begin: .init(0))
        let opened = OpenedJob(
            job: job, terms: terms, sent: sent, balanceBefore: Amount(whole: 10),
            uploadMilliseconds: 4, blockMilliseconds: 12)
        return JobReport(
            opened: opened, view: try view(), client: account,
            standardOutput: result == nil ? nil : Array("hello\n".utf8),
            standardError: result == nil ? nil : [], receipt: try file(),
            checks: [ReceiptCheck(name: "chain", finding: .holds("test"))],
            balanceAfter: Amount(whole: 9), settledMilliseconds: 200, totalMilliseconds: 240)
    }

    private func view() throws -> JobView {
        var members: [JSON.Member] = [
            JSON.Member("job", JSON("\(job)")), JSON.Member("client", JSON("\(account)")),
            JSON.Member("state", result == nil ? "expired" : "settled"),
            JSON.Member("moduleDigest", JSON("\(digest)")),
            JSON.Member("inputDigest", JSON("\(digest)")), JSON.Member("replicas", 1),
            JSON.Member("asset", 0), JSON.Member("maxCost", JSON("\(terms.maxCost.units)")),
            JSON.Member("openedAt", 1), JSON.Member("openedHeight", 5),
            JSON.Member("bids", []), JSON.Member("leases", []),
        ]
        if let result {
            members.append(
                JSON.Member(
                    "result",
                    [
                        "outcome": "exited", "code": 3,
                        "outputDigest": JSON("\(result.outputDigest)"), "outputBytes": 6,
                        "fuelUsed": 2_000_000,
                    ]))
        }
        return try JobView(AnswerReader(.object(members)))
    }

    private func file() throws -> ReceiptFile {
        let header = BlockHeader(
            chain: ChainID(.zero), epoch: Epoch(0), slot: Slot(9), height: BlockHeight(8),
            parentSlot: Slot(8),
            parent: .zero, timestamp: Timestamp(9), payloadDigest: .zero,
            stateHeight: BlockHeight(7), stateRoot: .zero, proposer: key.publicKey)
        let statement = Statement.final(header.slot, digest)
        let vote = Vote(statement, by: key, validator: 0, chain: ChainID(.zero), epoch: Epoch(0))
        return ReceiptFile(
            receipt: try Receipt(canonicalBytes: receiptBytes),
            proof: SparseMerkleTree().prove(digest), header: header,
            finality: FinalityProof(
                certificate: Certificate(statement, epoch: Epoch(0), votes: [vote])))
    }

    private var receiptBytes: [UInt8] {
        let paid = result == nil ? Amount.zero : Amount(whole: 1)
        var encoder = CanonicalEncoder()
        encoder.write(Receipt.version)
        encoder.write(ChainID(.zero))
        encoder.write(job)
        encoder.write(account)
        encoder.write(terms.kind)
        encoder.write(terms.rung)
        for _ in 0..<3 { encoder.write(digest) }
        encoder.write(terms.replicas)
        encoder.write(result == nil ? OrderEnding.expired : .settled)
        encoder.writeOptional(result)
        encoder.writeLength(result == nil ? 0 : 1)
        if let result { write(result, paid, to: &encoder) }
        encoder.write(terms.asset)
        encoder.write(terms.maxCost)
        encoder.write(paid)
        encoder.write(terms.maxCost.subtracting(paid) ?? .zero)
        for height in [UInt64(5), 7] {
            encoder.write(Moment(height: BlockHeight(height), time: Timestamp(height)))
        }
        return encoder.bytes
    }

    private func write(_ result: JobResult, _ paid: Amount, to encoder: inout CanonicalEncoder) {
        encoder.write(account)
        encoder.write(Price(base: paid, perMillionFuel: .zero))
        encoder.write(true)
        encoder.write(result.digest)
        encoder.write(Bytes32.zero)
        encoder.write(key.publicKey)
        encoder.write(key.sign([]))
        encoder.write(paid)
        encoder.write(paid)
        encoder.write(Amount.zero)
        encoder.write(Amount.zero)
        encoder.write(ExecutionFinding.agreed)
    }
}
