// SPDX-License-Identifier: Apache-2.0
import CShims.Ed25519Lanes
import Testing

@testable import Cryptography

/// Eight field elements in the form the lanes hold them.
struct LaneField: Equatable {
    /// Every limb is below this after a carry.
    static let carriedLimit: UInt64 = 1 << 51 + 1 << 18
    /// Every limb is below this before a product.
    static let narrowLimit: UInt64 = 1 << 52

    /// Limb i of lane j is word 8 i + j.
    private(set) var words: [UInt64]

    /// Takes the five limbs of each of eight lanes.
    init(lanes: [[UInt64]]) {
        words = (0..<40).map { lanes[$0 % 8][$0 / 8] }
    }

    /// Puts the same limbs in every lane.
    init(limbs: [UInt64]) {
        self.init(lanes: [[UInt64]](repeating: limbs, count: 8))
    }

    /// Takes four little-endian words for each lane, whose highest bit does not count.
    init(numbers: [[UInt64]]) {
        let interleaved =
            (0..<32).map { numbers[$0 % 8][$0 / 8] } + [UInt64](repeating: 0, count: 8)
        self = Self(words: interleaved).asked(ATOLL_FIELD_FROM_WORDS)
    }

    private init(words: [UInt64]) { self.words = words }

    func limbs(_ lane: Int) -> [UInt64] { (0..<5).map { words[8 * $0 + lane] } }

    /// What the portable field makes of each lane.
    var portable: [FieldElement] { (0..<8).map { FieldElement(limbs: limbs($0)) } }

    /// The canonical words of each lane, as the lanes themselves find them.
    var canonicalWords: [[UInt64]] {
        let canonical = asked(ATOLL_FIELD_CANONICAL)
        return (0..<8).map { lane in
            let limb = canonical.limbs(lane)
            #expect(limb.allSatisfy { $0 >> 51 == 0 })
            return [
                limb[0] | limb[1] << 51, limb[1] >> 13 | limb[2] << 38,
                limb[2] >> 26 | limb[3] << 25, limb[3] >> 39 | limb[4] << 12,
            ]
        }
    }

    /// Asks the lanes one question of `ed25519_lanes_parts.h`.
    func asked(_ question: Int, _ other: LaneField? = nil) -> LaneField {
        var result = LaneField(words: [UInt64](repeating: 0, count: 40))
        atoll_ed25519_lanes_field(Int32(question), words, (other ?? self).words, &result.words)
        return result
    }

    func isBelow(_ limit: UInt64) -> Bool { words.allSatisfy { $0 < limit } }
}

extension FieldElement {
    private static let limbWeight = FieldElement(words: [1 << 51, 0, 0, 0])

    /// The sum of limbs of any size, each 2^51 times as heavy as the one before.
    init(limbs: [UInt64]) {
        self = limbs.reversed().reduce(.zero) { sum, limb in
            // A product comes back small, however large its factors were.
            (sum * Self.limbWeight + FieldElement(words: [limb, 0, 0, 0])) * .one
        }
    }
}
