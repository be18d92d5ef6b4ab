// SPDX-License-Identifier: Apache-2.0
import Consensus
import Vocabulary

/// The kinds of consensus timers; a new one of a kind replaces the running one.
///
/// Blocks of several slots can be missing at one time, so each slot's fetch is a kind of its own.
enum TimerKind: Hashable, Comparable {
    case skip, stall, catchUp
    case fetch(Slot)

    init(_ timer: ConsensusTimer) {
        switch timer {
        case .skip: self = .skip
        case .stall: self = .stall
        case .fetch(_, let slot, _): self = .fetch(slot)
        case .catchUp: self = .catchUp
        }
    }
}
