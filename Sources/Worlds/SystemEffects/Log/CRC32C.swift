// SPDX-License-Identifier: Apache-2.0

/// The checksum of RFC 3720 appendix B.4: CRC-32 with Castagnoli's polynomial, reflected.
///
/// Finds every burst of up to 32 changed bits; not fit against somebody who forges on purpose.
struct CRC32C {
    private var register: UInt32 = 0xFFFF_FFFF

    /// The checksum of everything added.
    var value: UInt32 { register ^ 0xFFFF_FFFF }

    /// Eight tables: table k is the effect of a byte followed by k zero bytes, so eight bytes are
    /// taken per step.
    private static let tables: [UInt32] = {
        let reflectedPolynomial: UInt32 = 0x82F6_3B78
        var tables = [UInt32](repeating: 0, count: 8 * 256)
        for byte in 0..<256 {
            var value = UInt32(byte)
            for _ in 0..<8 {
                value = value & 1 == 1 ? value >> 1 ^ reflectedPolynomial : value >> 1
            }
            tables[byte] = value
        }
        for place in 256..<8 * 256 {
            let earlier = tables[place - 256]
            tables[place] = earlier >> 8 ^ tables[Int(earlier & 0xFF)]
        }
        return tables
    }()

    /// Adds bytes.
    mutating func add(_ bytes: some Sequence<UInt8>) {
        let done: Void? = bytes.withContiguousStorageIfAvailable { add($0) }
        if done == nil { Array(bytes).withUnsafeBufferPointer { add($0) } }
    }

    private mutating func add(_ bytes: UnsafeBufferPointer<UInt8>) {
        let raw = UnsafeRawBufferPointer(bytes)
        var state = register
        var place = 0
        Self.tables.withUnsafeBufferPointer { tables in
            while place + 8 <= raw.count {
                let word = UInt64(
                    littleEndian: raw.loadUnaligned(fromByteOffset: place, as: UInt64.self))
                let low = UInt32(truncatingIfNeeded: word) ^ state
                let high = UInt32(truncatingIfNeeded: word >> 32)
                state = tables[7 * 256 + Int(low & 0xFF)] ^ tables[6 * 256 + Int(low >> 8 & 0xFF)]
                state ^= tables[5 * 256 + Int(low >> 16 & 0xFF)] ^ tables[4 * 256 + Int(low >> 24)]
                state ^=
                    tables[3 * 256 + Int(high & 0xFF)] ^ tables[2 * 256 + Int(high >> 8 & 0xFF)]
                state ^= tables[256 + Int(high >> 16 & 0xFF)] ^ tables[Int(high >> 24)]
                place += 8
            }
            while place < raw.count {
                state = state >> 8 ^ tables[Int((state ^ UInt32(raw[place])) & 0xFF)]
                place += 1
            }
        }
        register = state
    }
}
