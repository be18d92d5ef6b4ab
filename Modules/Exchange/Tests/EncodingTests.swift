// SPDX-License-Identifier: Apache-2.0
import JSONText
import Ledger
import LedgerSupport
import Testing
import Vocabulary

@testable import Exchange

@Suite("Encodings and genesis of the exchange")
struct EncodingTests {
    private func zeros(_ count: Int) -> String { String(repeating: "00", count: count) }

    @Test("the encoding of a trade is pinned")
    func pinned() {
        let swap = ExchangeMessage.swap(
            Swap(
                pool: 1, selling: AssetAmount(Amount(3), of: AssetID(2)), least: Amount(4),
                expires: Timestamp(5)))
        #expect(
            Hexadecimal.encode(swap.canonicalBytes)
                == "03" + "01" + zeros(7) + "02" + zeros(7) + "03" + zeros(15) + "04" + zeros(15)
                + "05" + zeros(7))
    }

    static let messages: [ExchangeMessage] = [
        .createPool(
            CreatePool(
                AssetAmount(Amount(1), of: .native), AssetAmount(Amount(2), of: AssetID(5)),
                fee: 3, lockedUntil: Timestamp(4))),
        .addLiquidity(AddLiquidity(pool: 1, firstMost: Amount(2), secondMost: Amount(3))),
        .removeLiquidity(RemoveLiquidity(pool: 1, shares: Amount(2))),
        .swap(
            Swap(
                pool: 1, selling: AssetAmount(Amount(3), of: .native), least: .zero,
                expires: Timestamp(5))),
        .lock(pool: 1, shares: Amount(2), until: Timestamp(3)), .unlock(pool: 1),
        .fund(Amount(1)), .convert(asset: AssetID(5), amount: Amount(1), least: Amount(2)),
        .setWindow(
            asset: AssetID(5), terms: WindowTerms(target: Amount(1), reference: Amount(2))),
    ]

    @Test("every message begins with its tag and reads back")
    func tags() throws {
        #expect(Self.messages.map { $0.canonicalBytes[0] } == Array(0...8))
        for message in Self.messages + [.setWindow(asset: AssetID(5), terms: nil)] {
            #expect(try ExchangeMessage(canonicalBytes: message.canonicalBytes) == message)
        }
        #expect(throws: CanonicalError.unknownTag(9)) {
            try ExchangeMessage(canonicalBytes: [9])
        }
    }

    @Test("decoding survives any bytes", arguments: 1...4)
    func decoding(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<600 {
            var bytes = Self.messages[Int.random(in: 0..<9, using: &random)].canonicalBytes
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] =
                    UInt8.random(in: 0...255, using: &random)
            }
            guard let read = try? ExchangeMessage(canonicalBytes: bytes) else { continue }
            #expect(read.canonicalBytes == bytes)
        }
    }

    @Test("a genesis makes pools with locks, windows and their fund")
    func genesis() throws {
        let account = JSON.string("\(Bazaar.account(1))")
        let bazaar = try Bazaar([
            "conversionMin": "5", "feeMin": 0,
            "windows": [["asset": 6, "target": "10", "reference": "20"]],
            "fund": ["account": account, "amount": "70"],
            "pools": [
                [
                    "account": account, "one": ["asset": 5, "amount": "10"],
                    "other": ["amount": "40"], "fee": 0, "lockMilliseconds": 60_000,
                ]
            ],
        ])
        #expect(bazaar.queries.parameters.conversionMin == Amount(whole: 5))
        #expect(bazaar.queries.windows() == [Bazaar.pearl])
        #expect(bazaar.queries.pool(0)?.shares == Amount(whole: 20))
        #expect(
            bazaar.queries.lock(of: Bazaar.account(1), in: 0)?.until == Timestamp(60_000))
        #expect(bazaar.balance(1) == Bazaar.plenty.subtracting(Amount(whole: 110)))
        bazaar.expectSound()
    }

    @Test("figures are changed by their names, within their ranges")
    func figures() throws {
        let bazaar = try Bazaar()
        #expect(
            Bazaar.module.figures(in: bazaar.context) == ExchangeParameters.standard.json)
        try Bazaar.module.adjust(to: ["conversionMin": "7"], in: bazaar.context)
        #expect(bazaar.queries.parameters.conversionMin == Amount(whole: 7))
        #expect(throws: GenesisFailure.self) {
            try Bazaar.module.adjust(to: ["feeMin": 2, "feeMax": 1], in: bazaar.context)
        }
    }

    @Test("mistakes of a genesis are named with their place")
    func mistakes() {
        let account = JSON.string("\(Bazaar.account(1))")
        for (wrong, pointer) in [
            (["windows": [["asset": 0, "target": "1", "reference": "1"]]], "/windows/0"),
            (["windows": [["asset": 5, "target": "1"]]], "/windows/0/reference"),
            (["emission": [["years": 0, "amount": "1"]]], "/emission/0/years"),
            (["fund": ["account": account, "amount": "99999999"]], "/fund"),
            (
                [
                    "pools": [
                        [
                            "account": account, "one": ["amount": "1"],
                            "other": ["asset": 0, "amount": "1"], "fee": 3_000,
                        ]
                    ]
                ], "/pools/0"
            ), (["feeMin": 9, "feeMax": 8], "/feeMin"), (["bourse": 1], "/bourse"),
        ] as [(JSON, String)] {
            do {
                _ = try Bazaar(wrong)
                Issue.record("\(pointer) was accepted")
            } catch { #expect((error as? GenesisFailure)?.pointer == pointer) }
        }
    }
}
