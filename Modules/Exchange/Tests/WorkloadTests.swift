// SPDX-License-Identifier: Apache-2.0
import Ledger
import LedgerSupport
import Testing
import Vocabulary

@testable import Exchange

@Suite("Random exchanges")
struct WorkloadTests {
    @Test("random lives keep the law and lose no base unit (EXCHANGE-20)", arguments: 1...8)
    func lives(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let bazaar = try Bazaar(ConversionTests.genesis())
        var applied = 0
        for _ in 0..<400 {
            let message = ExchangeWorkload.message(
                of: Bazaar.assets, at: bazaar.context.block.time, using: &random)
            let sender = Bazaar.account(Int(random.next(upperBound: 8 as UInt64)))
            let answer = refusal {
                try bazaar.context.atomically { () throws(Refusal) in
                    try Bazaar.module.execute(
                        message.payload, from: sender, in: bazaar.context)
                }
            }
            applied += answer == nil ? 1 : 0
        }
        #expect(applied > 60)
        bazaar.expectSound()
    }

    @Test("a pool whose product fell is noticed (EXCHANGE-20)")
    func breaches() throws {
        let bazaar = try Bazaar()
        try bazaar.openPool(Amount(whole: 10), Amount(whole: 10))
        bazaar.wait(1)
        var pool = try #require(bazaar.queries.pool(0))
        pool.firstReserve = Amount(whole: 9)
        bazaar.context.set(.exchange, ExchangeKeys.pool(0), pool.canonicalBytes)
        #expect(Bazaar.module.breaches(after: bazaar.context).count == 2)
        #expect(Bazaar.module.breaches(in: bazaar.context).count == 1)
    }
}
