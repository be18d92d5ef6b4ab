// SPDX-License-Identifier: Apache-2.0
import JSONText
import Testing

/// Random trees come back; random bytes never do harm.
@Suite("JSON: fuzz")
struct JSONFuzzTests {
    @Test("a random tree comes back from its compact and its pretty form", arguments: 1...20)
    func roundTrip(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        for _ in 0..<20 {
            let tree = dice.tree(depth: 4)
            #expect(try JSON(parsing: tree.bytes) == tree)
            #expect(try JSON(parsing: tree.pretty) == tree)
        }
    }

    @Test("a damaged text is refused, or read as a tree that comes back", arguments: 1...20)
    func mutations(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        for _ in 0..<100 {
            var bytes = dice.tree(depth: 4).bytes
            for _ in 0...dice.below(4) where !bytes.isEmpty { dice.damage(&bytes) }
            guard let tree = try? JSON(parsing: bytes) else { continue }
            #expect(try JSON(parsing: tree.bytes) == tree)
        }
    }

    @Test("any bytes are survived", arguments: 1...10)
    func noise(seed: UInt64) {
        var dice = Dice(seed: seed)
        let alphabet = Array("[]{}\",:\\u0dD8eE+-.1tfn \n".utf8) + [0x00, 0x80, 0xC3, 0xFF]
        for _ in 0..<500 {
            let bytes = (0..<dice.below(40)).map { _ in alphabet[dice.below(alphabet.count)] }
            guard let tree = try? JSON(parsing: bytes) else { continue }
            #expect((try? JSON(parsing: tree.bytes)) == tree)
        }
    }
}

/// A seeded source of numbers and trees (SplitMix64).
private struct Dice {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

    mutating func text() -> String {
        let scalars: [Unicode.Scalar] = [
            "a", "\"", "\\", "\n", "\u{0}", "é", "€", "😀", "/", "\u{301}",
        ]
        var text = String.UnicodeScalarView()
        for _ in 0..<below(12) { text.append(scalars[below(scalars.count)]) }
        return String(text)
    }

    mutating func tree(depth: Int) -> JSON {
        switch below(depth > 0 ? 7 : 5) {
        case 0: return nil
        case 1: return .bool(below(2) == 0)
        case 2: return JSON(Int64(bitPattern: next()))
        case 3: return .number("-\(below(100)).\(below(1000))e\(below(9))")
        case 4: return .string(text())
        case 5: return .array((0..<below(5)).map { _ in tree(depth: depth - 1) })
        default:
            return .object(
                (0..<below(12)).map { JSON.Member("\($0)\(text())", tree(depth: depth - 1)) })
        }
    }

    /// Changes, removes, doubles or inserts one byte.
    mutating func damage(_ bytes: inout [UInt8]) {
        let index = below(bytes.count)
        switch below(4) {
        case 0: bytes[index] = UInt8(truncatingIfNeeded: next())
        case 1: bytes.remove(at: index)
        case 2: bytes.insert(bytes[index], at: index)
        default: bytes.insert(UInt8(truncatingIfNeeded: next()), at: index)
        }
    }
}
