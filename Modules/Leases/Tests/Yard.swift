// SPDX-License-Identifier: Apache-2.0
import Cryptography
import JSONText
import Ledger
import LedgerSupport
import Testing
import Vocabulary

@testable import Leases

/// Balances, escrows, bonds and evidence, kept in the same state as everything else.
struct Purse: CellBank, LeaseBank, LeaseProviders, LeaseEvidenceBook {
    static let module = ModuleID(99)

    private static func balanceKey(_ account: AccountID, _ asset: AssetID) -> [UInt8] {
        [1] + asset.canonicalBytes + account.raw.bytes
    }
    private static func escrowKey(_ lease: LeaseID) -> [UInt8] { [2] + lease.raw.bytes }
    private static func assetKey(_ lease: LeaseID) -> [UInt8] { [3] + lease.raw.bytes }
    private static func bondKey(_ account: AccountID) -> [UInt8] { [4] + account.raw.bytes }
    private static let burntKey: [UInt8] = [5]

    func give(
        _ amount: Amount, _ asset: AssetID, to account: AccountID, in context: ExecutionContext
    ) { add(amount, to: Self.balanceKey(account, asset), in: context) }

    func bond(_ amount: Amount, of account: AccountID, in context: ExecutionContext) {
        context.set(Self.module, Self.bondKey(account), amount.canonicalBytes)
    }

    func balance(
        of account: AccountID, _ asset: AssetID, in state: any StateReader
    ) -> Amount { amount(Self.balanceKey(account, asset), in: state) }

    func hold(
        _ amount: Amount, of asset: AssetID, from account: AccountID, for lease: LeaseID,
        in context: ExecutionContext
    ) throws(Refusal) {
        try take(amount, from: Self.balanceKey(account, asset), in: context)
        add(amount, to: Self.escrowKey(lease), in: context)
        context.set(Self.module, Self.assetKey(lease), asset.canonicalBytes)
    }

    func release(
        _ amount: Amount, of lease: LeaseID, to account: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        guard amount > .zero else { return }
        let asset = context.value(Self.module, Self.assetKey(lease)).flatMap {
            try? AssetID(canonicalBytes: $0)
        }
        try take(amount, from: Self.escrowKey(lease), in: context)
        add(amount, to: Self.balanceKey(account, asset ?? .native), in: context)
    }

    func pay(_ payment: LeasePayment, in context: ExecutionContext) throws(Refusal) {
        try release(payment.amount, of: payment.lease, to: payment.provider, in: context)
    }

    func balance(of lease: LeaseID, in state: any StateReader) -> Amount {
        amount(Self.escrowKey(lease), in: state)
    }

    func backing(of account: AccountID, in state: any StateReader) -> ProviderBacking? {
        guard state.value(Self.module, Self.bondKey(account)) != nil else { return nil }
        let bond = amount(Self.bondKey(account), in: state)
        return ProviderBacking(isActive: bond > .zero, bond: bond)
    }

    func slash(
        _ provider: AccountID, partsPerMillion: UInt64, to account: AccountID?,
        in context: ExecutionContext
    ) -> Amount {
        let bond = amount(Self.bondKey(provider), in: context)
        let taken = bond.scaled(by: UInt128(partsPerMillion), over: 1_000_000) ?? .zero
        self.bond(bond.subtracting(taken) ?? .zero, of: provider, in: context)
        let key = account.map { Self.balanceKey($0, .native) } ?? Self.burntKey
        add(taken, to: key, in: context)
        return taken
    }

    func record(
        _ evidence: LeaseEvidence, provider: AccountID, lease: LeaseID,
        in context: ExecutionContext
    ) {
        context.set(
            Self.module, [6] + provider.raw.bytes + lease.raw.bytes, evidence.canonicalBytes)
    }

    func evidence(
        about provider: AccountID, in lease: LeaseID, _ state: any StateReader
    ) -> LeaseEvidence? {
        state.value(Self.module, [6] + provider.raw.bytes + lease.raw.bytes).flatMap {
            try? LeaseEvidence(canonicalBytes: $0)
        }
    }

    /// Everything that exists: balances, escrows, bonds and what was burnt.
    func everything(in state: any StateReader) -> UInt128 {
        [[1], [2], [4], [5]].reduce(0) { sum, prefix in
            state.scan(Self.module, prefix: prefix, after: nil, limit: 100_000)
                .reduce(sum) { $0 + ((try? Amount(canonicalBytes: $1.value))?.units ?? 0) }
        }
    }
}

/// A chain that begins at an hour: accounts 0 to 3 are tenants with a million units, 10 to 15 are
/// providers with bonds of a thousand.
final class Yard {
    static let purse = Purse()
    static let module = LeasesModule(bank: purse, providers: purse, evidence: purse)
    static let chain = ChainID(Bytes32 { $0[0] = 7 })
    static let plenty = Amount(whole: 1_000_000)
    static let start: UInt64 = 3_600_000
    static let minute: UInt64 = 60_000

    private(set) var context: ExecutionContext
    private let book = FinishedState()
    private let whole: UInt128
    private var transactions: UInt8 = 0
    /// What happened in the block before.
    private(set) var past: [LeasesEvent] = []

    init(_ genesis: JSON = [:], bond: Amount = Amount(whole: 1_000)) throws {
        context = .block(1, at: Self.start, on: Self.chain, over: book)
        for number in 0..<4 {
            Self.purse.give(Self.plenty, .native, to: Self.account(number), in: context)
        }
        for number in 10..<16 { Self.purse.bond(bond, of: Self.account(number), in: context) }
        try Self.module.initialise(from: genesis, in: context)
        whole = Self.purse.everything(in: context)
    }

    static func key(_ number: Int) -> SigningKey {
        guard let key = SigningKey(seed: [UInt8(number)] + [UInt8](repeating: 9, count: 31)) else {
            preconditionFailure("a seed has 32 bytes")
        }
        return key
    }

    static func account(_ number: Int) -> AccountID { AccountID(of: key(number).publicKey) }

    var now: Timestamp { context.block.time }

    /// Ends the block and starts the next, so much later.
    func wait(_ milliseconds: UInt64) {
        Self.module.endBlock(in: context)
        expectSound()
        past = context.events.compactMap { try? LeasesEvent($0) }
        book.apply(context)
        context = .block(
            context.block.height.value + 1, at: now.value + milliseconds, on: Self.chain,
            over: book)
    }

    /// Ends a block so much later, so that what is due is handled.
    func pass(_ milliseconds: UInt64) {
        wait(milliseconds)
        wait(0)
    }

    func send(_ message: LeasesMessage, from number: Int) throws(Refusal) {
        try context.atomically { () throws(Refusal) in
            try Self.module.execute(
                message.canonicalBytes, from: Self.account(number), in: context)
        }
    }

    func refuses(_ message: LeasesMessage, from number: Int) -> String? {
        do {
            try send(message, from: number)
            return nil
        } catch { return error.name }
    }

    var queries: LeasesQueries { LeasesQueries(context) }

    func balance(_ number: Int) -> Amount {
        Self.purse.balance(of: Self.account(number), .native, in: context)
    }

    func expectSound(sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(Self.module.breaches(after: context) == [], sourceLocation: sourceLocation)
        #expect(Self.module.breaches(in: context) == [], sourceLocation: sourceLocation)
        #expect(
            Self.purse.everything(in: context) == whole, "nothing is made or lost",
            sourceLocation: sourceLocation)
    }
}

// MARK: - The usual steps

extension Yard {
    static let cell = ResourceAmounts(
        milliCores: 2_000, memoryBytes: 1 << 30, storage: [NamedAmount("ssd", 1 << 30)])

    /// Two cores, a period of a minute that costs at most 60 units; standbys at most 6.
    static func terms(standbys: UInt8 = 0) -> LeaseTerms {
        var terms = LeaseTerms(
            deployment: Bytes32 { $0[0] = 1 }, manifest: Digest(Bytes32 { $0[0] = 2 }),
            groups: [ResourceGroup(name: "web", count: 1, each: cell)],
            periodMilliseconds: minute, ceiling: Amount(60), receiptKey: key(0).publicKey,
            decideMilliseconds: minute)
        terms.standbys = standbys
        terms.standbyCeiling = Amount(6)
        return terms
    }

    func declare(_ number: Int, cells: UInt32 = 4) throws(Refusal) {
        try send(
            .declareCapacity(
                DeclareCapacity(
                    capacity: Self.cell.multiplied(by: cells) ?? .zero, region: "north",
                    attributes: ["tier=2"])), from: number)
    }

    /// Opens a lease of tenant 0; each has another salt.
    func open(
        _ terms: LeaseTerms = Yard.terms(), deposit: UInt128 = 100_000, from number: Int = 0
    ) throws(Refusal) -> LeaseID {
        transactions += 1
        var terms = terms
        terms.salt = Bytes32 { [transactions] in $0[31] = transactions }
        let message = OpenLease(terms: terms, deposit: Amount(deposit))
        try send(.openLease(message), from: number)
        return message.lease(of: Self.account(number), transaction: context.transaction)
    }

    func bid(
        on lease: LeaseID, _ number: Int, base: UInt128 = 6, coreSecond: UInt128 = 1,
        standby: UInt128 = 6, hold: UInt64 = 120_000
    ) throws(Refusal) {
        try send(
            .bidForLease(
                BidForLease(
                    lease: lease,
                    prices: LeasePrices(base: Amount(base), coreSecond: Amount(coreSecond)),
                    standbyRate: Amount(standby), receiptKey: Self.key(number).publicKey,
                    holdMilliseconds: hold)), from: number)
    }

    /// A lease that runs at 10, with 11 and 12 standing by as far as wanted.
    func run(
        _ terms: LeaseTerms = Yard.terms(), deposit: UInt128 = 100_000
    ) throws(Refusal) -> LeaseID {
        let lease = try open(terms, deposit: deposit)
        let seats = Array(10...10 + Int(terms.standbys))
        for number in seats {
            if queries.capacity(of: Self.account(number)) == nil { try declare(number) }
            try bid(on: lease, number)
        }
        try send(
            .acceptBids(AcceptBids(lease: lease, providers: seats.map(Self.account))), from: 0)
        try send(.startLease(StartLease(lease: lease, token: FencingToken(1))), from: 10)
        return lease
    }

    /// A receipt for all that is not settled, signed by both.
    func receipt(
        _ lease: LeaseID, cpu: UInt64 = 0, by number: Int = 10, tenant: Int = 0,
        _ change: (UsageReceipt) -> UsageReceipt = { $0 }
    ) throws -> CosignedReceipt {
        let record = try #require(queries.lease(lease))
        let receipt = change(
            UsageReceipt(
                chain: Self.chain, lease: lease, provider: Self.account(number),
                token: record.token, sequence: record.receipts + 1,
                previous: record.lastReceipt, from: record.settledUntil,
                until: record.billingEnd(at: now), usage: UsageAmounts(cpuMilliseconds: cpu)))
        return CosignedReceipt(
            receipt, byProvider: Self.key(number).sign(receipt.signedBytes),
            byTenant: Self.key(tenant).sign(receipt.signedBytes))
    }

    func settle(_ lease: LeaseID, cpu: UInt64 = 0, by number: Int = 10) throws {
        try send(
            .settleUsage(
                SettleUsage(lease: lease, receipts: [receipt(lease, cpu: cpu, by: number)])),
            from: number)
    }

    func renew(_ lease: LeaseID, token: UInt64 = 1, by number: Int = 10) throws(Refusal) {
        try send(
            .renewLeases(
                RenewLeases(leases: [LeaseRenewal(lease: lease, token: FencingToken(token))])),
            from: number)
    }

    /// A snapshot of a standby, taken so long ago, as the one who runs the lease agrees.
    func snapshot(
        _ lease: LeaseID, of number: Int, sequence: UInt64 = 1, age: UInt64 = 0,
        token: UInt64 = 1, agreedBy giver: Int = 10
    ) -> AcknowledgedSnapshot {
        let snapshot = VolumeSnapshot(
            chain: Self.chain, lease: lease, standby: Self.account(number),
            token: FencingToken(token), sequence: sequence, digest: Digest(lease.raw),
            bytes: 1 << 30, takenAt: Timestamp(now.value - age))
        return AcknowledgedSnapshot(
            snapshot, byProvider: Self.key(giver).sign(snapshot.signedBytes))
    }

    func takeOver(
        _ lease: LeaseID, by number: Int, token: UInt64 = 1,
        with statement: AcknowledgedSnapshot? = nil
    ) throws(Refusal) {
        try send(
            .takeOverLease(
                TakeOverLease(lease: lease, token: FencingToken(token), statement: statement)),
            from: number)
    }

    func evidence(_ number: Int, _ lease: LeaseID) -> LeaseEvidence? {
        Self.purse.evidence(about: Self.account(number), in: lease, context)
    }
}
