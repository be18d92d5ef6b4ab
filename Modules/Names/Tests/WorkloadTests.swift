// SPDX-License-Identifier: Apache-2.0
import Ledger
import LedgerSupport
import Names
import Testing
import Vocabulary

@Suite("Random lives of names")
struct WorkloadTests {
    @Test("random lives keep the law, and no amount is lost (NAMES-11)", arguments: [UInt64](1...4))
    func lives(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let hall = try Hall(treasury: true)
        let accounts = (1...6).map { Hall.account($0) }
        let all = (1...9).map { Hall.account($0) }
        func total() -> UInt128 {
            let balances = all.reduce(0 as UInt128) {
                $0 + hall.bank.amount(HallBank.balanceKey($1), in: hall.context).units
            }
            let names = ["abc", "robo", "harbour", "lighthouse", "tide", "robot-7"]
            return names.compactMap { PlainName($0) }.reduce(balances) {
                $0 + hall.bank.held(for: $1.id, in: hall.context).units
            }
        }
        let start = total()
        var won = 0
        for step in 0..<300 {
            let sender = Int.random(in: 1...6, using: &random)
            let message = NamesWorkload.message(
                of: Hall.account(UInt8(sender)), among: accounts, using: &random)
            _ = refusal {
                try hall.context.atomically { () throws(Refusal) in
                    try hall.names.execute(
                        message.payload, from: Hall.account(UInt8(sender)), in: hall.context)
                }
            }
            if step % 12 == 11 {
                hall.pass(to: UInt64(step) * 160)
                hall.expectSound()
                won = max(won, NamesQueries(hall.context).names().count)
            }
        }
        #expect(total() == start)
        #expect(won > 2)
    }

    @Test("a bid that the bank does not hold is noticed")
    func breaches() throws {
        let hall = try Hall()
        try hall.claim()
        hall.bank.add(Amount(1), to: HallBank.heldKey(hall.robot.id), in: hall.context)
        #expect(hall.names.breaches(after: hall.context).count == 1)
        #expect(hall.names.breaches(in: hall.context).count == 1)
    }

    @Test("decoding survives any bytes, and what reads has one form", arguments: [UInt64](1...4))
    func decoding(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let hall = try Hall()
        let accounts = (1...6).map { Hall.account($0) }
        for _ in 0..<800 {
            let message = NamesWorkload.message(of: accounts[0], among: accounts, using: &random)
            let bytes = random.mutated(message.payload)
            if let read = try? NamesMessage(canonicalBytes: bytes) {
                #expect(read.canonicalBytes == bytes)
            }
            _ = refusal {
                try hall.context.atomically { () throws(Refusal) in
                    try hall.names.execute(bytes, from: accounts[0], in: hall.context)
                }
            }
        }
        hall.expectSound()
    }
}
