// SPDX-License-Identifier: Apache-2.0
import Ledger
import LedgerSupport
import Testing
import Vocabulary

@testable import Treasury

@Suite("Random treasuries")
struct WorkloadTests {
    @Test("random lives keep the law and lose no base unit (TREASURY-20)", arguments: 1...8)
    func lives(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let hall = try Hall(EncodingTests.genesis)
        let accounts = (0..<8).map(Hall.account)
        var applied = 0
        for step in 0..<300 {
            let place = Int(random.next(upperBound: 8 as UInt64))
            let message = TreasuryWorkload.message(
                of: accounts[place], among: accounts, selling: Hall.coral, at: hall.now,
                using: &random)
            let answer = refusal {
                try hall.context.atomically { () throws(Refusal) in
                    try Hall.module.execute(
                        message.payload, from: accounts[place], in: hall.context)
                }
            }
            applied += answer == nil ? 1 : 0
            if step % 5 == 4 { hall.wait(random.next(upperBound: 3_600_000)) }
        }
        #expect(applied > 60)
        hall.expectSound()
    }

    @Test("money that is nobody's is noticed (TREASURY-20)")
    func breaches() throws {
        let hall = try Hall(EncodingTests.genesis)
        var grant = try #require(hall.queries.grant(0))
        grant.claimed = Amount(1)
        hall.context.set(.treasury, TreasuryKeys.grant(0), grant.canonicalBytes)
        #expect(Hall.module.breaches(after: hall.context).count == 1)
        #expect(Hall.module.breaches(in: hall.context).count == 1)
    }

    @Test("decoding survives any bytes", arguments: 1...4)
    func decoding(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let accounts = (0..<4).map(Hall.account)
        for _ in 0..<600 {
            var bytes = TreasuryWorkload.message(
                of: accounts[0], among: accounts, selling: Hall.coral, at: Timestamp(1),
                using: &random
            ).payload
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] =
                    UInt8.random(in: 0...255, using: &random)
            }
            guard let read = try? TreasuryMessage(canonicalBytes: bytes) else { continue }
            #expect(read.canonicalBytes == bytes)
        }
    }
}
