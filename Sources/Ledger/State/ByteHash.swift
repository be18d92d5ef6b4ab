// SPDX-License-Identifier: Apache-2.0

/// Hashes bytes for tables in memory, under secrets of this process.
///
/// Strangers choose keys, so that the secrets keep them from choosing keys that collide. Nothing
/// that leaves a table depends on these hashes.
enum ByteHash {
    private static let secrets: (UInt64, UInt64) = (secret(1), secret(2))

    private static func secret(_ number: Int) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(number)
        return UInt64(truncatingIfNeeded: hasher.finalize()) | 1
    }

    /// Mixes eight bytes at a time; the last ones are read so that they overlap those before.
    static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        let (first, second) = secrets
        let count = bytes.count
        var hash = mixed(first ^ UInt64(truncatingIfNeeded: count), second)
        guard count >= 8 else {
            var word: UInt64 = 0
            for byte in bytes { word = word << 8 | UInt64(byte) }
            return mixed(hash ^ word, second)
        }
        var offset = 0
        while offset + 8 <= count {
            hash = mixed(hash ^ word(bytes, offset), second)
            offset += 8
        }
        guard offset < count else { return hash }
        return mixed(hash ^ word(bytes, count - 8), second)
    }

    /// Whether two runs of bytes are equal, eight bytes at a time.
    static func isEqual(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        guard left.count == right.count else { return false }
        let count = left.count
        guard count >= 8 else { return left.elementsEqual(right) }
        var offset = 0
        while offset + 8 <= count {
            guard word(left, offset) == word(right, offset) else { return false }
            offset += 8
        }
        return word(left, count - 8) == word(right, count - 8)
    }

    private static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
        bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }

    private static func mixed(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low &+ left
    }
}
