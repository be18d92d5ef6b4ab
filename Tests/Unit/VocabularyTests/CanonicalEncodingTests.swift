// SPDX-License-Identifier: Apache-2.0
import Testing
import Vocabulary

/// ENCODING-1 to ENCODING-8: the bytes, pinned.
@Suite("Canonical encoding")
struct CanonicalEncodingTests {
    @Test("integers are little-endian at their full width (ENCODING-2)")
    func integers() {
        expect("ff") { $0.write(UInt8(255)) }
        expect("3412") { $0.write(UInt16(0x1234)) }
        expect("78563412") { $0.write(UInt32(0x1234_5678)) }
        expect("efcdab9078563412") { $0.write(UInt64(0x1234_5678_90ab_cdef)) }
        expect("01" + String(repeating: "00", count: 15)) { $0.write(UInt128(1)) }
        expect("ff") { $0.write(Int8(-1)) }
        expect("00000080") { $0.write(Int32.min) }
    }

    @Test("a Boolean is one byte, 0 or 1 (ENCODING-3)")
    func flags() {
        expect("00") { $0.write(false) }
        expect("01") { $0.write(true) }
    }

    @Test(
        "lengths and tags are ULEB128 in the fewest bytes (ENCODING-4)",
        arguments: [
            (0, "00"), (1, "01"), (127, "7f"), (128, "8001"), (300, "ac02"), (16_383, "ff7f"),
            (16_384, "808001"), (2_097_151, "ffff7f"), (2_097_152, "80808001"),
            (268_435_455, "ffffff7f"), (268_435_456, "8080808001"), (4_294_967_295, "ffffffff0f"),
        ])
    func lengths(length: Int, text: String) throws {
        expect(text) { $0.writeLength(length) }
        var decoder = CanonicalDecoder(try bytes(text))
        #expect(try decoder.readLength(limit: .max) == length)
        try decoder.finish()
    }

    @Test("byte strings and texts carry their length in bytes first (ENCODING-5)")
    func strings() {
        expect("00") { $0.writeBytes([]) }
        expect("03010203") { $0.writeBytes([1, 2, 3]) }
        expect("010203") { $0.writeFixed([1, 2, 3]) }
        expect("0361c3a9") { $0.writeText("aé") }
        expect("04f09f8f9d") { $0.writeText("🏝") }
    }

    @Test("an option is a flag and its value, a list a length and its elements (ENCODING-6)")
    func options() {
        expect("00") { $0.writeOptional(BlockHeight?.none) }
        expect("010500000000000000") { $0.writeOptional(BlockHeight(5)) }
        expect("00") { $0.writeList([BlockHeight]()) }
        expect("0201000000000000000200000000000000") {
            $0.writeList([BlockHeight(1), BlockHeight(2)])
        }
    }

    @Test("ids are their 32 bytes, a signature its 64, an amount 16, a quantity 8 (ENCODING-7)")
    func nouns() throws {
        let digits = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
        let raw = try #require(Bytes32([UInt8](0..<32)))
        #expect(Hexadecimal.encode(raw.canonicalBytes) == digits)
        #expect(Hexadecimal.encode(Digest(raw).canonicalBytes) == digits)
        #expect(Hexadecimal.encode(AccountID(raw).canonicalBytes) == digits)
        #expect(Hexadecimal.encode(ChainID(raw).canonicalBytes) == digits)
        #expect(Hexadecimal.encode(JobID(raw).canonicalBytes) == digits)
        #expect(Hexadecimal.encode(PublicKey(raw).canonicalBytes) == digits)
        let signature = Signature(point: raw, scalar: .zero)
        let zeros = String(repeating: "00", count: 32)
        #expect(Hexadecimal.encode(signature.canonicalBytes) == digits + zeros)
        #expect(
            Hexadecimal.encode(Amount(whole: 1).canonicalBytes)
                == "000064a7b3b6e00d0000000000000000")
        let eight = "0807060504030201"
        #expect(Hexadecimal.encode(BlockHeight(0x0102_0304_0506_0708).canonicalBytes) == eight)
        #expect(Hexadecimal.encode(Slot(0x0102_0304_0506_0708).canonicalBytes) == eight)
        #expect(Hexadecimal.encode(Timestamp(0x0102_0304_0506_0708).canonicalBytes) == eight)
        #expect(Hexadecimal.encode(Fuel(0x0102_0304_0506_0708).canonicalBytes) == eight)
        #expect(Hexadecimal.encode(AssetID(0x0102_0304_0506_0708).canonicalBytes) == eight)
    }

    @Test("a struct is its fields in order, an enum its tag and its fields (ENCODING-8)")
    func aggregates() {
        let parcel = Parcel(
            isSealed: true, small: -2, wide: 3, name: "ab", content: [9], code: [4, 5, 6],
            sender: nil, signature: nil, labels: [.plain, .fragile(0x0102)])
        #expect(
            Hexadecimal.encode(parcel.canonicalBytes)
                == "01fe03000000000000000000000000000000" + "026162" + "0109" + "040506" + "0000"
                + "0200010201")
        let heavy = Parcel.Label.heavy(Amount(1), weights: [BlockHeight(2)])
        #expect(
            Hexadecimal.encode(heavy.canonicalBytes)
                == "02" + "01000000000000000000000000000000" + "010200000000000000")
    }

    private func expect(_ text: String, _ write: (inout CanonicalEncoder) -> Void) {
        var encoder = CanonicalEncoder(capacity: 16)
        write(&encoder)
        #expect(Hexadecimal.encode(encoder.bytes) == text)
    }

    private func bytes(_ text: String) throws -> [UInt8] {
        try #require(Hexadecimal.decode(text))
    }
}
