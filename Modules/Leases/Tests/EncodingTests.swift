// SPDX-License-Identifier: Apache-2.0
import Cryptography
import JSONText
import Ledger
import LedgerSupport
import Testing
import Vocabulary

@testable import Leases

@Suite("Encodings, figures and lives of leases")
struct EncodingTests {
    private func zeros(_ count: Int) -> String { String(repeating: "00", count: count) }
    private static let lease = LeaseID(Bytes32 { $0[31] = 5 })
    private static let signature = Signature(point: .zero, scalar: .zero)

    static let messages: [LeasesMessage] = {
        var terms = Yard.terms(standbys: 2)
        terms.regions = ["north"]
        let receipt = UsageReceipt(
            chain: Yard.chain, lease: lease, provider: Yard.account(10), token: FencingToken(1),
            sequence: 1, previous: .zero, from: Timestamp(1), until: Timestamp(2),
            usage: UsageAmounts(cpuMilliseconds: 3))
        let snapshot = VolumeSnapshot(
            chain: Yard.chain, lease: lease, standby: Yard.account(11), token: FencingToken(1),
            sequence: 1, digest: .zero, bytes: 2, takenAt: Timestamp(3))
        let statement = AcknowledgedSnapshot(snapshot, byProvider: signature)
        return [
            .declareCapacity(
                DeclareCapacity(capacity: Yard.cell, region: "north", attributes: ["tier=2"])),
            .openLease(OpenLease(terms: terms, deposit: Amount(9))),
            .bidForLease(
                BidForLease(
                    lease: lease, prices: LeasePrices(base: Amount(1)), standbyRate: Amount(2),
                    receiptKey: Yard.key(10).publicKey, holdMilliseconds: 3)),
            .acceptBids(AcceptBids(lease: lease, providers: [Yard.account(10)])),
            .startLease(StartLease(lease: lease, token: FencingToken(1))),
            .renewLeases(
                RenewLeases(leases: [LeaseRenewal(lease: lease, token: FencingToken(1))])),
            .settleUsage(
                SettleUsage(
                    lease: lease,
                    receipts: [
                        CosignedReceipt(receipt, byProvider: signature, byTenant: signature)
                    ])),
            .claimBase(ClaimBase(lease: lease, token: FencingToken(1), until: Timestamp(2))),
            .contestClaim(ContestClaim(lease: lease)),
            .topUpLease(TopUpLease(lease: lease, amount: Amount(3))),
            .reportSnapshot(ReportSnapshot(statement: statement)),
            .takeOverLease(
                TakeOverLease(lease: lease, token: FencingToken(1), statement: statement)),
            .noticeReclaim(
                NoticeReclaim(lease: lease, token: FencingToken(1), reason: .maintenance)),
            .closeLease(CloseLease(lease: lease, reason: .finished)),
            .endStandby(EndStandby(lease: lease, standby: Yard.account(11))),
            .updateManifest(UpdateManifest(lease: lease, manifest: .zero)),
        ]
    }()

    @Test("the encodings of a closing and of a receipt are pinned")
    func pinned() {
        let close = LeasesMessage.closeLease(CloseLease(lease: Self.lease, reason: .moved))
        #expect(
            Hexadecimal.encode(close.canonicalBytes) == "0d" + zeros(31) + "05" + "02")
        let receipt = UsageReceipt(
            chain: ChainID(.zero), lease: Self.lease, provider: AccountID(.zero),
            token: FencingToken(1), sequence: 2, previous: .zero, from: Timestamp(3),
            until: Timestamp(4),
            usage: UsageAmounts(
                cpuMilliseconds: 5, memoryByteSeconds: 6, storageByteSeconds: 7, bytesIn: 8,
                bytesOut: 9, requests: 10))
        let word = { (byte: String) in byte + zeros(7) }
        let words = ["01", "02"].map(word).joined()
        let times = ["03", "04", "05"].map(word).joined()
        let wide = ["06", "07"].map { $0 + zeros(15) }.joined()
        let last = ["08", "09", "0a"].map(word).joined()
        #expect(
            Hexadecimal.encode(receipt.canonicalBytes)
                == zeros(63) + "05" + zeros(32) + words + zeros(32) + times + wide + last)
        #expect(receipt.digest == SHA256.hash(receipt.signedBytes))
    }

    @Test("every message begins with its tag and reads back")
    func tags() throws {
        #expect(Self.messages.map { $0.canonicalBytes[0] } == Array(0...15))
        for message in Self.messages {
            #expect(try LeasesMessage(canonicalBytes: message.canonicalBytes) == message)
        }
        #expect(throws: CanonicalError.unknownTag(16)) {
            try LeasesMessage(canonicalBytes: [16])
        }
    }

    @Test("decoding survives any bytes", arguments: 1...4)
    func decoding(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<800 {
            let bytes = random.mutated(
                Self.messages[Int.random(in: 0..<16, using: &random)].canonicalBytes)
            guard let read = try? LeasesMessage(canonicalBytes: bytes) else { continue }
            #expect(read.canonicalBytes == bytes)
        }
    }

    @Test("a record and its end read back, whatever it holds")
    func records() throws {
        let yard = try Yard()
        let lease = try yard.run(Yard.terms(standbys: 2))
        yard.wait(3_600_000)
        try yard.renew(lease)
        try yard.send(
            .claimBase(ClaimBase(lease: lease, token: FencingToken(1), until: yard.now)),
            from: 10)
        let record = try #require(yard.queries.lease(lease))
        #expect(try LeaseRecord(canonicalBytes: record.canonicalBytes) == record)
        let terms = try #require(yard.queries.terms(lease))
        #expect(try LeaseTerms(canonicalBytes: terms.canonicalBytes) == terms)
        for event in yard.context.events { _ = try LeasesEvent(event) }
        #expect(
            yard.context.events.allSatisfy { event in
                Yard.module.parties(to: event).allSatisfy { $0 != event.subject }
            })
    }

    @Test("figures are those of the genesis, and are changed within their ranges")
    func figures() throws {
        let yard = try Yard(["bondPerCore": "2", "bidsMax": 3])
        #expect(yard.queries.parameters.bondPerCore == Amount(whole: 2))
        let figures = Yard.module.figures(in: yard.context)
        try Yard.module.adjust(to: figures, in: yard.context)
        #expect(Yard.module.figures(in: yard.context) == figures)
        for (wrong, pointer) in [
            (["bidsMax": 0], "/bidsMax"), (["bidsMax": 33], "/bidsMax"),
            (["silenceSlash": 1_000_001], "/silenceSlash"), (["rent": 1], "/rent"),
            (["periodMillisecondsMin": 9, "periodMillisecondsMax": 8], "/periodMillisecondsMin"),
            (["bondPerCore": 1], "/bondPerCore"), (["treasury": "x"], "/treasury"),
        ] as [(JSON, String)] {
            do {
                try Yard.module.adjust(to: wrong, in: yard.context)
                Issue.record("\(pointer) was accepted")
            } catch { #expect(error.pointer == pointer) }
        }
    }

    @Test("random lives keep the law and lose no base unit (LEASES-20)", arguments: 1...4)
    func lives(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let yard = try Yard([
            "startMilliseconds": 1_000_000, "settleMilliseconds": 600_000,
            "contestMilliseconds": 300_000, "claimDelayMilliseconds": 0,
        ])
        let workload = LeasesWorkload(
            tenants: (0..<4).map(Yard.key), providers: (10..<16).map(Yard.key))
        var taken: [UInt8: Int] = [:]
        for _ in 0..<900 {
            let next = workload.next(at: yard.context.block, in: yard.context, using: &random)
            let answer = refusal {
                try yard.context.atomically { () throws(Refusal) in
                    try Yard.module.execute(
                        next.message.canonicalBytes, from: next.sender, in: yard.context)
                }
            }
            if answer == nil { taken[next.message.canonicalBytes[0], default: 0] += 1 }
            if random.next(upperBound: 8 as UInt64) == 0 {
                Yard.module.endBlock(in: yard.context)
                yard.wait(random.next(upperBound: 120_000 as UInt64))
            }
        }
        yard.wait(0)
        #expect(taken.values.reduce(0, +) > 150, "too little was done: \(taken)")
    }

    @Test("what the law forbids is noticed (LEASES-20)")
    func breaches() throws {
        let yard = try Yard()
        let lease = try yard.run()
        yard.wait(1)
        var record = try #require(yard.queries.lease(lease))
        record.funds = Amount(1)
        record.token = FencingToken(0)
        yard.context.set(.leases, LeasesKeys.record(lease), record.canonicalBytes)
        #expect(Yard.module.breaches(after: yard.context).count == 2)
        var capacity = try #require(yard.queries.capacity(of: Yard.account(10)))
        capacity.held = try #require(capacity.declared.adding(Yard.cell))
        yard.context.set(
            .leases, LeasesKeys.capacity(Yard.account(10)), capacity.canonicalBytes)
        #expect(Yard.module.breaches(in: yard.context).count == 3)
    }
}
