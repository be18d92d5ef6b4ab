// SPDX-License-Identifier: Apache-2.0
import Consensus
import Cryptography
import Ledger
import LightClient
import Market
import Receipts
import StateTree
import Vocabulary

/// Makes receipts that a one-validator chain vouches for.
struct ReceiptPress {
    let terms: OrderTerms
    let job: JobID
    let client: AccountID
    let chain: ChainID
    var result: JobResult?
    var providers = [Samples.key(20), Samples.key(21)]
    var ending = OrderEnding.settled

    static let price = Price(base: Amount(100), perMillionFuel: Amount(1))

    /// The receipt with its proof and certificate.
    func file() throws -> ReceiptFile {
        let receipt = try Receipt(canonicalBytes: bytes)
        let key = [ModuleID.market.value] + MarketKeys.receipt(job)
        let (proof, root) = Self.proof(of: key, receipt.canonicalBytes)
        let (header, finality) = Self.certified(root, chain)
        return ReceiptFile(receipt: receipt, proof: proof, header: header, finality: finality)
    }

    /// A file that proves one byte under a key.
    static func proofFile(of module: ModuleID, _ key: [UInt8]) throws -> ProofFile {
        let (proof, root) = proof(of: [module.value] + key, [1])
        let (header, finality) = certified(root, try Samples.genesis.chain)
        let entry = ProofEntry(module: module, key: key, value: [1], proof: proof)
        guard let section = ProofSection(header: header, finality: finality, entries: [entry]),
            let file = ProofFile([section])
        else { throw Unmade() }
        return file
    }

    /// A state with one key, and the path to it.
    private static func proof(of key: [UInt8], _ value: [UInt8]) -> (StateProof, Digest) {
        var tree = SparseMerkleTree()
        let path = SparseMerkleTree.path(of: key)
        tree.update([SparseMerkleTree.Change(key: path, valueHash: SHA256.hash(value))])
        return (tree.prove(path), tree.root)
    }

    private static func certified(_ root: Digest, _ chain: ChainID) -> (BlockHeader, FinalityProof)
    {
        let header = BlockHeader(
            chain: chain, epoch: Epoch(0), slot: Slot(12), height: BlockHeight(11),
            parentSlot: Slot(11),
            parent: .zero, timestamp: Timestamp(1_700_000_002_000),
            payloadDigest: Block.digest(of: []), stateHeight: BlockHeight(10), stateRoot: root,
            proposer: Samples.validator.publicKey)
        let statement = Statement.final(header.slot, header.hash)
        let vote = Vote(
            statement, by: Samples.validator, validator: 0, chain: chain, epoch: Epoch(0))
        return (
            header,
            FinalityProof(certificate: Certificate(statement, epoch: Epoch(0), votes: [vote]))
        )
    }

    private struct Unmade: Error {}

    /// What each agreeing provider is paid.
    var bill: Amount { result.flatMap { Self.price.bill(for: $0.fuelUsed) } ?? .zero }
    /// What the client pays.
    var cost: Amount {
        result == nil ? .zero : Amount(bill.units * UInt128(providers.count))
    }

    /// The receipt's canonical form, field by field as the market writes it.
    private var bytes: [UInt8] {
        var encoder = CanonicalEncoder()
        encoder.write(Receipt.version)
        encoder.write(chain)
        encoder.write(job)
        encoder.write(client)
        encoder.write(terms.kind)
        encoder.write(terms.rung)
        encoder.write(terms.moduleDigest)
        encoder.write(terms.inputDigest)
        encoder.write(terms.argumentsDigest)
        encoder.write(terms.replicas)
        encoder.write(ending)
        encoder.writeOptional(result)
        encoder.writeLength(result == nil ? 0 : providers.count)
        if let result { for key in providers { write(key, result, to: &encoder) } }
        encoder.write(terms.asset)
        encoder.write(terms.maxCost)
        encoder.write(cost)
        encoder.write(terms.maxCost.subtracting(cost) ?? .zero)
        encoder.write(
            Moment(height: BlockHeight(8), time: Timestamp(1_700_000_000_100)))
        encoder.write(
            Moment(height: BlockHeight(10), time: Timestamp(1_700_000_001_000)))
        return encoder.bytes
    }

    private func write(
        _ key: SigningKey, _ result: JobResult, to encoder: inout CanonicalEncoder
    ) {
        let provider = AccountID(of: key.publicKey)
        let statement = ResultStatement(
            chain: chain, job: job, provider: provider, resultDigest: result.digest)
        encoder.write(provider)
        encoder.write(Self.price)
        encoder.write(true)
        encoder.write(result.digest)
        encoder.write(Bytes32.zero)
        encoder.write(key.publicKey)
        encoder.write(key.sign(statement.signedBytes))
        encoder.write(bill)
        encoder.write(bill)
        encoder.write(Amount.zero)
        encoder.write(Amount.zero)
        encoder.write(ExecutionFinding.agreed)
    }
}
