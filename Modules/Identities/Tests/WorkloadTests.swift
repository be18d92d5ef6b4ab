// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Identities
import Identity
import Ledger
import LedgerSupport
import Testing
import Vocabulary

@Suite("Random lives of identities")
struct WorkloadTests {
    @Test("random lives keep the law (IDENTITIES-4, IDENTITIES-12)", arguments: [UInt64](1...4))
    func lives(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let chancery = try Chancery()
        let keys = try (1...6).map { try chancery.key(UInt8($0)) }
        var applied = 0
        for step in 0..<200 {
            let key = keys[Int.random(in: keys.indices, using: &random)]
            let message = IdentitiesWorkload.message(
                of: key, on: Chancery.chain, in: chancery.context, using: &random)
            let refused = refusal {
                try chancery.context.atomically { () throws(Refusal) in
                    try chancery.identities.execute(
                        message.payload, from: AccountID(of: key.publicKey), in: chancery.context)
                }
            }
            applied += refused == nil ? 1 : 0
            if step % 20 == 19 {
                chancery.expectSound()
                chancery.pass(to: UInt64(step) * 100)
            }
        }
        #expect(applied > 50)
    }

    @Test("a bond that the bank does not hold, and a log that shrinks, are noticed")
    func breaches() throws {
        let chancery = try Chancery()
        try chancery.create(1)
        try chancery.register(1)
        let account = try chancery.account(1)
        chancery.bank.add(
            Amount(1), to: ChanceryBank.bondKey(account), in: chancery.context)
        #expect(chancery.identities.breaches(in: chancery.context).count == 1)
        chancery.pass(to: 1)
        let key = IdentitiesKeys.identity(account)
        let old = try #require(chancery.context.value(.identities, key))
        try chancery.submit(
            try chancery.next(.deactivate, of: account, by: try chancery.key(1)))
        chancery.pass(to: 2)
        chancery.context.set(.identities, key, old)
        #expect(chancery.identities.breaches(after: chancery.context).count == 1)
        chancery.context.set(.identities, key, nil)
        #expect(chancery.identities.breaches(after: chancery.context).count == 1)
    }

    @Test("decoding survives any bytes, and what reads has one form", arguments: [UInt64](1...4))
    func decoding(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let chancery = try Chancery()
        try chancery.create(1)
        let account = try chancery.account(1)
        let delegate = DelegateKey(
            key: .ed25519(try chancery.key(2).publicKey), uses: [.assertionMethod])
        try chancery.submit(
            try chancery.next(.setDelegates([delegate]), of: account, by: try chancery.key(1)))
        let record = try #require(chancery.record(account)).stored
        let issuer = IdentitiesMessage.registerIssuer(
            RegisterIssuer(
                issuer: account, types: ["ServiceLicence"], address: "https://i.example",
                bond: Amount(1)))
        let report = IdentitiesMessage.reportIssuance(
            ReportIssuance(
                issuer: account, key: try chancery.key(1).publicKey, document: Array("{}".utf8),
                options: Array("{}".utf8), signature: try chancery.new(1).signature))
        let samples = [
            issuer.message.payload, report.message.payload,
            IdentitiesWorkload.message(
                of: try chancery.key(1), on: Chancery.chain, in: chancery.context, using: &random
            ).payload,
        ]
        for round in 0..<600 {
            let bytes = random.mutated(samples[round % samples.count])
            if let message = try? IdentitiesMessage(canonicalBytes: bytes) {
                #expect(message.canonicalBytes == bytes)
            }
            _ = refusal {
                try chancery.context.atomically { () throws(Refusal) in
                    try chancery.identities.execute(bytes, from: account, in: chancery.context)
                }
            }
            let kept = random.mutated(record)
            if let read = try? IdentityRecord(stored: kept, of: account, chain: Chancery.chain) {
                #expect(read.stored == kept)
            }
        }
        chancery.expectSound()
    }
}
