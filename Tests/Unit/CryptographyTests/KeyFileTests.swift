// SPDX-License-Identifier: Apache-2.0

import Testing
import Vocabulary

@testable import Cryptography

@Suite("Key files")
struct KeyFileTests {
    private let key: SigningKey
    private let file: [UInt8]
    private let passphrase = Array("correct horse battery staple".utf8)

    init() throws {
        key = try #require(SigningKey(seed: [UInt8](1...32)))
        // The cheapest limits: what a guess costs is not what these tests are about.
        file = try KeyFile.seal(
            key: key, passphrase: passphrase, salt: [UInt8](0..<16), nonce: [UInt8](0..<24),
            limits: #require(DerivationLimits(passes: 1, memoryKibibytes: 8)))
    }

    @Test("a key comes back from its file with its passphrase")
    func roundTrip() throws {
        let opened = try KeyFile.open(file, passphrase: passphrase)
        #expect(opened.publicKey == key.publicKey)
        #expect(opened.seed == key.seed)
        #expect(opened.sign([1]) == key.sign([1]))
    }

    @Test("the file's bytes are pinned: a version 1 file of today opens for ever")
    func pinned() throws {
        // Computed once with another implementation of Argon2id and XChaCha20-Poly1305.
        let sealedSeed =
            "07f6b95935ba5fc847a5318c31c547c833683808e60753bde7bab0d2d99c36e8"
            + "a6d6ac1cc81116ebc651365c05790827"
        let text = """
            atoll-key: 1
            public-key: 79b5562e8fe654f94078b112e8a98ba7901f853ae695bed7e0e3910bad049664
            derivation: argon2id
            passes: 1
            memory-kibibytes: 8
            salt: 000102030405060708090a0b0c0d0e0f
            cipher: xchacha20-poly1305
            nonce: 000102030405060708090a0b0c0d0e0f1011121314151617
            sealed-seed: \(sealedSeed)

            """
        #expect(String(decoding: file, as: UTF8.self) == text)
    }

    @Test("the standard limits of a new file are three passes over 64 MiB")
    func standardLimits() throws {
        let made = try KeyFile.seal(
            key: key, passphrase: passphrase, salt: [UInt8](0..<16), nonce: [UInt8](0..<24))
        let read = try KeyFile(reading: made)
        #expect(read.limits == .standard)
        #expect(read.limits.passes == 3 && read.limits.memoryKibibytes == 65_536)
        #expect(made.count < KeyFile.fileBytesMax / 2 + 1)
        #expect(try read.open(passphrase: passphrase).publicKey == key.publicKey)
    }

    @Test("the public key is read without the passphrase")
    func listing() throws {
        #expect(try KeyFile(reading: file).publicKey == key.publicKey)
        #expect(try KeyFile(reading: file).bytes == file)
    }

    @Test("another passphrase, an empty one and a longer one are refused")
    func wrongPassphrase() {
        for wrong in [[], passphrase + [0], Array("Correct horse battery staple".utf8)] {
            expect(.wrongPassphrase, of: file, with: wrong)
        }
    }

    @Test("an empty passphrase seals and opens like any other")
    func emptyPassphrase() throws {
        let limits = try #require(DerivationLimits(passes: 1, memoryKibibytes: 8))
        let made = try KeyFile.seal(
            key: key, passphrase: [], salt: [UInt8](0..<16), nonce: [UInt8](0..<24),
            limits: limits)
        #expect(try KeyFile.open(made, passphrase: []).publicKey == key.publicKey)
    }

    @Test("the seal binds every line above it")
    func boundHeader() throws {
        let text = String(decoding: file, as: UTF8.self)
        let changes = [
            ("public-key: 79b5", "public-key: 79b6"), ("passes: 1", "passes: 2"),
            ("memory-kibibytes: 8", "memory-kibibytes: 9"), ("salt: 0001", "salt: 0002"),
            ("nonce: 0001", "nonce: 0002"),
        ]
        for (before, after) in changes {
            let changed = Array(text.replacing(before, with: after).utf8)
            #expect(changed != file)
            expect(.wrongPassphrase, of: changed, with: passphrase)
        }
    }

    @Test("limits above the bounds are refused before any memory is taken")
    func hostileLimits() {
        let text = String(decoding: file, as: UTF8.self)
        let changes = [
            ("passes: 1", "passes: 11"), ("passes: 1", "passes: 99999999999999999999999"),
            ("memory-kibibytes: 8", "memory-kibibytes: 1048577"),
            ("memory-kibibytes: 8", "memory-kibibytes: 18446744073709551616"),
        ]
        for (before, after) in changes {
            let changed = Array(text.replacing(before, with: after).utf8)
            expect(.limitsTooHigh, of: changed, with: passphrase)
        }
        #expect(DerivationLimits(passes: 11, memoryKibibytes: 8) == nil)
        #expect(DerivationLimits(passes: 0, memoryKibibytes: 8) == nil)
        #expect(DerivationLimits(passes: 1, memoryKibibytes: 7) == nil)
        #expect(DerivationLimits(passes: 1, memoryKibibytes: (1 << 20) + 1) == nil)
    }

    @Test("another version is named in the refusal")
    func version() {
        let text = String(decoding: file, as: UTF8.self)
        let changed = Array(text.replacing("atoll-key: 1", with: "atoll-key: 2").utf8)
        expect(.unsupportedVersion("2"), of: changed, with: passphrase)
    }

    @Test(
        "a file that is not written as a key file is damaged",
        arguments: [
            ("passes: 1", "passes: 01"), ("passes: 1", "passes: 0"), ("passes: 1", "passes: +1"),
            ("passes: 1", "passes: "), ("passes: 1", "passes:1"), ("passes: 1\n", ""),
            ("argon2id", "argon2i"), ("xchacha20-poly1305", "none"), ("79b5", "79B5"),
            ("\n", "\r\n"), ("atoll-key", "other-key"), ("sealed-seed: ", "sealed-seed: 00"),
            ("memory-kibibytes: 8", "memory-kibibytes: 7"), ("salt: 00", "salt: 0g"),
        ])
    func damage(before: String, after: String) throws {
        let text = String(decoding: file, as: UTF8.self)
        let changed = text.replacing(before, with: after, maxReplacements: 1)
        #expect(changed != text)
        for bytes in [Array(changed.utf8), file + [0x0a], Array(file.dropLast()), [], [0xff]] {
            let failure = #expect(throws: KeyFileFailure.self) { try KeyFile(reading: bytes) }
            guard case .damaged(let reason) = failure else {
                Issue.record("\(String(describing: failure)) is not .damaged")
                continue
            }
            #expect(!reason.isEmpty)
        }
    }

    @Test("a file longer than its limit is refused unread")
    func tooLong() {
        let long = file + [UInt8](repeating: 0x20, count: KeyFile.fileBytesMax)
        #expect(throws: KeyFileFailure.damaged(reason: "the file is longer than 1024 bytes")) {
            try KeyFile(reading: long)
        }
    }

    @Test("a file cut anywhere is refused")
    func truncation() {
        for count in file.indices {
            #expect(throws: KeyFileFailure.self) { try KeyFile(reading: Array(file.prefix(count))) }
        }
    }

    @Test("a file changed anywhere does not open, and nothing brings the reader down")
    func mutation() throws {
        var numbers = SeededNumbers(seed: 5)
        for _ in 0..<2_000 {
            var changed = file
            for _ in 0...Int.random(in: 0..<3, using: &numbers) {
                let place = Int.random(in: changed.indices, using: &numbers)
                switch numbers.next() % 3 {
                case 0: changed[place] = UInt8(truncatingIfNeeded: numbers.next())
                case 1: changed.remove(at: place)
                default: changed.insert(UInt8(truncatingIfNeeded: numbers.next()), at: place)
                }
            }
            guard changed != file, let read = try? KeyFile(reading: changed) else { continue }
            #expect(read.bytes == changed)
            // Opening is left out where a changed digit asks for much memory.
            guard read.limits.memoryKibibytes < 1_024 else { continue }
            #expect(throws: KeyFileFailure.wrongPassphrase) {
                try read.open(passphrase: passphrase)
            }
        }
    }

    @Test("a file in which another key's seed was sealed is refused")
    func swappedKey() throws {
        let other = try #require(SigningKey(seed: [UInt8](2...33)))
        let honest = try KeyFile(reading: file)
        let forged = try KeyFile.sealing(
            other, as: honest.publicKey, passphrase: passphrase, salt: honest.salt,
            nonce: honest.nonce, limits: honest.limits)
        let reason = "the sealed key is not that of the public key"
        expect(.damaged(reason: reason), of: forged.bytes, with: passphrase)
    }

    @Test("nothing of a key file in memory shows the seed")
    func secrecy() throws {
        var dumped = ""
        dump(try KeyFile(reading: file), to: &dumped)
        #expect(!dumped.contains("01020304050607"))
        #expect(!String(decoding: file, as: UTF8.self).contains(Hexadecimal.encode(key.seed)))
    }

    private func expect(
        _ failure: KeyFileFailure, of bytes: [UInt8], with passphrase: [UInt8]
    ) {
        #expect(throws: failure) { try KeyFile.open(bytes, passphrase: passphrase) }
    }
}
