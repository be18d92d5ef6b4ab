// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// The vector of one pair (STATE-20): SHA-256 in counter mode, started from the hash of the pair.
enum LatticeVector {
    /// How many hashes a vector is made of.
    private static let blockCount = LatticeHash.bytes / RawDigest.bytes
    // Block i hashes the seed with the number i, as 32 bytes with the highest first.
    private static let counters = (0..<UInt8(blockCount)).map { number in
        RawDigest(Digest(Bytes32 { $0[Bytes32.count - 1] = number }))
    }

    /// Gives the numbers of a pair's vector to `body`.
    static func withNumbers(
        key: Digest, valueHash: Digest, _ body: (UnsafeBufferPointer<UInt16>) -> Void
    ) {
        let seed = seed(key: key, valueHash: valueHash)
        let texts = counters.map { LeafRecord(key: seed, valueHash: $0) }
        var blocks = [RawDigest](repeating: .zero, count: blockCount)
        texts.withUnsafeBytes { texts in
            blocks.withUnsafeMutableBytes { blocks in
                guard let input = texts.baseAddress, let output = blocks.baseAddress else { return }
                NodeHash.hash(
                    .latticeBlock,
                    (0..<blockCount).map {
                        HashJob(
                            input: input + HashJob.inputBytes * $0,
                            output: output + RawDigest.bytes * $0)
                    })
            }
        }
        blocks.withUnsafeBytes { body($0.bindMemory(to: UInt16.self)) }
    }

    private static func seed(key: Digest, valueHash: Digest) -> RawDigest {
        let pair = LeafRecord(key: RawDigest(key), valueHash: RawDigest(valueHash))
        var seed = RawDigest.zero
        withUnsafePointer(to: pair) { input in
            withUnsafeMutablePointer(to: &seed) { output in
                NodeHash.hash(.latticeSeed, HashJob(input: input, output: output))
            }
        }
        return seed
    }
}
