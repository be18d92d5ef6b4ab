// SPDX-License-Identifier: Apache-2.0
import Consensus
import NodeAssembly
import Vocabulary

/// Claims to be far ahead, so that whoever is behind asks it, and answers with forgeries.
///
/// Touched only by the tasks of its node.
final class LyingCatchUp: ValidatorConduct, @unchecked Sendable {
    /// Blocks it has seen, to forge from.
    private var known: [FinalizedBlock] = []
    private var answers = 0
    /// As many as one answer holds.
    private static let knownMax = ConsensusMessage.blocksPerResponseMax
    /// How far ahead it claims to be.
    private static let lead: UInt64 = 1_000

    func rewrite(_ effects: [ConsensusEffect]) -> [ConsensusEffect] {
        effects.map { effect in
            switch effect {
            case .finalized(let blocks):
                known = Array((known + blocks).suffix(Self.knownMax))
                return effect
            case .serveBlocks(let peer, _, _): return .send(to: peer, .blockResponse(forgery()))
            case .broadcast(.status(let status)): return .broadcast(.status(boast(status)))
            case .send(let peer, .status(let status)):
                return .send(to: peer, .status(boast(status)))
            default: return effect
            }
        }
    }

    private func boast(_ status: ConsensusStatus) -> ConsensusStatus {
        ConsensusStatus(
            epoch: status.epoch, finalHeight: status.finalHeight.advanced(by: Self.lead),
            finalSlot: status.finalSlot.advanced(by: Self.lead),
            slot: status.slot.advanced(by: Self.lead))
    }

    /// One kind of forgery after the other.
    private func forgery() -> [FinalizedBlock] {
        answers += 1
        switch answers % 5 {
        case 0: return []
        case 1: return known.reversed()
        case 2:
            return known.compactMap {
                forge($0) { $0.timestamp = $0.timestamp.advanced(by: 1) }
            }
        case 3:
            return zip(known, known.dropFirst()).map {
                FinalizedBlock(block: $0.block, proof: $1.proof)
            }
        default:
            return known.map { block in
                let real = block.proof.certificate
                let fake = Certificate(
                    epoch: real.epoch, statement: real.statement, signers: real.signers,
                    signatures: real.signatures.reversed())
                return FinalizedBlock(block: block.block, proof: FinalityProof(certificate: fake))
            }
        }
    }

    private func forge(
        _ block: FinalizedBlock, _ change: (inout BlockHeader) -> Void
    ) -> FinalizedBlock? {
        var header = block.block.header
        change(&header)
        return Block(header: header, payload: block.block.payload).map {
            FinalizedBlock(block: $0, proof: block.proof)
        }
    }
}
