// SPDX-License-Identifier: Apache-2.0
import Accounts
import Consensus
import Ledger
import LightClient
import Receipts
import StateTree
import Validators
import Vocabulary

extension FuzzTarget {
    /// What clients hand in and take away.
    static let ledger: [FuzzTarget] = [
        FuzzTarget("transactions", of: transactions),
        FuzzTarget("client-files", of: clientFiles),
        genesis,
    ]

    private static let transactions: [FuzzTarget] = [
        FuzzTarget(
            "signed-transaction", SignedTransaction.self,
            samples: { SampleChain.shared.transactions },
            check: {
                _ = CheckedTransaction.check(all: [$0], chain: SampleChain.shared.genesis.chain)
            }
        ),
        FuzzTarget(
            "payload",
            samples: {
                let list = SampleChain.shared.transactions
                return [Payload.filled(from: list).bytes]
            },
            take: { bytes in
                guard let payload = try? Payload(bytes: bytes) else { return }
                precondition(payload.canonicalBytes == bytes, "a payload has one encoding")
            }),
    ]

    private static let genesis = FuzzTarget(
        "genesis", samples: { [Array(SampleChain.shared.genesis.write().utf8)] },
        take: { bytes in
            guard let genesis = try? Genesis(bytes: bytes) else { return }
            let again = try? Genesis(bytes: Array(genesis.write().utf8))
            precondition(again?.chain == genesis.chain, "a genesis is read as it is written")
            _ = try? ValidatorSet(of: genesis)
        })

    private static let clientFiles: [FuzzTarget] = [
        FuzzTarget("proof-file", samples: proofFiles) { bytes in
            guard let file = try? ProofFile(bytes: bytes) else { return }
            precondition(
                ProofFile.mark + file.canonicalBytes == bytes, "a proof has one encoding")
            guard let verifier = try? LightVerifier(genesis: SampleChain.shared.genesis) else {
                return
            }
            _ = try? verifier.verify(file)
        },
        FuzzTarget("receipt-file", samples: { [ReceiptFile.mark + [1, 0]] }) { bytes in
            guard let file = try? ReceiptFile(bytes: bytes) else { return }
            precondition(
                ReceiptFile.mark + file.canonicalBytes == bytes, "a receipt has one encoding")
        },
        FuzzTarget(
            "state-proof", StateProof.self, samples: { [SampleChain.shared.stateProof] }),
        FuzzTarget("handover-file", samples: handoverFiles) { bytes in
            guard let file = try? HandoverFile(bytes: bytes) else { return }
            precondition(file.bytes == bytes, "handovers have one encoding")
            guard var trail = try? ValidatorTrail(genesis: SampleChain.shared.genesis) else {
                return
            }
            try? trail.extend(by: file.handovers)
        },
        keyFile,
    ]

    @Sendable private static func handoverFiles() -> [[UInt8]] {
        let chain = SampleChain.shared
        let final = chain.finalized[1]
        let handover = Handover(
            header: final.block.header, finality: final.proof,
            next: NextSet(epoch: Epoch(1), validators: chain.validators),
            proof: chain.stateProof)
        return HandoverFile([handover]).map { [$0.bytes] } ?? []
    }

    @Sendable private static func proofFiles() -> [[UInt8]] {
        let chain = SampleChain.shared
        let entry = ProofEntry(
            module: .accounts, key: [1], value: [1], proof: chain.stateProof)
        let final = chain.finalized[1]
        let section = ProofSection(
            header: final.block.header, finality: final.proof, entries: [entry])
        guard let section, let file = ProofFile([section]) else { return [] }
        return [ProofFile.mark + file.canonicalBytes]
    }
}
