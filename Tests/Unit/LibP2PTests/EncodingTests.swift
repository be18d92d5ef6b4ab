// SPDX-License-Identifier: Apache-2.0
import Testing
import Vocabulary

@testable import LibP2P

@Suite("Varints, protobufs, bases, hashes and names (LIBP-1 to LIBP-6)")
struct EncodingTests {
    @Test(
        "varints are those of the specification",
        arguments: [
            (UInt64(1), "01"), (127, "7f"), (128, "8001"), (255, "ff01"), (300, "ac02"),
            (16_384, "808001"), (UInt64.max >> 1, "ffffffffffffffff7f"),
        ])
    func varints(value: UInt64, text: String) throws {
        #expect(Hexadecimal.encode(Varint.encode(value)) == text)
        var rest = hex(text)[...]
        #expect(try Varint.take(&rest) == value)
        #expect(rest.isEmpty)
    }

    @Test(
        "a varint that is longer than it need be, or than nine bytes, is refused",
        arguments: ["8100", "8000", "808000", "80808080808080808001", "ffffffffffffffffff01"])
    func badVarints(text: String) {
        #expect(throws: WireFailure.malformed(.varint)) {
            var rest = hex(text)[...]
            _ = try Varint.take(&rest)
        }
    }

    @Test("a varint that ends early is told apart from a wrong one", arguments: ["", "80", "ffff"])
    func shortVarints(text: String) {
        #expect(throws: WireFailure.truncated) {
            var rest = hex(text)[...]
            _ = try Varint.take(&rest)
        }
    }

    @Test("a protobuf gives back its fields, and refuses groups and lengths beyond its end")
    func protobuf() throws {
        var writer = ProtobufWriter()
        writer.varint(1, 150)
        writer.text(2, "testing")
        // The two examples of the protobuf encoding guide.
        #expect(Hexadecimal.encode(writer.bytes) == "089601120774657374696e67")
        var reader = ProtobufReader(writer.bytes)
        #expect(try reader.next()?.varint() == 150)
        #expect(try reader.next()?.text(max: 7) == "testing")
        #expect(try reader.next() == nil)
        for bad in ["0b", "0a05", "00", "120161" + "ff"] {
            #expect(throws: WireFailure.self) {
                var reader = ProtobufReader(hex(bad))
                while let field = try reader.next() { _ = try field.bytes(max: 1) }
            }
        }
    }

    @Test(
        "base58 agrees with the draft's vectors",
        arguments: [
            ("48656c6c6f20576f726c6421", "2NEpo7TZRRrLZSi2U"),
            ("0000287fb4cd", "11233QC4"), ("", ""), ("00", "1"),
        ])
    func base58(bytes: String, text: String) throws {
        #expect(Base58.encode(hex(bytes)) == text)
        #expect(try Base58.decode(text) == hex(bytes))
        #expect(throws: WireFailure.malformed(.base58)) { try Base58.decode(text + "0") }
    }

    @Test(
        "base32 agrees with RFC 4648 §10, without padding",
        arguments: [
            ("", ""), ("f", "my"), ("fo", "mzxq"), ("foo", "mzxw6"), ("foob", "mzxw6yq"),
            ("fooba", "mzxw6ytb"), ("foobar", "mzxw6ytboi"),
        ])
    func base32(text: String, encoded: String) throws {
        #expect(Base32.encode(Array(text.utf8)) == encoded)
        #expect(try Base32.decode(encoded) == Array(text.utf8))
    }

    @Test("base32 with unused bits, a lone letter or another alphabet is refused")
    func badBase32() {
        for text in ["mz", "m", "MY", "m1", "my="] {
            #expect(throws: WireFailure.self) { try Base32.decode(text) }
        }
    }

    @Test("a CID of either version names the same content by the same multihash")
    func cid() throws {
        let old = try CID("QmbWqxBEKC3P8tqsKc98xmWNzrzDtRLMiMPL8wBuTGsMnR")
        let new = try CID("bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi")
        #expect(old.hash.code == Multihash.sha256Code)
        #expect(old.codec == new.codec)
        #expect(new.description == "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi")
        #expect(try CID(new.bytes) == new)
        #expect(throws: WireFailure.self) { try CID("f0155") }
    }

    @Test("messages behind lengths come out whole, in order, however the bytes are cut")
    func lengthPrefixed() throws {
        var numbers = SeededNumbers(3)
        let messages = (0..<50).map { numbers.bytes($0 * 37) }
        let stream = messages.flatMap(LengthPrefixedReader.frame)
        var reader = LengthPrefixedReader(messageBytesMax: 4_096)
        var found: [[UInt8]] = []
        var rest = stream[...]
        while !rest.isEmpty {
            let count = min(rest.count, Int.random(in: 1...900, using: &numbers))
            reader.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
            while let message = try reader.next() { found.append(message) }
        }
        #expect(found == messages)
        reader.append(Varint.encode(4_097))
        #expect(throws: WireFailure.tooLong(limit: 4_096)) { try reader.next() }
    }

    @Test("decoders survive any bytes")
    func fuzz() {
        var numbers = SeededNumbers(5)
        let seeds = [
            hex("089601120774657374696e67"), Persons.peer(1).bytes,
            must(Persons.peer(1).cid).bytes, Array(Persons.peer(2).description.utf8),
        ]
        for index in 0..<4_000 {
            let bytes = numbers.mutated(seeds[index % seeds.count])
            let text = String(decoding: bytes, as: UTF8.self)
            _ = try? Multihash(bytes)
            _ = try? CID(bytes)
            _ = try? CID(text)
            _ = try? Base58.decode(text)
            _ = try? Base32.decode(text)
            if let peer = try? PeerID(bytes) { #expect(peer.bytes == bytes) }
            if let peer = try? PeerID(text) { #expect((try? PeerID(peer.description)) == peer) }
            var reader = ProtobufReader(bytes)
            while (try? reader.next()) != nil {}
        }
    }
}
