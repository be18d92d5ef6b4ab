// SPDX-License-Identifier: Apache-2.0
import Testing
import Vocabulary

/// The decoder accepts what the encoder writes, and nothing else (ENCODING-1).
@Suite("Canonical decoding")
struct CanonicalDecodingTests {
    @Test("a value comes back from its bytes", arguments: 0..<50)
    func roundTrip(seed: UInt64) throws {
        var numbers = SeededNumbers(seed: seed)
        let parcel = Parcel(random: &numbers)
        #expect(try Parcel(canonicalBytes: parcel.canonicalBytes) == parcel)
    }

    @Test("bytes cut anywhere are refused as truncated")
    func truncation() throws {
        var numbers = SeededNumbers(seed: 1)
        let bytes = Parcel(random: &numbers).canonicalBytes
        for count in bytes.indices {
            let failure = #expect(throws: CanonicalError.self) {
                try Parcel(canonicalBytes: Array(bytes.prefix(count)))
            }
            guard case .truncated(let missing) = failure else {
                Issue.record("cut at \(count): \(String(describing: failure))")
                continue
            }
            #expect(missing > 0 && missing <= bytes.count - count)
        }
    }

    @Test("bytes after a value are refused, and counted")
    func trailing() {
        #expect(throws: CanonicalError.trailingBytes(2)) {
            try Slot(canonicalBytes: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0])
        }
    }

    @Test(
        "a length that is not in its shortest form or above 32 bits is refused (ENCODING-4)",
        arguments: [
            [0x80, 0x00], [0xff, 0x00], [0x80, 0x80, 0x00], [0x80, 0x80, 0x80, 0x80, 0x00],
            [0x80, 0x80, 0x80, 0x80, 0x10], [0xff, 0xff, 0xff, 0xff, 0x1f],
            [0xff, 0xff, 0xff, 0xff, 0x7f], [0x80, 0x80, 0x80, 0x80, 0x80, 0x01],
            [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
        ] as [[UInt8]])
    func badLengths(bytes: [UInt8]) {
        #expect(throws: CanonicalError.badLength) {
            var decoder = CanonicalDecoder(bytes)
            _ = try decoder.readTag()
        }
    }

    @Test("a length that ends before its last byte is truncated", arguments: 0...4)
    func cutLengths(count: Int) {
        #expect(throws: CanonicalError.truncated(missing: 1)) {
            var decoder = CanonicalDecoder([UInt8](repeating: 0x80, count: count))
            _ = try decoder.readTag()
        }
    }

    @Test("a Boolean or option byte above 1 is refused (ENCODING-3)", arguments: [2, 127, 255])
    func badFlags(byte: UInt8) {
        #expect(throws: CanonicalError.badFlag(byte)) {
            var decoder = CanonicalDecoder([byte])
            _ = try decoder.readFlag()
        }
        #expect(throws: CanonicalError.badFlag(byte)) {
            var decoder = CanonicalDecoder([byte, 1, 0, 0, 0, 0, 0, 0, 0])
            _ = try decoder.readOptional(Slot.self)
        }
    }

    @Test("a length above its field's limit is refused before anything is read")
    func limits() {
        #expect(throws: CanonicalError.tooLong(length: 4, limit: 3)) {
            var decoder = CanonicalDecoder([4, 1, 2, 3, 4])
            _ = try decoder.readBytes(limit: 3)
        }
        #expect(throws: CanonicalError.tooLong(length: 4, limit: 3)) {
            var decoder = CanonicalDecoder([4, 0x61, 0x61, 0x61, 0x61])
            _ = try decoder.readText(limit: 3)
        }
        #expect(throws: CanonicalError.tooLong(length: 2, limit: 1)) {
            var decoder = CanonicalDecoder([2] + [UInt8](repeating: 0, count: 16))
            _ = try decoder.readList(Slot.self, limit: 1)
        }
    }

    @Test("a length that promises four thousand million elements takes no memory for them")
    func greedyLength() {
        let bytes: [UInt8] = [0xff, 0xff, 0xff, 0xff, 0x0f, 1, 2, 3]
        #expect(throws: CanonicalError.truncated(missing: 5)) {
            var decoder = CanonicalDecoder(bytes)
            _ = try decoder.readList(Slot.self, limit: .max)
        }
        #expect(throws: CanonicalError.truncated(missing: 4_294_967_292)) {
            var decoder = CanonicalDecoder(bytes)
            _ = try decoder.readBytes(limit: .max)
        }
    }

    @Test(
        "text that is not UTF-8 is refused (ENCODING-5)",
        arguments: [
            [0xff], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0x80],
        ] as [[UInt8]])
    func badText(utf8: [UInt8]) {
        #expect(throws: CanonicalError.badText) {
            var decoder = CanonicalDecoder([UInt8(utf8.count)] + utf8)
            _ = try decoder.readText(limit: 16)
        }
    }

    @Test("a tag that no case has is refused, and named")
    func unknownTag() {
        #expect(throws: CanonicalError.unknownTag(3)) {
            try Parcel.Label(canonicalBytes: [3])
        }
    }

    @Test("text keeps its bytes: composed and decomposed letters stay what they were")
    func normalization() throws {
        for text in ["\u{e9}", "e\u{301}"] {
            var encoder = CanonicalEncoder()
            encoder.writeText(text)
            var decoder = CanonicalDecoder(encoder.bytes)
            #expect(try Array(decoder.readText(limit: 8).utf8) == Array(text.utf8))
        }
    }
}
