// SPDX-License-Identifier: Apache-2.0
import Consensus
import Vocabulary

/// The judge who follows the chain from the validators of its genesis to those of any epoch: what
/// is not in the node's own book it asks of peers, and each step is proved by the set before it
/// (CONSENSUS-26).
struct EpochJudge: FinalityJudge {
    let book: EpochBook

    func verify(
        _ header: BlockHeader, _ finality: FinalityProof, asking peers: any SyncPeers
    ) async throws(SyncFault) {
        while await book.newest < header.epoch {
            let epoch = await book.newest
            guard await learn(epoch, from: peers) else { throw .unknownEpoch(epoch) }
        }
        do {
            let schedule = try await book.schedule(in: header.epoch)
            try finality.verify(
                header, validators: schedule.validators, chain: schedule.chain)
        } catch let error as FinalityError {
            throw .notFinal(header.height, error)
        } catch {
            throw .unknownEpoch(header.epoch)
        }
    }

    /// Asks one peer after the other how an epoch ended, until one proves it.
    private func learn(_ epoch: Epoch, from peers: any SyncPeers) async -> Bool {
        for peer in await peers.everyone() {
            guard case .answer(let bytes) = await peers.ask(.epoch(epoch), of: peer),
                let record = try? EpochRecord(canonicalBytes: bytes),
                (try? await book.learn(record)) == true
            else { continue }
            return true
        }
        return false
    }
}
