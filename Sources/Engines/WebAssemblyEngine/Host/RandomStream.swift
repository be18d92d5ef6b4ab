// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Vocabulary

/// Random bytes that are the same in every run of one job: SHA-256 in counter mode.
///
/// Block n is the SHA-256 of the domain tag, a zero byte, the seed and n as eight bytes,
/// little-endian. The seed is public, so these bytes make runs repeatable and keep nothing secret
/// (EXECUTION-WASM-6).
struct RandomStream {
    private static let domain = Array("atoll/wasm/random/1".utf8) + [0]

    private let prefix: [UInt8]
    private var counter: UInt64 = 0
    private var block: ArraySlice<UInt8> = []

    init(seed: Bytes32) {
        prefix = Self.domain + seed.bytes
    }

    /// Fills a buffer with the stream's next bytes, however they are asked for.
    mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) {
        var rest = buffer[...]
        while !rest.isEmpty {
            if block.isEmpty { refill() }
            let count = min(block.count, rest.count)
            UnsafeMutableRawBufferPointer(rebasing: rest.prefix(count))
                .copyBytes(from: block.prefix(count))
            block = block.dropFirst(count)
            rest = rest.dropFirst(count)
        }
    }

    private mutating func refill() {
        let number = withUnsafeBytes(of: counter.littleEndian) { Array($0) }
        block = SHA256.hash(prefix + number).raw.bytes[...]
        counter += 1
    }
}
