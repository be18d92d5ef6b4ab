// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// How much of the budget time releases: a rate on what is staked that falls evenly, and never so
/// much that the budget would end before its time (R2, STAKING-24).
struct Emission {
    let parameters: StakingParameters
    let began: Timestamp

    /// What is released for a stretch of time.
    func released(
        from start: Timestamp, to now: Timestamp, staked: Amount, budget: Amount
    ) -> Amount {
        guard now > start, budget > .zero else { return .zero }
        let passed = UInt128(now.value - start.value)
        let yearly =
            staked.scaled(by: UInt128(rate(at: now)), over: UInt128(StakingParameters.million))
            ?? budget
        let byRate = yearly.scaled(by: passed, over: UInt128(StakingParameters.year)) ?? budget
        let end = began.advanced(by: parameters.budgetMilliseconds)
        guard end > now else { return min(byRate, budget) }
        // Of what is left, no more than its part of the time that is left.
        let left = UInt128(end.value - start.value)
        return min(byRate, budget.scaled(by: passed, over: left) ?? budget)
    }

    /// The yearly rate at a time, in millionths.
    func rate(at now: Timestamp) -> UInt64 {
        let age = now.value - min(began.value, now.value)
        guard age < parameters.rateFallMilliseconds else { return parameters.rateEnd }
        let fall = UInt128(parameters.rateStart - parameters.rateEnd) * UInt128(age)
        return parameters.rateStart - UInt64(fall / UInt128(parameters.rateFallMilliseconds))
    }
}
