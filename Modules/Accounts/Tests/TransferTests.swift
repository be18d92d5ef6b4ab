// SPDX-License-Identifier: Apache-2.0
import Accounts
import Ledger
import LedgerSupport
import Testing
import Vocabulary

@Suite("Transfers")
struct TransferTests {
    let street: Street

    init() throws { street = try Street() }

    @Test("a transfer moves every part, of any asset (ACCOUNTS-3)")
    func many() throws {
        let carol = Street.account(3)
        try street.transfer(
            .init(to: street.bob, Amount(100)), .init(to: carol, Amount(20)),
            .init(to: carol, Amount(50), of: street.coral), from: street.alice)
        #expect(street.balance(street.alice) == 880)
        #expect(street.balance(street.bob) == 110)
        #expect(street.balance(carol) == 20)
        #expect(street.balance(carol, street.coral) == 50)
        #expect(street.balance(street.alice, street.coral) == 0)
        let movements = try street.context.events.map { try Movement(canonicalBytes: $0.payload) }
        #expect(movements.map(\.amount.units) == [100, 20, 50])
        #expect(street.context.events.map(\.subject) == [street.bob.raw, carol.raw, carol.raw])
        street.expectSound()
    }

    @Test("a transfer that cannot pay its last part moves nothing")
    func atomic() {
        let name = refusal {
            try street.transfer(
                .init(to: street.bob, Amount(999)), .init(to: street.bob, Amount(2)),
                from: street.alice)
        }
        #expect(name == "insufficientBalance")
        #expect(street.balance(street.alice) == 1_000 && street.balance(street.bob) == 10)
        #expect(street.context.events.isEmpty)
    }

    @Test("the whole balance can be sent, and one unit more cannot")
    func boundary() throws {
        #expect(
            refusal {
                try street.transfer(.init(to: street.bob, Amount(1_001)), from: street.alice)
            }
                == "insufficientBalance")
        try street.transfer(.init(to: street.bob, Amount(1_000)), from: street.alice)
        #expect(street.balance(street.alice) == 0 && street.balance(street.bob) == 1_010)
        #expect(street.accounts.balances(of: street.alice, in: street.context).count == 1)
        street.expectSound()
    }

    @Test("a transfer to oneself changes nothing, and needs the balance all the same")
    func toSelf() throws {
        try street.transfer(.init(to: street.alice, Amount(1_000)), from: street.alice)
        #expect(street.balance(street.alice) == 1_000)
        #expect(
            refusal {
                try street.transfer(.init(to: street.alice, Amount(1_001)), from: street.alice)
            } == "insufficientBalance")
        street.expectSound()
    }

    @Test("zero amounts, unknown assets, empty and malformed messages are refused by name")
    func refusals() {
        let alice = street.alice
        #expect(
            refusal { try street.transfer(.init(to: street.bob, .zero), from: alice) }
                == "zeroAmount")
        #expect(
            refusal {
                try street.transfer(.init(to: street.bob, Amount(1), of: AssetID(99)), from: alice)
            } == "unknownAsset")
        #expect(refusal { try street.transfer(from: alice) } == "noParts")
        for payload: [UInt8] in [[], [1], [0], [0, 0, 0], [0, 0x81, 0x08]] {
            #expect(
                refusal { try street.accounts.execute(payload, from: alice, in: street.context) }
                    != nil)
        }
    }

    @Test("the encoding of a transfer is pinned")
    func pinned() {
        let message = AccountsMessage.transfer(
            Transfer([.init(to: Street.account(1), Amount(2), of: AssetID(3))]))
        let expected =
            "00" + "01" + "01" + String(repeating: "00", count: 31) + "0300000000000000" + "02"
            + String(repeating: "00", count: 15)
        #expect(Hexadecimal.encode(message.canonicalBytes) == expected)
        #expect(message.message.module == .accounts)
    }

    @Test("decoding survives any bytes", arguments: [UInt64](1...4))
    func decoding(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            var bytes = AccountsWorkload.message(
                among: [street.alice, street.bob], using: &random
            ).payload
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] =
                    UInt8.random(in: 0...255, using: &random)
            }
            guard let read = try? AccountsMessage(canonicalBytes: bytes) else { continue }
            #expect(read.canonicalBytes == bytes)
        }
    }

    @Test("random transfers never make or lose a unit", arguments: [UInt64](1...6))
    func workload(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let people = (UInt8(1)...6).map(Street.account)
        for _ in 0..<300 {
            let message = AccountsWorkload.message(among: people, using: &random)
            let sender = people[Int.random(in: 0..<people.count, using: &random)]
            _ = refusal {
                try street.context.atomically { () throws(Refusal) in
                    try street.accounts.execute(message.payload, from: sender, in: street.context)
                }
            }
        }
        #expect(people.reduce(0) { $0 + street.balance($1) } == 1_010)
        street.expectSound()
    }
}
