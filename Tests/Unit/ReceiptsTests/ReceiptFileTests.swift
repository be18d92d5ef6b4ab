// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Receipts
import Testing
import Vocabulary

@Suite("Receipt files")
struct ReceiptFileTests {
    @Test("a file begins with its mark and reads back as it was (RECEIPT-1)")
    func roundTrip() throws {
        let file = try Notary().file()
        #expect(file.bytes.starts(with: Array("ATOLLRC1".utf8)))
        let again = try ReceiptFile(bytes: file.bytes)
        #expect(again.bytes == file.bytes)
        #expect(again.id == file.id)
        #expect(file.bytes.count < 8_192)
    }

    @Test("what is no receipt is told apart from what is a damaged one (RECEIPT-1)")
    func failures() throws {
        let bytes = try Notary().file().bytes
        #expect(throws: ReceiptFileFailure.notAReceipt) { try ReceiptFile(bytes: []) }
        #expect(throws: ReceiptFileFailure.notAReceipt) {
            try ReceiptFile(bytes: Array("ATOLLRC2".utf8) + bytes.dropFirst(8))
        }
        let long = bytes + [UInt8](repeating: 0, count: ReceiptFile.bytesMax)
        #expect(throws: ReceiptFileFailure.tooLarge(long.count)) { try ReceiptFile(bytes: long) }
        for count in stride(from: 8, to: bytes.count, by: 13) {
            let failure = #expect(throws: ReceiptFileFailure.self) {
                try ReceiptFile(bytes: Array(bytes.prefix(count)))
            }
            guard case .damaged = failure else {
                Issue.record("\(count) bytes: \(String(describing: failure))")
                continue
            }
        }
        #expect(throws: ReceiptFileFailure.self) { try ReceiptFile(bytes: bytes + [0]) }
    }

    @Test(
        "mutations never crash the reader, and none of them verifies",
        arguments: 1...4 as ClosedRange<UInt64>)
    func mutations(seed: UInt64) throws {
        let notary = try Notary()
        let verifier = ReceiptVerifier(genesis: notary.genesis)
        let bytes = try notary.file().bytes
        var state = seed
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % max(bound, 1)
        }
        var read = 0
        for _ in 0..<1_500 {
            var changed = bytes
            for _ in 0...next(3) where !changed.isEmpty {
                let place = next(changed.count)
                switch next(5) {
                case 0, 1: changed[place] ^= UInt8(1 << next(8))
                case 2: changed[place] = UInt8(truncatingIfNeeded: next(256))
                case 3: changed.remove(at: place)
                default: changed.insert(UInt8(truncatingIfNeeded: next(256)), at: place)
                }
            }
            guard changed != bytes, let file = try? ReceiptFile(bytes: changed) else { continue }
            read += 1
            #expect(file.bytes == changed)
            #expect(verifier.check(file).contains { !$0.holds })
        }
        #expect(read > 100, "many mutations still read")
    }

    @Test("a certificate with a signer left out still proves, as long as a quorum is left")
    func smallerQuorum() throws {
        let notary = try Notary()
        let verifier = ReceiptVerifier(genesis: notary.genesis)
        let all = try notary.file(Notary.Changes(signers: [0, 1, 2, 3]))
        let fewer = try notary.file(Notary.Changes(signers: [0, 2, 3]))
        #expect(verifier.check(all).filter { !$0.holds } == [])
        #expect(verifier.check(fewer).filter { !$0.holds } == [])
        #expect(all.id == fewer.id, "the id is the receipt's, not the file's")
    }
}
