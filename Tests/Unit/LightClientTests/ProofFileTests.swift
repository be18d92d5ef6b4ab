// SPDX-License-Identifier: Apache-2.0
import Accounts
import Cryptography
import Ledger
import LightClient
import Testing
import Vocabulary

@Suite("A proof file has one form and survives any bytes")
struct ProofFileTests {
    @Test("a file reads as it was written, behind its mark (LIGHT-10)")
    func form() throws {
        let town = try Town()
        let file = try town.chain.file([town.balanceKey, town.nonceKey])
        #expect(file.bytes.starts(with: Array("ATOLLPF1".utf8)))
        let read = try ProofFile(bytes: file.bytes)
        #expect(read == file)
        #expect(try town.chain.verifier.verify(read).count == 2)
    }

    @Test("the encoding is pinned: sections, header, finality, then module, key, value and proof")
    func pinned() throws {
        let town = try Town(others: 0)
        let file = try town.chain.file([town.balanceKey])
        let section = file.sections[0]
        let entry = section.entries[0]
        var expected = Array("ATOLLPF1".utf8) + [1]
        expected += section.header.canonicalBytes + section.finality.canonicalBytes
        expected += [1, 1, 41] + town.balanceKey + [1, 16] + Amount(whole: 12).canonicalBytes
        expected += entry.proof.canonicalBytes
        #expect(file.bytes == expected)
    }

    @Test("sections of one header become one, others stay apart")
    func joining() throws {
        let town = try Town()
        let balance = [town.chain.entry(.accounts, town.balanceKey)]
        let nonce = [town.chain.entry(.accounts, town.nonceKey)]
        let one = try #require(
            ProofFile([try town.chain.section(balance), try town.chain.section(nonce)]))
        #expect(one.sections.count == 1)
        #expect(one.sections[0].entries == balance + nonce)
        let two = try #require(
            ProofFile([
                try town.chain.section(balance), try town.chain.section(nonce, height: 12),
            ]))
        #expect(two.sections.count == 2)
        #expect(try town.chain.verifier.balance(of: town.rich, in: two).amount.units > 0)
        #expect(
            try town.chain.verifier.nonce(of: town.rich, in: two).header.stateHeight.value == 11)
    }

    @Test("no section, no entry and too many of either are no file")
    func limits() throws {
        let town = try Town()
        let entry = town.chain.entry(.accounts, town.balanceKey)
        let header = town.chain.header()
        let finality = town.chain.finality(of: header)
        let many = [ProofEntry](repeating: entry, count: ProofSection.entriesMax + 1)
        #expect(ProofSection(header: header, finality: finality, entries: []) == nil)
        #expect(ProofSection(header: header, finality: finality, entries: many) == nil)
        #expect(ProofFile([]) == nil)
        let sections = try (0...UInt64(ProofFile.sectionsMax)).map {
            try town.chain.section([entry], height: 11 + $0)
        }
        #expect(ProofFile(sections) == nil)
    }

    @Test("bytes of another kind, too many bytes and a cut file are told apart")
    func strangers() throws {
        let bytes = try Town().chain.file([Town().balanceKey]).bytes
        #expect(throws: ProofFileFailure.notAProof) {
            try ProofFile(bytes: Array("ATOLLRC1".utf8) + bytes.dropFirst(8))
        }
        #expect(throws: ProofFileFailure.notAProof) { try ProofFile(bytes: []) }
        let large = [UInt8](repeating: 0, count: ProofFile.bytesMax + 1)
        #expect(throws: ProofFileFailure.tooLarge(large.count)) { try ProofFile(bytes: large) }
        for count in stride(from: 8, to: bytes.count, by: 37) {
            #expect(throws: ProofFileFailure.self) {
                try ProofFile(bytes: Array(bytes.prefix(count)))
            }
        }
        #expect(throws: ProofFileFailure.self) { try ProofFile(bytes: bytes + [0]) }
    }

    @Test("a file changed anywhere does not read, does not hold, or is the same file")
    func mutations() throws {
        let town = try Town()
        let bytes = try town.chain.file([town.balanceKey]).bytes
        var seed: UInt64 = 0x5EED
        func next(_ bound: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((seed >> 33) % UInt64(bound))
        }
        var read = 0
        for _ in 0..<1_500 {
            var mutant = bytes
            for _ in 0...next(3) {
                switch next(4) {
                case 0: mutant.remove(at: 8 + next(mutant.count - 8))
                case 1: mutant.insert(UInt8(next(256)), at: 8 + next(mutant.count - 8))
                default: mutant[8 + next(mutant.count - 8)] = UInt8(next(256))
                }
            }
            guard let file = try? ProofFile(bytes: mutant) else { continue }
            read += 1
            #expect(file.bytes == mutant)
            guard mutant != bytes else { continue }
            #expect(throws: LightFailure.self) { try town.chain.verifier.verify(file) }
            #expect(town.chain.verifier.check(file).contains { !$0.holds })
        }
        #expect(read > 100)
    }

    @Test("random bytes behind the mark are survived")
    func noise() {
        var bytes = ProofFile.mark
        var state = SHA256.hash([1])
        for _ in 0..<64 {
            state = SHA256.hash(state.raw.bytes)
            bytes += state.raw.bytes
            #expect(throws: ProofFileFailure.self) { try ProofFile(bytes: bytes) }
        }
    }
}
