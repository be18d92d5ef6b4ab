// SPDX-License-Identifier: Apache-2.0

/// Numbers that follow from a seed: SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom
/// number generators", 2014). Not fit for secrets.
public struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    /// A generator for one seed.
    public init(seed: UInt64) { state = seed }

    /// The next word.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mixed(state)
    }

    /// A number below `bound`, which is at least 1.
    public mutating func below(_ bound: UInt64) -> UInt64 {
        next().multipliedFullWidth(by: bound).high
    }

    /// A place below `bound`, which is at least 1.
    public mutating func below(_ bound: Int) -> Int { Int(below(UInt64(bound))) }

    /// Whether a chance of so many in a million comes true; no number is drawn for 0.
    public mutating func happens(perMillion: UInt64) -> Bool {
        perMillion > 0 && below(1_000_000) < perMillion
    }

    /// A word whose every bit depends on every bit of `word`.
    static func mixed(_ word: UInt64) -> UInt64 {
        var mixed = word
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
