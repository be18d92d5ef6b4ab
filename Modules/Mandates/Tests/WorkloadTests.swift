// SPDX-License-Identifier: Apache-2.0
import Ledger
import LedgerSupport
import Mandates
import Testing
import Vocabulary

@Suite("Random lives of mandates")
struct WorkloadTests {
    private static let kinds = (0..<3).map { MessageKind(Shop.module, tag: UInt32($0)) }

    private func next(
        _ office: Office, by sender: AccountID, _ people: [AccountID],
        _ random: inout SeededGenerator
    ) -> Message {
        let tag = UInt32.random(in: 0..<4, using: &random)
        let amount = UInt64.random(in: 0..<150, using: &random)
        return MandatesWorkload.message(
            of: sender, among: people, covering: Self.kinds, at: office.context.block.time,
            in: office.context, using: &random
        ) { Shop.message(tag, amount) }
    }

    @Test("random lives keep the law (MANDATES-12)", arguments: [UInt64](1...4))
    func lives(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let office = Office()
        let people = (1...5).map { Office.account($0) }
        for person in people { Shop.give(5_000, to: person, in: office.context) }
        var acted = 0
        for step in 0..<320 {
            let sender = people[Int.random(in: people.indices, using: &random)]
            let message = next(office, by: sender, people, &random)
            let refused = refusal {
                try office.context.atomically { () throws(Refusal) in
                    try office.mandates.execute(message.payload, from: sender, in: office.context)
                }
            }
            let isAct = MessageKind(of: message) == MessageKind(.mandates, tag: 3)
            acted += isAct && refused == nil ? 1 : 0
            if step % 20 == 19 {
                office.expectSound()
                office.pass(to: 1_000 + UInt64(step) * 20)
            }
        }
        #expect(acted > 5)
    }

    @Test("a mandate that changed, and an expense beyond its budget, are noticed")
    func breaches() throws {
        let office = Office()
        let id = try office.grant()
        try office.act(id, Shop.message(0, 100))
        office.pass(to: 1_001)
        let key = MandatesKeys.expenses(id)
        var bytes = try #require(office.context.value(.mandates, key))
        // The total of the first item: after the count and the asset, little-endian.
        bytes[9] += 1
        office.context.set(.mandates, key, bytes)
        #expect(office.mandates.breaches(after: office.context).count == 1)
        #expect(office.mandates.breaches(in: office.context).count == 1)
        var mandate = try #require(office.context.value(.mandates, MandatesKeys.mandate(id)))
        mandate[40] ^= 1
        office.context.set(.mandates, MandatesKeys.mandate(id), mandate)
        #expect(office.mandates.breaches(after: office.context).contains("a mandate has changed"))
    }

    @Test("decoding survives any bytes, and what reads has one form", arguments: [UInt64](1...4))
    func decoding(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let office = Office()
        let people = (1...5).map { Office.account($0) }
        _ = try office.grant()
        for _ in 0..<800 {
            let bytes = random.mutated(next(office, by: people[0], people, &random).payload)
            if let read = try? MandatesMessage(canonicalBytes: bytes) {
                #expect(read.canonicalBytes == bytes)
            }
            _ = refusal {
                try office.context.atomically { () throws(Refusal) in
                    try office.mandates.execute(bytes, from: people[1], in: office.context)
                }
            }
        }
        office.expectSound()
    }
}
