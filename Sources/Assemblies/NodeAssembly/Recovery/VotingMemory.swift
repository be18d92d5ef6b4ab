// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// What a validator finds of its own words at a start, and what it may therefore sign
/// (RECOVERY-8 to RECOVERY-11).
struct VotingMemory {
    /// What is known of the promise.
    enum Promise: Equatable {
        case none, damaged
        case read(VotingPromise)
    }

    let promise: Promise
    /// The newest slot in which the log holds words of this validator.
    var newestSpoken: Slot?
    /// Whether the log has ever held a record.
    var hasRecords: Bool
    /// Whether the log was damaged and has been begun anew.
    var isLogLost: Bool
    /// The slot of the last final block; none when only the genesis is final.
    var decided: Slot?

    /// What follows.
    enum Verdict: Equatable {
        /// It may sign in every slot after this one.
        case silent(through: Slot)
        /// Where it has spoken is not known: it may sign nothing.
        case unknown(String)
    }

    /// Judges the memory.
    var verdict: Verdict {
        switch promise {
        case .damaged: .unknown("the promise beside the data folder is damaged")
        case .none: unpromised
        case .read(let promise):
            .silent(
                through: isWhole(under: promise)
                    ? promise.silentThrough : max(promise.silentThrough, promise.ceiling))
        }
    }

    /// Whether the log holds every word in slots that are not decided.
    private func isWhole(under promise: VotingPromise) -> Bool {
        !isLogLost && hasNoted(promise) && promise.forgotten <= (decided ?? Slot(0))
    }

    /// Whether the log holds the words that were noted, or has dropped them with their slots: a
    /// log from which something was dropped is not empty, though no word may be left in it.
    private func hasNoted(_ promise: VotingPromise) -> Bool {
        (newestSpoken ?? Slot(0)) >= promise.spoken
            || (promise.spoken <= promise.forgotten && hasRecords)
    }

    /// A folder without a promise: a new validator, or one of before there were promises.
    private var unpromised: Verdict {
        if isLogLost {
            return .unknown("the log of its votes is damaged and there is no promise to bound it")
        }
        guard hasRecords || decided == nil else {
            return .unknown("it holds final blocks, but neither votes of its own nor a promise")
        }
        return .silent(through: Slot(0))
    }
}
