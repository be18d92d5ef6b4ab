// SPDX-License-Identifier: Apache-2.0
import Consensus
import Ledger
import LightClient
import Vocabulary

/// Knows the validators of every epoch from the genesis on, by the handovers that peers give it
/// (SYNC-6).
actor TrailJudge: FinalityJudge {
    private var trail: ValidatorTrail

    /// Begins with the validators of the genesis.
    ///
    /// - Throws: ``LightFailure/validators(_:)``.
    init(genesis: Genesis) throws(LightFailure) {
        trail = try ValidatorTrail(genesis: genesis)
    }

    func verify(
        _ header: BlockHeader, _ finality: FinalityProof, asking peers: any SyncPeers
    ) async throws(SyncFault) {
        await reach(header.epoch, asking: peers)
        guard let validators = trail.validators(of: header.epoch) else {
            throw .unknownEpoch(header.epoch)
        }
        do {
            try finality.verify(header, validators: validators, chain: trail.chain)
        } catch {
            throw .notFinal(header.height, error)
        }
    }

    /// Takes handovers from whoever gives some that hold, up to an epoch.
    private func reach(_ epoch: Epoch, asking peers: any SyncPeers) async {
        for peer in await peers.everyone() {
            while trail.newest < epoch {
                let from = trail.newest
                guard case .answer(let bytes) = await peers.ask(.handovers(from), of: peer),
                    bytes.count <= SyncRequest.handoversBytesMax,
                    let page = try? HandoverFile(canonicalBytes: bytes)
                else { break }
                // What another call has taken meanwhile is no contradiction.
                do throws(LightFailure) {
                    try trail.extend(by: page.handovers)
                } catch { break }
                guard trail.newest > from else { break }
            }
        }
    }
}

/// Where a node keeps the handovers of its chain.
protocol HandoverSource: Sendable {
    /// The handovers of an epoch and those after it, in order, as many as have so many bytes.
    func handovers(from epoch: Epoch, bytesMax: Int) async -> [Handover]
}
