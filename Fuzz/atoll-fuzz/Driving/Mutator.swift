// SPDX-License-Identifier: Apache-2.0

/// Changes inputs in ways that decoders care about: lengths, tags, cuts, repetitions, splices.
struct Mutator {
    private var state: UInt64

    /// Numbers that follow from a seed.
    init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 | 1 }

    /// Numbers at the edges of what lengths and counts can be.
    private static let edges: [UInt8] = [0, 1, 0x7f, 0x80, 0xfe, 0xff]

    /// A changed input, made of one of `all`.
    mutating func mutate(_ all: [[UInt8]], bytesMax: Int) -> [UInt8] {
        var bytes = all.isEmpty ? [] : all[below(all.count)]
        for _ in 0...below(4) { change(&bytes, all) }
        return Array(bytes.prefix(bytesMax))
    }

    private mutating func change(_ bytes: inout [UInt8], _ all: [[UInt8]]) {
        guard !bytes.isEmpty else {
            bytes = (0..<below(64)).map { _ in UInt8(truncatingIfNeeded: next()) }
            return
        }
        let place = below(bytes.count)
        switch below(8) {
        case 0: bytes[place] ^= 1 << UInt8(below(8))
        case 1: bytes[place] = Self.edges[below(Self.edges.count)]
        case 2: bytes[place] = UInt8(truncatingIfNeeded: next())
        case 3: bytes.removeSubrange(place..<min(place + 1 + below(16), bytes.count))
        case 4: bytes.removeSubrange(place...)
        case 5: bytes.insert(Self.edges[below(Self.edges.count)], at: place)
        case 6:
            let end = min(place + 1 + below(32), bytes.count)
            bytes.insert(contentsOf: bytes[place..<end], at: below(bytes.count))
        default:
            let other = all.isEmpty ? bytes : all[below(all.count)]
            let cut = below(other.count + 1)
            bytes = Array(bytes[..<place]) + other[cut...]
        }
    }

    private mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(bound, 1))) }

    /// A xorshift of Marsaglia.
    private mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
