// SPDX-License-Identifier: Apache-2.0
import Cryptography
import LibP2P
import Testing
import Vocabulary

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

    /// The bytes with a few changed, cut, doubled or put in.
    mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
        var result = bytes
        for _ in 0...Int.random(in: 0...3, using: &self) {
            guard !result.isEmpty else { return self.bytes(3) }
            let index = Int.random(in: 0..<result.count, using: &self)
            switch Int.random(in: 0...4, using: &self) {
            case 0: result[index] ^= 1 << UInt8.random(in: 0...7, using: &self)
            case 1: result[index] = [0, 0x7f, 0x80, 0xff].randomElement(using: &self) ?? 0
            case 2: result.remove(at: index)
            case 3: result.insert(UInt8.random(in: 0...255, using: &self), at: index)
            default: result = Array(result.prefix(index))
            }
        }
        return result
    }
}

/// A value that must be there for a test to make sense.
func must<Value>(_ value: Value?) -> Value {
    guard let value else { preconditionFailure("a test's own value is missing") }
    return value
}

/// The bytes of hexadecimal text.
func hex(_ text: String) -> [UInt8] { must(Hexadecimal.decode(text)) }

/// Keys and peers by number.
enum Persons {
    static func key(_ number: UInt8) -> SigningKey {
        must(SigningKey(seed: [UInt8](repeating: number, count: 32)))
    }

    static func agreementKey(_ number: UInt8) -> AgreementKey {
        must(AgreementKey(seed: [UInt8](repeating: number, count: 32)))
    }

    static func peer(_ number: UInt8) -> PeerID { PeerID(of: key(number).publicKey) }

    static func address(_ number: Int) -> Multiaddr {
        must(try? Multiaddr("/ip4/10.\(number / 256 % 256).\(number % 256).7/tcp/4001"))
    }
}
