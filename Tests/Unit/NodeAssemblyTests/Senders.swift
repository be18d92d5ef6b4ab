// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Ledger
import SimulatedEffects
import Testing
import Vocabulary

@testable import NodeAssembly

/// Numbers that follow from a seed, for mutations (SplitMix64).
struct SeededNumbers {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(bound, 1))) }

    /// Bytes with one to four changes: a flipped bit, a byte cut out, a byte put in, a cut end.
    mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0...below(4) where !bytes.isEmpty {
            let place = below(bytes.count)
            switch below(4) {
            case 0: bytes[place] ^= UInt8(1 << below(8))
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(UInt8(truncatingIfNeeded: next()), at: place)
            default: bytes.removeLast(min(below(8) + 1, bytes.count))
            }
        }
        return bytes
    }
}

/// Whoever signs transactions here.
enum Senders {
    static let chain = ChainID(Bytes32.zero)

    static func key(_ number: Int) throws -> SigningKey {
        let low = UInt8(truncatingIfNeeded: number)
        let high = UInt8(truncatingIfNeeded: number >> 8)
        return try #require(SigningKey(seed: [low, high] + [UInt8](repeating: 9, count: 30)))
    }

    static func account(_ number: Int) throws -> AccountID {
        AccountID(of: try key(number).publicKey)
    }

    /// A transaction that is in order, of about `bytes` bytes more than the least.
    static func transaction(
        of number: Int, nonce: UInt64, validUntil: UInt64 = 1_000, bytes: Int = 10,
        text: UInt8 = 0
    ) throws -> CheckedTransaction {
        let key = try key(number)
        let signed = Transaction(
            chain: chain, sender: key.publicKey, nonce: nonce, feeMax: Amount(1),
            validUntil: BlockHeight(validUntil),
            messages: [
                Message(module: .accounts, payload: [UInt8](repeating: text, count: bytes))
            ]
        ).signed(by: key)
        return CheckedTransaction(signed, chain: chain)
    }
}
