// SPDX-License-Identifier: Apache-2.0
import Testing
import Vocabulary

@Suite("Identifiers and quantities")
struct IdentifierTests {
    private static let digits = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

    @Test("thirty-two bytes come back in order, whichever way they are asked for")
    func bytes() throws {
        let value = try #require(Bytes32([UInt8](0..<32)))
        #expect(value.bytes == [UInt8](0..<32))
        #expect(value.withUnsafeBytes { Array($0) } == [UInt8](0..<32))
        #expect(Bytes32 { $0.copyBytes(from: [UInt8](0..<32)) } == value)
        #expect(Bytes32.zero.bytes == [UInt8](repeating: 0, count: 32))
    }

    @Test("another number of bytes than 32 makes no value", arguments: [0, 1, 31, 33, 64])
    func length(count: Int) {
        #expect(Bytes32([UInt8](repeating: 0, count: count)) == nil)
        #expect(Digest(hexadecimal: String(repeating: "0", count: count * 2)) == nil)
    }

    @Test("another number of bytes than 64 makes no signature", arguments: [0, 32, 63, 65])
    func signatureLength(count: Int) {
        #expect(Signature([UInt8](repeating: 0, count: count)) == nil)
    }

    @Test("a signature keeps its halves apart")
    func signature() throws {
        let signature = try #require(Signature([UInt8](0..<64)))
        #expect(signature.point.bytes == [UInt8](0..<32))
        #expect(signature.scalar.bytes == [UInt8](32..<64))
        #expect(signature.bytes == [UInt8](0..<64))
    }

    @Test("the order is that of the bytes", arguments: 0..<32)
    func order(place: Int) throws {
        var lower = [UInt8](repeating: 7, count: 32)
        var higher = lower
        for later in place..<32 { lower[later] = 0xff }
        lower[place] = 7
        higher[place] = 8
        let (low, high) = (try #require(Bytes32(lower)), try #require(Bytes32(higher)))
        #expect(low < high)
        #expect(!(high < low) && !(low < low))
        #expect(AccountID(low) < AccountID(high))
    }

    @Test("bit 0 is the highest of the first byte, bit 255 the lowest of the last")
    func bits() throws {
        for index in 0..<256 {
            var bytes = [UInt8](repeating: 0, count: 32)
            bytes[index / 8] = 0x80 >> UInt8(index % 8)
            let value = try #require(Bytes32(bytes))
            #expect((0..<256).filter { value.bit($0) } == [index])
        }
    }

    @Test("an identifier is written in 64 lower-case digits and read in either case")
    func text() throws {
        let digest = try #require(Digest(hexadecimal: Self.digits))
        #expect(digest.description == Self.digits)
        #expect(Digest(hexadecimal: Self.digits.uppercased()) == digest)
        #expect(Digest(hexadecimal: "0x" + Self.digits.dropLast(2)) == nil)
        #expect(Digest(hexadecimal: "g" + Self.digits.dropFirst()) == nil)
    }

    @Test(
        "text that is not pairs of hexadecimal digits gives no bytes",
        arguments: ["0", "0g", "g0", " 00", "00 ", "+1", "-1", "é0", "000", "0x00"])
    func badHexadecimal(text: String) {
        #expect(Hexadecimal.decode(text) == nil)
    }

    @Test("every byte comes back from its two digits")
    func hexadecimal() {
        let all = [UInt8](0...255)
        #expect(Hexadecimal.decode(Hexadecimal.encode(all)) == all)
        #expect(Hexadecimal.decode(Hexadecimal.encode(all).uppercased()) == all)
        #expect(Hexadecimal.encode([UInt8]()).isEmpty)
        #expect(Hexadecimal.decode("") == [])
    }

    @Test("a quantity advanced beyond its range stays at the end instead of wrapping")
    func quantities() {
        #expect(BlockHeight(5).advanced(by: 3) == BlockHeight(8))
        #expect(Timestamp(.max - 1).advanced(by: 5) == Timestamp(.max))
        #expect(Slot(2) < Slot(10))
        #expect(Fuel(1_000).description == "1000")
        #expect(AssetID.native == AssetID(0))
    }
}
