// SPDX-License-Identifier: Apache-2.0
import Cryptography

/// 256 random words, one a byte, for the rolling hash that finds where content is cut.
///
/// Source: W. Xia et al., "Ddelta: A Deduplication-Inspired Fast Delta Compression Approach"
/// (2014), and "FastCDC: a Fast and Efficient Content-Defined Chunking Approach" (2016). The
/// words are drawn from a tenant's secret, so that the lengths of chunks tell nothing to others.
struct GearTable: Sendable {
    let words: [UInt64]

    init(seed: [UInt8]) {
        let blocks = (0..<256).map { index in
            HMACSHA256.authenticate([UInt8(index)], key: seed).bytes.prefix(8)
        }
        words = blocks.map { $0.reduce(0) { $0 << 8 | UInt64($1) } }
    }
}
