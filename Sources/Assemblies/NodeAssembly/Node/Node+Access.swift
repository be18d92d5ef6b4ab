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

    /// Reads the executed state; waits while the disk cannot be read, so that what could not be
    /// read is never taken for what is not there (NODE-19).
    public func read<Result: Sendable>(
        _ body: @Sendable (any StateReader, StateHead) -> Result
    ) async -> Result {
        let answer = await patiently { () throws(LedgerFailure) in
            try self.ledger.query { body($0, self.head) }
        }
        // Only who no longer waits for an answer, or a node that ends, gets one it cannot trust.
        return answer ?? body(ledger, head)
    }

    /// Repeats a read of the state until the disk gives it.
    ///
    /// - Returns: Nothing when the node stops or the caller is cancelled first.
    func patiently<Answer>(_ read: () throws(LedgerFailure) -> Answer) async -> Answer? {
        while true {
            do {
                let answer = try read()
                trouble("reads", nil)
                return answer
            } catch {
                trouble("reads", "the state cannot be read: \(error); readers wait")
                await effects.time.sleep(milliseconds: 1_000)
                guard !isStopping, !Task.isCancelled else { return nil }
            }
        }
    }

    /// Changes a bit of a stored value, unnoticed, as a fault of memory would; for simulations.
    ///
    /// - Returns: Whether there is such a value.
    package func flipBit(_ module: ModuleID, _ key: [UInt8]) -> Bool {
        ledger.flipBit(module, key)
    }

    /// Blocks above a height as they were executed here.
    public func blocks(after height: BlockHeight, waiting milliseconds: UInt64) async -> FeedPage {
        let deadline = effects.time.now().advanced(by: milliseconds.saturatingNanoseconds)
        while !isStopping, !Task.isCancelled {
            if let page = feed.page(after: height, head: ledger.height) { return page }
            let now = effects.time.now()
            guard now < deadline else { break }
            await nextBlock(waiting: deadline.milliseconds(since: now) + 1)
        }
        return .blocks([])
    }

    /// Waits for the next block to be executed, until time is up, or until the task is cancelled.
    func nextBlock(waiting milliseconds: UInt64) async {
        let (ticket, gate) = bell.gate()
        let timer = effects.tasks.spawn("block wait") { [effects] in
            await effects.time.sleep(milliseconds: milliseconds)
            gate.open()
        }
        await gate.wait()
        timer.cancel()
        bell.forget(ticket)
    }

    /// Final blocks from the log.
    public func finalBlocks(from height: BlockHeight, count: Int) async -> [FinalizedBlock] {
        do {
            let blocks = try await storage.finalBlocks(
                from: height, count: count, bytesMax: Self.finalBlocksBytesMax)
            trouble("log", nil)
            return blocks
        } catch {
            trouble("log", "the block log cannot be read at height \(height): \(error)")
            return []
        }
    }

    /// A value of the executed state with a proof that a certified header vouches for (NODE-20).
    public func certify(
        _ module: ModuleID, _ key: [UInt8], milliseconds: UInt64
    ) async throws(CertificationFailure) -> CertifiedValue {
        let wanted = ledger.height
        let deadline = effects.time.now().advanced(by: milliseconds.saturatingNanoseconds)
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

extension UInt64 {
    /// So many milliseconds in nanoseconds, or the most there are.
    var saturatingNanoseconds: UInt64 {
        let (product, overflow) = multipliedReportingOverflow(by: 1_000_000)
        return overflow ? .max : product
    }
}
