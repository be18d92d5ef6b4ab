// SPDX-License-Identifier: Apache-2.0
import JSONText
import Ledger
import LedgerSupport
import Testing
import Vocabulary

@testable import Revenue

@Suite("What work earns besides")
struct WorkTests {
    /// CO-07: 0.1 for an hour, times reputation from 0.5 to 2.0, H100 2.0, edge 1.5.
    static let parts: JSON = [
        "workPool": 1, "workPerPaid": 1_000_000,
        "work": [["kind": "compute", "asset": 5, "perUnit": "0.1"]],
        "multipliers": [
            ["capability": "h100", "weight": 2_000_000],
            ["capability": "edge", "weight": 1_500_000],
        ],
    ]

    private func earn(
        _ hours: UInt64, by provider: Int, paid: Amount = Amount(whole: 1_000),
        kind: String = "compute", on harbour: Harbour
    ) -> Amount {
        Harbour.module.payWork(
            kind, quantity: Amount(whole: hours), paid: paid, to: Harbour.account(provider),
            in: harbour.context)
    }

    @Test("an hour earns a tenth, times reputation and machine (CO-07, REVENUE-5)")
    func rates() throws {
        let harbour = try Harbour(Self.parts)
        for (provider, text) in [
            (10, "0.5"), (9, "1.25"), (11, "2"), (12, "2.5"), (13, "3.75"),
        ] {
            #expect(earn(10, by: provider, on: harbour) == Amount(text), "provider \(provider)")
            #expect(harbour.gain(provider, Harbour.coral) == Amount(text))
        }
        #expect(earn(10, by: 9, kind: "storage-hot", on: harbour) == .zero)
        harbour.end()
    }

    @Test("the first providers' work counts more, for a while (CO-16, REVENUE-5)")
    func early() throws {
        // The first two by ten for 30 days, the next one by five for 60.
        let day: UInt64 = 86_400_000
        let rows: JSON = [
            ["count": 2, "weight": 10_000_000, "spanMilliseconds": JSON(30 * day)],
            ["count": 1, "weight": 5_000_000, "spanMilliseconds": JSON(60 * day)],
        ]
        let harbour = try Harbour(
            .object((Self.parts.members ?? []) + [JSON.Member("early", rows)]))
        let plain = try #require(Amount("1.25"))
        for (provider, weight) in [(3, 10), (4, 10), (5, 5), (6, 1)] as [(Int, UInt64)] {
            #expect(earn(10, by: provider, on: harbour) == plain.multiplied(by: weight))
        }
        #expect(earn(10, by: 3, on: harbour) == plain.multiplied(by: 10))
        harbour.end(after: 31 * day)
        #expect(earn(10, by: 3, on: harbour) == plain)
        #expect(earn(10, by: 5, on: harbour) == plain.multiplied(by: 5))
        harbour.end()
    }

    @Test("nothing is minted: what the pool does not have is not paid")
    func pool() throws {
        let harbour = try Harbour(Self.parts)
        let all = Amount(whole: 100_000_000)
        #expect(earn(100_000_000, by: 9, paid: all, on: harbour) == Harbour.plenty)
        #expect(earn(1, by: 9, on: harbour) == .zero)
        harbour.end()
    }

    @Test("fuel is hours of computing")
    func fuel() throws {
        let harbour = try Harbour(Self.parts)
        let hours = Harbour.module.hours(ofFuel: 1_800_000_000_000, in: harbour.context)
        #expect(hours == Amount("0.5"))
    }

    @Test("paying oneself costs more than it earns, whatever the machine says (REVENUE-6)")
    func selfDealing() throws {
        // Without an orchestrator's share, which one might be oneself, 20 in a hundred are lost;
        // what is earned becomes native units at four for one at most (EXCHANGE-9).
        let parts = (DivisionTests.parts.members ?? []) + (Self.parts.members ?? [])
        let harbour = try Harbour(
            .object(parts.filter { $0.name != "workPerPaid" }))
        try harbour.send(.nameOrchestrator(Harbour.account(20)), from: 1)
        let payment = Amount(whole: 1_000)
        try harbour.pay(payment, from: 1, to: 13)
        let earned = earn(1_000_000, by: 13, paid: payment, on: harbour)
        #expect(earned == Amount(whole: 40))
        let back = try #require(harbour.gain(13)?.adding(harbour.gain(20) ?? .zero))
        let lost = try #require(payment.subtracting(back))
        #expect(earned.multiplied(by: 4) ?? .zero <= lost)
        harbour.end()
    }
}

@Suite("Encodings of revenue")
struct EncodingTests {
    @Test("messages read back, and their bytes are pinned")
    func messages() throws {
        let named = RevenueMessage.nameOrchestrator(Harbour.account(7))
        #expect(named.canonicalBytes == [0, 1, 7] + [UInt8](repeating: 0, count: 31))
        #expect(RevenueMessage.nameOrchestrator(nil).canonicalBytes == [0, 0])
        for message in [named, .nameOrchestrator(nil)] {
            #expect(try RevenueMessage(canonicalBytes: message.canonicalBytes) == message)
        }
    }

    @Test("no bytes whatever make the decoders stop", arguments: 1...4)
    func mutations(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let harbour = try Harbour(DivisionTests.parts)
        let samples = [
            RevenueMessage.nameOrchestrator(Harbour.account(7)).canonicalBytes,
            harbour.queries.parameters.canonicalBytes, harbour.queries.tables.canonicalBytes,
            harbour.queries.totals.canonicalBytes,
            RevenueNote(
                Harbour.account(1), Harbour.account(2), .native, Amount(3), parts: [Amount(3)]
            ).canonicalBytes,
        ]
        for _ in 0..<2_000 {
            var bytes = samples[Int(random.next(upperBound: UInt64(samples.count)))]
            for _ in 0...Int(random.next(upperBound: 3 as UInt64)) where !bytes.isEmpty {
                let place = Int(random.next(upperBound: UInt64(bytes.count)))
                bytes[place] = UInt8(truncatingIfNeeded: random.next())
            }
            if let message = try? RevenueMessage(canonicalBytes: bytes) {
                #expect(message.canonicalBytes == bytes)
            }
            _ = try? RevenueParameters(canonicalBytes: bytes)
            _ = try? RevenueTables(canonicalBytes: bytes)
            _ = try? RevenueTotals(canonicalBytes: bytes)
            _ = try? RevenueNote(canonicalBytes: bytes)
        }
    }

    @Test("random lives keep the law (REVENUE-20)", arguments: 1...4)
    func lives(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let harbour = try Harbour(
            .object((DivisionTests.parts.members ?? []) + (WorkTests.parts.members ?? [])))
        let accounts = (0..<32).map(Harbour.account)
        for step in 0..<400 {
            let sender = Int(random.next(upperBound: 31 as UInt64))
            let other = Int(random.next(upperBound: 31 as UInt64))
            let amount = Amount(UInt128(random.next(upperBound: 1_000_000_000 as UInt64)))
            switch random.next(upperBound: 4 as UInt64) {
            case 0:
                let message = RevenueWorkload.message(among: accounts, using: &random)
                _ = refusal {
                    try harbour.context.atomically { () throws(Refusal) in
                        try Harbour.module.execute(
                            message.payload, from: accounts[sender], in: harbour.context)
                    }
                }
            case 1: try harbour.fee(amount, from: sender)
            default: try harbour.pay(amount, from: sender, to: other)
            }
            if step.isMultiple(of: 5) { harbour.end() }
        }
        harbour.end()
    }
}
