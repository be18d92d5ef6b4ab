// SPDX-License-Identifier: Apache-2.0
import Effects

/// The ends of epochs as a node has recorded them, one after the other; each is checked by who
/// takes it (ARCHIVE-10).
struct RecordedEpochs {
    private let log: (any LogInspection)?

    /// Looks into a node's log of epochs; none when the chain has only one epoch yet.
    init(_ log: (any LogInspection)?) { self.log = log }

    /// What is recorded of the end of the next epoch; nothing when that does not read.
    func next() async throws(ArchiveFailure) -> EpochRecord? {
        guard let log else { return nil }
        do throws(DiskFailure) {
            let page = try await log.next(count: 1, bytesMax: 1)
            return page.first.flatMap { try? EpochRecord(canonicalBytes: $0) }
        } catch {
            throw .disk(error)
        }
    }

    /// Goes on to the next epoch when `succession` stands at the end of one.
    ///
    /// The end of the newest epoch may not be recorded yet; a block after it is then a fault.
    ///
    /// - Returns: The record that was needed.
    func enter(_ succession: inout BlockSuccession) async throws(ArchiveFailure) -> EpochRecord? {
        guard succession.ended != nil, let record = try await next() else { return nil }
        do throws(ChainFault) {
            try succession.enter(record)
            return record
        } catch {
            throw .fault(error)
        }
    }
}
