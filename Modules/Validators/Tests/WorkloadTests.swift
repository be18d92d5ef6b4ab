// SPDX-License-Identifier: Apache-2.0
import Ledger
import LedgerSupport
import Testing
import Validators
import Vocabulary

@Suite("Random validators")
struct WorkloadTests {
    @Test("random lives keep the law (VALIDATORS-13)", arguments: [UInt64](1...6))
    func lives(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let council = try Council([10, 20, 30], figures: ["seatsMax": 5])
        let owners = (10..<20).map(Council.key)
        let accounts = owners.map { AccountID(of: $0.publicKey) }
        for account in accounts {
            council.bank.add(
                Amount(whole: 5_000), to: CouncilBank.balanceKey(account), in: council.context)
        }
        for step in 0..<120 {
            let place = Int.random(in: owners.indices, using: &random)
            let message = ValidatorsWorkload.message(
                of: owners[place], on: Council.chain, using: &random)
            _ = refusal {
                try council.context.atomically { () throws(Refusal) in
                    try council.module.execute(
                        message.payload, from: accounts[place], in: council.context)
                }
            }
            if step % 4 == 3 { council.cut() }
            #expect((1...5).contains(council.seated.count))
        }
    }

    @Test("a stake that the bank does not hold, or a rank too many, is noticed (VALIDATORS-13)")
    func breaches() throws {
        let council = try Council()
        try council.join(4)
        council.bank.add(
            Amount(1), to: CouncilBank.stakeKey(Council.account(4)), in: council.context)
        #expect(council.module.breaches(after: council.context).count == 1)
        #expect(council.module.breaches(in: council.context).count == 1)
        council.context.set(.validators, [6] + [UInt8](repeating: 0, count: 48), [1])
        #expect(council.module.breaches(in: council.context).count == 2)
    }

    @Test("decoding survives any bytes", arguments: [UInt64](1...4))
    func decoding(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let council = try Council()
        let evidence = try ValidatorsMessage.submitEvidence(council.evidence(against: 0)).message
        for round in 0..<400 {
            var bytes =
                round.isMultiple(of: 4)
                ? evidence.payload
                : ValidatorsWorkload.message(
                    of: Council.key(1), on: Council.chain, using: &random
                ).payload
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] =
                    UInt8.random(in: 0...255, using: &random)
            }
            guard let read = try? ValidatorsMessage(canonicalBytes: bytes) else { continue }
            #expect(read.canonicalBytes == bytes)
        }
    }
}
