// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Vocabulary

@testable import PeerNetwork

/// SplitMix64: the same numbers from the same seed, everywhere.
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }
}

/// A value that must be there for a test to make sense.
func must<Value>(_ value: Value?) -> Value {
    guard let value else { preconditionFailure("a test's own value is missing") }
    return value
}

/// Keys by number, and the chain they live on.
enum Persons {
    static func signingKey(_ number: UInt8) -> SigningKey {
        must(SigningKey(seed: [UInt8](repeating: number, count: 32)))
    }

    /// What a process has drawn to be told from others.
    static func life(_ number: UInt8) -> [UInt8] {
        [UInt8](repeating: number, count: PeerIntroduction.lifeByteCount)
    }

    static let chain = ChainID(must(Bytes32([UInt8](repeating: 7, count: 32))))
}
