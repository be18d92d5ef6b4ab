// SPDX-License-Identifier: Apache-2.0
import Consensus
import Vocabulary

@testable import NodeAssembly

/// The judge of a chain whose validators are those of its genesis for good.
struct GenesisJudge: FinalityJudge {
    let chain: ChainID
    let validators: ValidatorSet

    func verify(
        _ header: BlockHeader, _ finality: FinalityProof, asking peers: any SyncPeers
    ) async throws(SyncFault) {
        do {
            try finality.verify(header, validators: validators, chain: chain)
        } catch {
            throw .notFinal(header.height, error)
        }
    }
}
