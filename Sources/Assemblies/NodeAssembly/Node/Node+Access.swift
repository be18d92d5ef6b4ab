// SPDX-License-Identifier: Apache-2.0
public import Consensus
import Effects
public import Ledger
public import NodeInterface
import PeerNetwork
public import Vocabulary

extension Node {
    /// The most bytes one answer with final blocks holds.
    static let finalBlocksBytesMax = 8 << 20

    /// Reads the executed state.
    public func read<Result: Sendable>(
        _ body: @Sendable (any StateReader, StateHead) -> Result
    ) -> Result {
        body(ledger, head)
    }

    /// Blocks above a height as they were executed here.
    public func blocks(after height: BlockHeight, waiting milliseconds: UInt64) async -> FeedPage {
        let deadline = effects.time.now().advanced(by: milliseconds * 1_000_000)
        while !isStopping, !Task.isCancelled {
            if let page = feed.page(after: height, head: ledger.height) { return page }
            let now = effects.time.now()
            guard now < deadline else { break }
            await nextBlock(waiting: deadline.milliseconds(since: now) + 1)
        }
        return .blocks([])
    }

    /// Waits for the next block to be executed, or until time is up.
    func nextBlock(waiting milliseconds: UInt64) async {
        var timer: (any SpawnedTask)?
        await withCheckedContinuation { continuation in
            guard let ticket = blockSignal.add(continuation) else { return }
            timer = effects.tasks.spawn("block wait") { [effects] in
                await effects.time.sleep(milliseconds: milliseconds)
                await self.release(ticket)
            }
        }
        timer?.cancel()
    }

    private func release(_ ticket: UInt64) { blockSignal.release(ticket) }

    /// Final blocks from the log.
    public func finalBlocks(from height: BlockHeight, count: Int) async -> [FinalizedBlock] {
        let blocks = try? await storage.finalBlocks(
            from: height, count: count, bytesMax: Self.finalBlocksBytesMax)
        return blocks ?? []
    }

    /// A value of the executed state with a proof that a certified header vouches for.
    public func certify(
        _ module: ModuleID, _ key: [UInt8], milliseconds: UInt64
    ) async throws(CertificationFailure) -> CertifiedValue {
        let wanted = ledger.height
        let deadline = effects.time.now().advanced(by: milliseconds * 1_000_000)
        while !isStopping {
            if let value = certified(module, key, since: wanted) { return value }
            let now = effects.time.now()
            guard now < deadline else { break }
            await nextBlock(waiting: deadline.milliseconds(since: now) + 1)
        }
        throw .timedOut
    }

    /// The proof under the newest certified header, when its state is not older than `wanted` or
    /// nothing has changed since.
    private func certified(
        _ module: ModuleID, _ key: [UInt8], since wanted: BlockHeight
    ) -> CertifiedValue? {
        guard let lastFinal else { return nil }
        let header = lastFinal.block.header
        guard header.stateHeight >= wanted || lastChanged <= header.stateHeight,
            let proven = try? ledger.prove(module, key, at: header.stateHeight),
            proven.root == header.stateRoot
        else { return nil }
        return CertifiedValue(
            value: proven.value, proof: proven.proof, header: header, finality: lastFinal.proof)
    }
}
