// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// A hash as its bytes lie in memory, ready to be hashed.
struct RawDigest: Equatable {
    // In memory order: each word holds eight of the bytes as they are.
    private let first: UInt64
    private let second: UInt64
    private let third: UInt64
    private let fourth: UInt64

    static let bytes = 32
    static let zero = RawDigest(.zero)

    init(_ digest: Digest) {
        self = digest.raw.withUnsafeBytes { $0.loadUnaligned(as: RawDigest.self) }
    }

    var digest: Digest {
        Digest(Bytes32 { [self] in $0.storeBytes(of: self, as: RawDigest.self) })
    }

    /// The bit at `index`, where 0 is the highest bit of the first byte.
    func bit(_ index: Int) -> Bool { digest.raw.bit(index) }

    /// The six bits from `depth` on.
    ///
    /// - Parameter depth: 0 to 246.
    func digit(at depth: Int) -> Int {
        let pair = withUnsafeBytes(of: self) {
            UInt16(bigEndian: $0.loadUnaligned(fromByteOffset: depth >> 3, as: UInt16.self))
        }
        return Int(pair >> UInt16(10 - depth & 7)) & 63
    }

    /// Compares bytes from the first to the last.
    static func < (left: RawDigest, right: RawDigest) -> Bool {
        if left.first != right.first { return left.first.bigEndian < right.first.bigEndian }
        if left.second != right.second { return left.second.bigEndian < right.second.bigEndian }
        if left.third != right.third { return left.third.bigEndian < right.third.bigEndian }
        return left.fourth.bigEndian < right.fourth.bigEndian
    }
}

/// A leaf: 64 bytes, one line of the processor's cache, and the text its hash is made of.
struct LeafRecord {
    var key: RawDigest
    var valueHash: RawDigest

    static let bytes = 64
}
