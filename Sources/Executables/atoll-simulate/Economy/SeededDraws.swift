// SPDX-License-Identifier: Apache-2.0

/// A small generator with a seed (SplitMix64), so that every run can be had again.
struct SeededDraws: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// A number below a bound above zero.
    mutating func below(_ bound: Int) -> Int { Int(next(upperBound: UInt64(bound))) }

    /// Whether something happens that happens so many times in a million.
    mutating func happens(perMillion: UInt64) -> Bool { next(upperBound: 1_000_000) < perMillion }
}
