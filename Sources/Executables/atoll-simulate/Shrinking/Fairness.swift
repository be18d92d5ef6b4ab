// SPDX-License-Identifier: Apache-2.0

/// Whether a smaller scenario still promises what the failing one broke: without its healing no
/// network makes progress, and that would be no fault of anybody.
struct Fairness {
    let original: Scenario
    let broken: Judge.Checker

    /// Whether a failure of the candidate would mean the same.
    func accepts(_ candidate: Scenario) -> Bool {
        guard isBearable(candidate) || !isBearable(original) else { return false }
        switch broken {
        case .progress, .payments, .troubles, .start, .pace, .seats:
            return candidate.settle >= original.settle && heals(candidate)
        case .expectations:
            return candidate.settle >= original.settle && heals(candidate)
                && candidate.expectations == original.expectations
                && candidate.villains == original.villains
                && candidate.marred == original.marred
        case .silence:
            return candidate.timeline.count == original.timeline.count
                && candidate.silences == original.silences
        case .oneHistory, .certificates, .stateRoots, .money, .evidence, .votes, .appetite, .lanes,
            .alarms:
            return true
        }
    }

    /// No more villains among the validators than they survive.
    private func isBearable(_ scenario: Scenario) -> Bool {
        let seats = scenario.nodes.prefix(scenario.validators)
        let outlaws = seats.filter { scenario.villains[$0] != nil || scenario.twins.contains($0) }
        return outlaws.count * 3 < scenario.validators
    }

    /// All that heals is still there, or nothing is left to heal.
    private func heals(_ candidate: Scenario) -> Bool {
        let healing = { (scenario: Scenario) in scenario.timeline.count { $0.action.isHealing } }
        return healing(candidate) == healing(original)
            || candidate.timeline.allSatisfy(\.action.isHealing)
    }
}

extension Scenario.Action {
    /// Whether it ends a fault that a line before it began.
    var isHealing: Bool {
        switch self {
        case .restart, .heal, .restore, .goodDisk: true
        case .loss(let perMillion, _): perMillion == 0
        case .jitter(let microseconds, _): microseconds == 0
        case .skew(let milliseconds, _): milliseconds == 0
        case .crash, .crashLoop, .partition, .cut, .tornWrites, .lostSyncs, .fullDisk: false
        case .join, .leave, .rotateKey, .flipBit: false
        }
    }
}
