// SPDX-License-Identifier: Apache-2.0
import Consensus
import Cryptography
import Market
import Receipts
import SimulatedEffects
import Testing
import Vocabulary

@Suite("Receipts of a simulated cloud")
struct ReceiptTests {
    /// A settled job's receipt and the genesis it is checked against.
    private func settled() throws -> (file: ReceiptFile, verifier: ReceiptVerifier) {
        let cloud = try SimulatedCloud(seed: 7, providers: 2)
        try cloud.startAll()
        try cloud.waitForProviders()
        let job = try cloud.open(try Program.echo())
        _ = try cloud.finish([job])
        return (try cloud.certify(job), ReceiptVerifier(genesis: cloud.genesis))
    }

    /// The name of the first check that does not hold.
    private func failure(
        _ verifier: ReceiptVerifier, _ file: ReceiptFile, output: Digest? = nil
    ) -> String? {
        verifier.check(file, output: output).first { !$0.holds }?.name
    }

    @Test("the file reads back as it was written, and any changed byte is noticed")
    func everyByte() throws {
        let (file, verifier) = try settled()
        let bytes = file.bytes
        let again = try ReceiptFile(bytes: bytes)
        #expect(failure(verifier, again) == nil)
        #expect(again.id == file.id)
        var seen: Set<String> = []
        for place in bytes.indices {
            var changed = bytes
            changed[place] ^= UInt8(1 << (place % 8))
            guard let tampered = try? ReceiptFile(bytes: changed) else { continue }
            let name = failure(verifier, tampered)
            #expect(name != nil, "byte \(place) of \(bytes.count)")
            if let name { seen.insert(name) }
        }
        #expect(seen.isSuperset(of: ["chain", "quorum", "state"]))
    }

    @Test("each part that is exchanged fails the check of its name")
    func everyPart() throws {
        let (file, verifier) = try settled()
        let (other, _) = try settled()
        var header = file.header
        header.stateRoot = .zero
        func with(header: BlockHeader) -> ReceiptFile {
            ReceiptFile(
                receipt: file.receipt, proof: file.proof, header: header, finality: file.finality)
        }
        #expect(failure(verifier, with(header: header)) == "quorum")
        header = file.header
        header.chain = ChainID(Bytes32.zero)
        #expect(failure(verifier, with(header: header)) == "chain")
        #expect(failure(verifier, file, output: .zero) == "output")
        #expect(failure(verifier, file, output: file.receipt.result?.outputDigest) == nil)
        // The same seed gives the same cloud: the parts of both receipts are the same.
        #expect(other.bytes == file.bytes)
    }

    @Test("a receipt of one chain proves nothing on another")
    func otherChain() throws {
        let (file, _) = try settled()
        let elsewhere = try SimulatedCloud(seed: 7, validators: 5, providers: 2)
        let verifier = ReceiptVerifier(genesis: elsewhere.genesis)
        #expect(failure(verifier, file) == "chain")
    }
}
