// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// Seeded numbers (SplitMix64): every run measures the same work.
struct Dice {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        return Self.mixed(state)
    }

    /// A number below `bound`.
    mutating func below(_ bound: Int) -> Int {
        Int((UInt128(next()) * UInt128(bound)) >> 64)
    }

    /// The 32 bytes that belong to a number, evenly spread.
    static func bytes32(_ number: Int) -> Bytes32 {
        var dice = Dice(seed: mixed(UInt64(number)))
        return Bytes32 { place in
            for word in 0..<4 {
                place.storeBytes(of: dice.next(), toByteOffset: 8 * word, as: UInt64.self)
            }
        }
    }

    private static func mixed(_ number: UInt64) -> UInt64 {
        var mixed = number
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
