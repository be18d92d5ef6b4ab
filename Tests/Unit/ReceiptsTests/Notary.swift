// SPDX-License-Identifier: Apache-2.0
import Consensus
import Cryptography
import JSONText
import Ledger
import Market
import Receipts
import StateTree
import Testing
import Vocabulary

/// Makes receipts as a chain would: written into a state, whose root a quorum signs.
///
/// The receipt's bytes are put together field by field, as specs/receipt.md says, and not by the
/// market: so the form itself is held to the page.
struct Notary {
    let genesis: Genesis
    let validators: [SigningKey]
    let providers: [SigningKey]

    /// What may be made differently from a sound receipt.
    struct Changes {
        var chain: ChainID?
        var cost: UInt64 = 70
        var endedHeight: UInt64 = 9
        var openedTime: UInt64 = 100
        var resultSigner: Int?
        var stateHeight: UInt64 = 10
        var signers = [0, 1, 2]
        var job: UInt8 = 1
        var provenJob: UInt8?
        var epoch: UInt64 = 0
    }

    init() throws {
        validators = try (1...4).map { try Self.key($0) }
        providers = try (11...12).map { try Self.key($0) }
        let seats = zip(["a", "b", "c", "d"], validators).map { name, key -> JSON in
            ["name": .string(name), "publicKey": .string("\(key.publicKey)"), "stake": 1]
        }
        genesis = try Genesis(json: [
            "name": "notary", "time": JSON(1 as UInt64), "validators": .array(seats),
            "modules": [:],
        ])
    }

    static func key(_ number: UInt8) throws -> SigningKey {
        try #require(SigningKey(seed: [UInt8](repeating: number, count: 32)))
    }

    static func bytes(_ byte: UInt8) -> Bytes32 {
        Bytes32 { $0.copyBytes(from: repeatElement(byte, count: 32)) }
    }

    let result = JobResult(
        outcome: .exited(code: 0), outputDigest: SHA256.hash([7]), outputBytes: 1,
        fuelUsed: Fuel(25_000_000))

    /// A receipt file with the given changes; everything else is in order.
    func file(_ changes: Changes = Changes()) throws -> ReceiptFile {
        let receipt = try Receipt(canonicalBytes: receiptBytes(changes))
        var tree = SparseMerkleTree()
        let proven = JobID(Self.bytes(changes.provenJob ?? changes.job))
        let paths = [proven, JobID(Self.bytes(99))].map {
            SparseMerkleTree.path(of: [ModuleID.market.value] + MarketKeys.receipt($0))
        }
        let value = SHA256.hash(receipt.canonicalBytes)
        tree.update(
            paths.map { SparseMerkleTree.Change(key: $0, valueHash: value) }
                .sorted { $0.key < $1.key })
        let header = BlockHeader(
            chain: genesis.chain, epoch: Epoch(changes.epoch), slot: Slot(20),
            height: BlockHeight(11), parentSlot: Slot(19),
            parent: SHA256.hash([1]), timestamp: Timestamp(300), payloadDigest: SHA256.hash([2]),
            stateHeight: BlockHeight(changes.stateHeight), stateRoot: tree.root,
            proposer: validators[0].publicKey)
        return ReceiptFile(
            receipt: receipt, proof: tree.prove(paths[0]), header: header,
            finality: FinalityProof(certificate: certificate(header, changes.signers)))
    }

    private func certificate(_ header: BlockHeader, _ signers: [Int]) -> Certificate {
        let statement = Statement.final(header.slot, header.hash)
        let keys = validators
        return Certificate(
            statement, epoch: header.epoch,
            votes: signers.map {
                Vote(
                    statement, by: keys[$0], validator: UInt16($0), chain: genesis.chain,
                    epoch: header.epoch)
            })
    }

    private func receiptBytes(_ changes: Changes) -> [UInt8] {
        var encoder = CanonicalEncoder()
        encoder.write(UInt16(1))
        encoder.write(changes.chain ?? genesis.chain)
        encoder.write(JobID(Self.bytes(changes.job)))
        encoder.write(AccountID(Self.bytes(2)))
        encoder.writeTag(0)
        encoder.write(UInt8(2))
        for digest in 3...5 as ClosedRange<UInt8> { encoder.write(Digest(Self.bytes(digest))) }
        encoder.write(UInt8(2))
        encoder.write(UInt8(0))
        encoder.writeOptional(result)
        encoder.writeLength(2)
        for index in 0..<2 { execution(index, changes, &encoder) }
        encoder.write(AssetID.native)
        encoder.write(Amount(100))
        encoder.write(Amount(UInt128(changes.cost)))
        encoder.write(Amount(UInt128(100 - changes.cost)))
        encoder.write(BlockHeight(5))
        encoder.write(Timestamp(changes.openedTime))
        encoder.write(BlockHeight(changes.endedHeight))
        encoder.write(Timestamp(200))
        return encoder.bytes
    }

    /// One provider at 10 a run and 1 a million fuel: 35 for 25 million.
    private func execution(_ index: Int, _ changes: Changes, _ encoder: inout CanonicalEncoder) {
        let account = AccountID(of: providers[index].publicKey)
        let statement = ResultStatement(
            chain: changes.chain ?? genesis.chain, job: JobID(Self.bytes(changes.job)),
            provider: account, resultDigest: result.digest)
        let signer = providers[changes.resultSigner ?? index]
        encoder.write(account)
        encoder.write(Price(base: Amount(10), perMillionFuel: Amount(1)))
        encoder.write(true)
        encoder.write(result.digest)
        encoder.write(Self.bytes(8))
        encoder.write(providers[index].publicKey)
        encoder.write(signer.sign(statement.signedBytes))
        encoder.write(Amount(35))
        encoder.write(Amount(35))
        encoder.write(Amount.zero)
        encoder.write(Amount.zero)
        encoder.write(UInt8(0))
    }
}
