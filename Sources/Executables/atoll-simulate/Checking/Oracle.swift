// SPDX-License-Identifier: Apache-2.0
import Consensus
import Effects
import Ledger
import NodeAssembly
import Vocabulary

/// Executes the history everybody agreed on once more, from the genesis, one block after the other
/// on a machine that never crashed: every root must come out again.
struct Oracle {
    let genesis: Genesis
    let history: [FinalizedBlock]

    /// The most bytes of its state.
    private static let storeBytesMax = 1 << 30

    /// Executes everything.
    ///
    /// - Returns: What does not hold, or nothing.
    func examine(_ effects: Effects, root: Digest) async -> String? {
        guard let last = history.last?.block.header.height else { return nil }
        do {
            let store = try await effects.disk.openStore("oracle", bytesMax: Self.storeBytesMax)
            let audit = try ChainAudit(
                genesis: genesis, store: store, workers: effects.workers)
            // The judge has checked every signature.
            let report = try await audit.run(
                HistoryLog(history), signaturesFrom: last.advanced(by: 1))
            guard report.stateRoot == root else {
                return "executed once more, block \(last) leads to \(report.stateRoot), not \(root)"
            }
            return nil
        } catch {
            return "the history cannot be executed once more: \(error)"
        }
    }
}

/// Blocks in memory, read like a log on a disk.
private actor HistoryLog: LogInspection {
    private let records: [[UInt8]]
    private var place = 0

    init(_ blocks: [FinalizedBlock]) { records = blocks.map(\.canonicalBytes) }

    var first: UInt64 { 0 }
    var bytes: UInt64 { records.reduce(0) { $0 + UInt64($1.count) } }
    var bytesRead: UInt64 { records.prefix(place).reduce(0) { $0 + UInt64($1.count) } }
    var flaw: LogFlaw? { nil }

    func next(count: Int, bytesMax: Int) async throws(DiskFailure) -> [[UInt8]] {
        let end = min(place + count, records.count)
        defer { place = end }
        return Array(records[place..<end])
    }

    func close() async {}
}
