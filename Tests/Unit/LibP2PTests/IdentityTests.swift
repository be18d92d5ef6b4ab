// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Testing
import Vocabulary

@testable import LibP2P

@Suite("Keys, peers' names and what they sign (LIBP-7 to LIBP-9)")
struct IdentityTests {
    // The test vectors of the peer-ids specification.
    private static let ecdsa =
        "0803125b3059301306072a8648ce3d020106082a8648ce3d03010703420004de3d300fa36ae0e8f5d530899d83"
        + "abab44abf3161f162a4bc901d8e6ecda020e8b6d5f8da30525e71d6851510c098e5c47c646a597fb4dcec0"
        + "34e9f77c409e62"
    private static let ed25519 =
        "080112201ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e"
    private static let secp256k1 =
        "08021221037777e994e452c21604f91de093ce415f5432f701dd8cd1a7a6fea0e630bfca99"

    @Test(
        "the keys of the specification are read and written alike",
        arguments: [
            (ecdsa, IdentityKey.Kind.ecdsa), (ed25519, .ed25519), (secp256k1, .secp256k1),
        ])
    func keys(text: String, kind: IdentityKey.Kind) throws {
        let key = try IdentityKey(encoded: hex(text))
        #expect(key.kind == kind)
        #expect(key.encoded == hex(text))
        let peer = PeerID(of: key)
        #expect(try PeerID(peer.bytes) == peer)
        #expect(try PeerID(peer.description) == peer)
        #expect(try PeerID(must(peer.cid).description) == peer)
        // A key of at most 42 bytes is held whole by its name.
        #expect(peer.key == (hex(text).count <= 42 ? key : nil))
    }

    @Test("the private Ed25519 key of the specification has its public key")
    func derivation() throws {
        let seed = hex("7e0830617c4a7de83925dfb2694556b12936c477a0e1feb2e148ec9da60fee7d")
        let key = must(SigningKey(seed: seed))
        #expect(Hexadecimal.encode(IdentityKey(key.publicKey).encoded) == Self.ed25519)
    }

    @Test("the three examples of names in the specification are read; two of them are one name")
    func examples() throws {
        let cid = try PeerID("bafzbeie5745rpv2m6tjyuugywy4d5ewrqgqqhfnf445he3omzpjbx5xqxe")
        let old = try PeerID("QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N")
        let whole = try PeerID("12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA")
        #expect(cid == old)
        #expect(whole.key?.kind == .ed25519)
        #expect(old.key == nil)
    }

    @Test("a name that is no multihash of a key is refused")
    func badNames() {
        for text in [
            "", "1", "Qm", "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi",
            "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5S0",
        ] {
            #expect(throws: WireFailure.self) { try PeerID(text) }
        }
    }

    @Test("a key in any but its one form is refused")
    func strictKeys() {
        let key = hex(Self.ed25519)
        let data = Array(key.dropFirst(2))
        for bytes in [
            key + [0x18, 0x01], data + [0x08, 0x01], Array(key.dropLast()), [0x08, 0x05] + data,
            [0x08, 0x81, 0x00] + data,
        ] {
            #expect(throws: WireFailure.self) { try IdentityKey(encoded: bytes) }
        }
    }

    @Test("a sealed record comes back, and no byte of it can be changed")
    func records() throws {
        let record = PeerRecord(
            peer: Persons.peer(1), sequence: 7, addresses: [Persons.address(1), Persons.address(2)])
        let sealed = record.sealed(with: Persons.key(1))
        #expect(try PeerRecord(sealed: sealed) == record)
        for index in sealed.indices {
            var changed = sealed
            changed[index] ^= 1
            #expect(throws: WireFailure.self, "byte \(index)") { try PeerRecord(sealed: changed) }
        }
        #expect(throws: WireFailure.malformed(.record)) {
            try PeerRecord(sealed: record.sealed(with: Persons.key(2)))
        }
    }

    @Test("keys and envelopes survive any bytes")
    func fuzz() {
        var numbers = SeededNumbers(6)
        let record = PeerRecord(
            peer: Persons.peer(1), sequence: 7, addresses: [Persons.address(1)])
        let seeds = [hex(Self.ecdsa), hex(Self.secp256k1), record.sealed(with: Persons.key(1))]
        for index in 0..<600 {
            let bytes = numbers.mutated(seeds[index % seeds.count])
            if let key = try? IdentityKey(encoded: bytes) { #expect(key.encoded == bytes) }
            _ = try? PeerRecord(sealed: bytes)
        }
    }
}
