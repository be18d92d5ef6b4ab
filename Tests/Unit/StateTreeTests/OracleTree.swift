// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Vocabulary

/// The tree's definition written down naively: the root of a set of pairs, by recursion (STATE-1).
enum OracleTree {
    static func root(_ contents: [Digest: Digest]) -> Digest {
        hash(contents.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, depth: 0)
    }

    private static func hash(_ pairs: [(key: Digest, value: Digest)], depth: Int) -> Digest {
        guard let first = pairs.first else { return .zero }
        guard pairs.count > 1 else {
            return SHA256.hash([0] + first.key.raw.bytes + first.value.raw.bytes)
        }
        let left = hash(pairs.filter { !$0.key.raw.bit(depth) }, depth: depth + 1)
        let right = hash(pairs.filter { $0.key.raw.bit(depth) }, depth: depth + 1)
        return SHA256.hash([1] + left.raw.bytes + right.raw.bytes)
    }
}

/// A small generator with a seed (SplitMix64), so that every failure can be run again.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

extension Digest {
    /// A key out of a small, crowded set: few distinct first bytes, and long shared prefixes.
    static func crowded(using random: inout SeededGenerator) -> Digest {
        Digest(
            Bytes32 { buffer in
                let shared = Int.random(in: 0...31, using: &random)
                for index in 0..<32 {
                    buffer[index] = index < shared ? 0xa5 : UInt8.random(in: 0...3, using: &random)
                }
            })
    }

    static func random(using random: inout SeededGenerator) -> Digest {
        Digest(
            Bytes32 { buffer in
                for index in 0..<32 {
                    buffer[index] = UInt8.random(in: 0...255, using: &random)
                }
            })
    }
}
