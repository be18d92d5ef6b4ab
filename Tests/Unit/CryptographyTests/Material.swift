// SPDX-License-Identifier: Apache-2.0
import Testing
import Vocabulary

/// The bytes of hexadecimal text, in which white space does not count.
func bytes(_ text: String) throws -> [UInt8] {
    try #require(Hexadecimal.decode(text.filter { !$0.isWhitespace }))
}

/// Thirty-two bytes of hexadecimal text.
func bytes32(_ text: String) throws -> Bytes32 {
    try #require(Bytes32(bytes(text)))
}

/// Seeded numbers (SplitMix64), the same in every run.
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }

    mutating func bytes32() throws -> Bytes32 { try #require(Bytes32(bytes(32))) }
}
