// SPDX-License-Identifier: Apache-2.0
import Synchronization
import Vocabulary

/// Which events concern whom: postings since the last commit in memory, older ones in runs on disk,
/// each in order (STATE-15).
///
/// A run costs a commit one value for 372 postings instead of a random key for each. Small runs are
/// merged, so that a query looks into few.
final class EventIndex {
    /// What a commit does to the index.
    final class Draft: Sendable {
        fileprivate let postings: [[Posting]]
        fileprivate let merged: [PostingRun]
        fileprivate let dropped: [PostingRun]
        fileprivate let number: UInt64
        // What carrying it out gave; nothing before.
        fileprivate let outcome = Mutex<Outcome?>(nil)

        fileprivate struct Outcome: Sendable {
            let run: PostingRun?
            let isMerged: Bool
        }

        fileprivate init(
            _ postings: [[Posting]], merged: [PostingRun], dropped: [PostingRun], number: UInt64
        ) {
            self.postings = postings
            self.merged = merged
            self.dropped = dropped
            self.number = number
        }

        /// Sorts and merges, and says what the store must change.
        func changes(in layers: LayeredStore) -> [OrderedOverlay.Change] {
            var removals = dropped.flatMap { $0.removal(in: layers) }
            var all = postings
            let older = merged.compactMap { $0.all(in: layers) }
            // A run that cannot be read now stays as it is.
            let isMerged = older.count == merged.count
            if isMerged {
                for run in merged { removals += run.removal(in: layers) }
                all += older
            }
            let sorted = Posting.sorted(all)
            guard !sorted.isEmpty else {
                outcome.withLock { $0 = Outcome(run: nil, isMerged: isMerged) }
                return removals
            }
            let made = PostingRun.changes(number, sorted)
            outcome.withLock { $0 = Outcome(run: made.run, isMerged: isMerged) }
            return removals + made.changes
        }
    }

    /// Postings that a merged run may have: 262,144, or 11 MiB.
    private static let mergedMax: UInt64 = 262_144
    /// Small runs that are merged into one.
    private static let mergedRuns = 16

    // By block.
    private var fresh: [[Posting]] = []
    private var committing: [[Posting]] = []
    private var freshCount = 0
    private var runs: [PostingRun]
    private var next: UInt64

    /// - Parameter runs: What the store has.
    init(_ runs: [PostingRun]) {
        self.runs = runs.sorted { $0.number < $1.number }
        next = (runs.map(\.number).max() ?? 0) + 1
    }

    /// About how many bytes wait to be committed.
    var pendingBytes: Int { freshCount * MemoryLayout<Posting>.stride }

    /// Notes the postings of a block.
    func append(_ postings: [Posting]) {
        fresh.append(postings)
        freshCount += postings.count
    }

    /// Up to `limit` places of a subject's events after a place and a horizon, in order.
    ///
    /// Cost: a search in each run, and a look at each posting since the last commit.
    func places(
        of subject: Bytes32, after place: EventCursor?, limit: Int, in layers: LayeredStore
    ) -> [EventCursor] {
        var found: [EventCursor] = []
        // Runs follow each other in time, and so do those who wait.
        for run in runs where found.count < limit {
            if let place, run.newest < place.height { continue }
            found += run.postings(
                of: subject, after: place, limit: limit - found.count, in: layers
            ).map(\.place)
        }
        for waiting in [committing, fresh] where found.count < limit {
            let more = waiting.lazy.joined().filter { posting in
                posting.subject == subject && (place.map { posting.place > $0 } ?? true)
            }
            found += more.prefix(limit - found.count).map(\.place)
        }
        return found
    }

    // MARK: Committing

    /// Begins a commit: what is noted from now on belongs to the next one.
    func begin(forgetting horizon: BlockHeight) -> Draft {
        committing = fresh
        fresh = []
        let waiting = freshCount
        freshCount = 0
        let dropped = runs.filter { $0.newest <= horizon }
        let kept = runs.filter { $0.newest > horizon }
        var count = UInt64(waiting)
        let small = kept.reversed().prefix { run in
            count += run.count
            return count <= Self.mergedMax
        }
        let merged = small.count >= Self.mergedRuns ? Array(small.reversed()) : []
        defer { next += 1 }
        return Draft(committing, merged: merged, dropped: dropped, number: next)
    }

    /// Ends a commit.
    func end(_ draft: Draft, isDurable: Bool) {
        guard isDurable, let outcome = draft.outcome.withLock({ $0 }) else {
            fresh = committing + fresh
            freshCount = fresh.reduce(0) { $0 + $1.count }
            committing = []
            return
        }
        committing = []
        let gone = draft.dropped + (outcome.isMerged ? draft.merged : [])
        runs.removeAll { run in gone.contains { $0.number == run.number } }
        if let run = outcome.run { runs.append(run) }
    }
}
