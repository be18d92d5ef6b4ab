// SPDX-License-Identifier: Apache-2.0
import Ledger
import LedgerSupport
import Registry
import Testing
import Vocabulary

@Suite("Slashing")
struct SlashTests {
    let harbour: Harbour

    init() throws {
        harbour = try Harbour()
        try harbour.register()
    }

    private func slash(
        _ size: SlashSize, to destination: BondDestination = .burnt
    ) throws(Refusal) -> Amount {
        try harbour.registry.slash(
            harbour.provider, by: size, to: destination, reason: "lied", in: harbour.context)
    }

    @Test("a slash takes its part of the bond to where the caller says (REGISTRY-8)")
    func destinations() throws {
        let victim = AccountID(Bytes32 { $0[0] = 4 })
        #expect(try slash(.partsPerMillion(100_000), to: .account(victim)) == Amount(whole: 20))
        let received = harbour.bank.amount(HarbourBank.balanceKey(victim), in: harbour.context)
        #expect(received == Amount(whole: 20))
        let escrow = Bytes32 { $0[0] = 6 }
        #expect(
            try slash(.amount(Amount(whole: 30)), to: .escrow(.market, escrow)) == Amount(whole: 30)
        )
        #expect(harbour.bank.amount([3] + escrow.bytes, in: harbour.context) == Amount(whole: 30))
        #expect(harbour.record?.bond == Amount(whole: 150))
        #expect(harbour.record?.slashed == Amount(whole: 50))
        #expect(harbour.record?.isActive == true)
        harbour.expectSound()
    }

    @Test("a bond below the minimum jails, and only bond and time lead out")
    func jail() throws {
        #expect(try slash(.amount(Amount(whole: 150))) == Amount(whole: 150))
        #expect(harbour.record?.status == .jailed(until: Timestamp(1_200)))
        #expect(refusal { try harbour.send(.resume) } == "tooEarly")
        harbour.pass(to: 1_200)
        #expect(refusal { try harbour.send(.resume) } == "bondTooSmall")
        try harbour.send(
            .update(UpdateProvider(terms: harbour.terms(), addedBond: Amount(whole: 50))))
        try harbour.send(.resume)
        #expect(harbour.record?.isActive == true)
        harbour.expectSound()
    }

    @Test("a slash never takes more than there is, and of nothing it takes nothing")
    func everything() throws {
        #expect(try slash(.amount(Amount(.max))) == Amount(whole: 200))
        #expect(try slash(.partsPerMillion(1_000_000)) == .zero)
        #expect(harbour.record?.bond == .zero)
        harbour.expectSound()
    }

    @Test("more than a million millionths is all")
    func allParts() throws {
        #expect(try slash(.partsPerMillion(.max)) == Amount(whole: 200))
    }

    @Test("leaving does not save a bond from being slashed")
    func unbonding() throws {
        try harbour.send(.unbond)
        #expect(try slash(.partsPerMillion(500_000)) == Amount(whole: 100))
        #expect(harbour.record?.status == .unbonding(until: Timestamp(1_500)))
        harbour.pass(to: 1_500)
        try harbour.send(.withdraw)
        #expect(harbour.balance == Amount(whole: 900))
        harbour.expectSound()
    }

    @Test("a stranger cannot be slashed")
    func stranger() {
        #expect(
            refusal {
                try harbour.registry.slash(
                    AccountID(.zero), by: .partsPerMillion(1), to: .burnt, reason: "lied",
                    in: harbour.context)
            } == "unknownProvider")
    }

    @Test("a bond that the bank does not hold is noticed (REGISTRY-9)")
    func breach() {
        harbour.bank.add(
            Amount(1), to: HarbourBank.bondKey(harbour.provider), in: harbour.context)
        #expect(harbour.registry.breaches(after: harbour.context).count == 1)
        #expect(harbour.registry.breaches(in: harbour.context).count == 1)
    }

    @Test("random lives keep the law", arguments: [UInt64](1...6))
    func workload(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for step in UInt64(0)..<200 {
            harbour.pass(to: 1_000 + step * 100)
            let message = RegistryWorkload.message(of: harbour.key.publicKey, using: &random)
            _ = refusal {
                try harbour.context.atomically { () throws(Refusal) in
                    try harbour.registry.execute(
                        message.payload, from: harbour.provider, in: harbour.context)
                }
            }
            if step % 10 == 9 { _ = try? slash(.partsPerMillion(200_000)) }
            #expect(harbour.registry.breaches(after: harbour.context) == [])
        }
        harbour.expectSound()
    }

    @Test("decoding survives any bytes", arguments: [UInt64](1...4))
    func decoding(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            var bytes = RegistryWorkload.message(
                of: harbour.key.publicKey, using: &random
            ).payload
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] =
                    UInt8.random(in: 0...255, using: &random)
            }
            guard let read = try? RegistryMessage(canonicalBytes: bytes) else { continue }
            #expect(read.canonicalBytes == bytes)
        }
    }
}
