// SPDX-License-Identifier: Apache-2.0
public import Cryptography
public import Ledger
public import Vocabulary

/// Random messages for simulations: mostly what honest people would send next, sometimes what
/// nobody should. The same generator and state always give the same messages.
public struct LeasesWorkload: Sendable {
    private let tenants: [SigningKey]
    private let providers: [SigningKey]
    private let assets: [AssetID]

    /// Names the people of a simulation; each of the three has one or more.
    public init(tenants: [SigningKey], providers: [SigningKey], assets: [AssetID] = [.native]) {
        precondition(!tenants.isEmpty && !providers.isEmpty && !assets.isEmpty, "nobody is there")
        self.tenants = tenants
        self.providers = providers
        self.assets = assets
    }

    /// The next message and who sends it. Cost: a few reads of state and at most two signatures.
    public func next(
        at block: BlockContext, in state: any StateReader,
        using random: inout some RandomNumberGenerator
    ) -> (sender: AccountID, message: LeasesMessage) {
        func below(_ bound: UInt64) -> UInt64 { random.next(upperBound: bound) }
        let chance = below(100)
        if chance < 8 { return declaration(below) }
        guard chance >= 18, let record = lease(in: state, at: below(UInt64.max)) else {
            return opening(below)
        }
        if chance >= 96 { return nonsense(record, block, below) }
        switch record.phase {
        case .open: return bidding(record, below)
        case .reserved:
            return (
                record.primary?.provider ?? record.tenant,
                .startLease(StartLease(lease: record.lease, token: record.token))
            )
        case .active: return running(record, block, below)
        case .paused, .grace: return stopped(record, block, below)
        case .closing: return closing(record, block, below)
        }
    }

    private typealias Answer = (sender: AccountID, message: LeasesMessage)

    /// A live lease at a place that a number names.
    private func lease(in state: any StateReader, at number: UInt64) -> LeaseRecord? {
        let queries = LeasesQueries(state)
        let after = LeasesKeys.records + LeasesKeys.bigEndian(number)
        let found =
            queries.live(after: after, limit: 1).items.first ?? queries.live(limit: 1).items.first
        return found.flatMap(queries.lease)
    }

    private func key(of account: AccountID) -> SigningKey? {
        (providers + tenants).first { AccountID(of: $0.publicKey) == account }
    }
}

// MARK: - Orders

extension LeasesWorkload {
    private func one<Item>(of list: [Item], _ below: (UInt64) -> UInt64) -> Item {
        list[Int(below(UInt64(list.count)))]
    }

    private func declaration(_ below: (UInt64) -> UInt64) -> Answer {
        let capacity = ResourceAmounts(
            milliCores: 1_000 * below(16), memoryBytes: below(64) << 30,
            storage: [NamedAmount("ssd", 1 + below(1 << 40))])
        let account = AccountID(of: one(of: providers, below).publicKey)
        return (
            account,
            .declareCapacity(
                DeclareCapacity(
                    capacity: capacity, region: below(2) == 0 ? "north" : "south",
                    attributes: below(2) == 0 ? [] : ["tier=2"]))
        )
    }

    private func opening(_ below: (UInt64) -> UInt64) -> Answer {
        let key = one(of: tenants, below)
        let each = ResourceAmounts(
            milliCores: 100 * below(20), memoryBytes: 1 + below(4 << 30),
            storage: below(2) == 0 ? [] : [NamedAmount("ssd", 1 + below(1 << 34))])
        var terms = LeaseTerms(
            deployment: Bytes32 { $0[0] = UInt8(below(4)) }, manifest: .zero,
            groups: [ResourceGroup(name: "web", count: 1 + UInt32(below(3)), each: each)],
            periodMilliseconds: 60_000 * (1 + below(60)),
            ceiling: Amount(UInt128(1 + below(1_000_000))), receiptKey: key.publicKey,
            decideMilliseconds: 1 + below(3_600_000))
        terms.kind = below(3) == 0 ? .spot : .reserved
        terms.asset = one(of: assets, below)
        terms.standbys = UInt8(below(3))
        terms.standbyCeiling = Amount(UInt128(below(100_000)))
        terms.takeoverMilliseconds = 10_000 + below(10_000_000)
        terms.noticeMilliseconds = below(3_000_000)
        terms.isAutomatic = below(4) != 0
        terms.salt = Bytes32 { $0.storeBytes(of: below(.max), as: UInt64.self) }
        let deposit = Amount(UInt128(terms.ceilingOfAll.units) * (1 + UInt128(below(200))))
        return (
            AccountID(of: key.publicKey), .openLease(OpenLease(terms: terms, deposit: deposit))
        )
    }

    private func bidding(_ record: LeaseRecord, _ below: (UInt64) -> UInt64) -> Answer {
        let bidders = record.bids.map(\.provider)
        if !bidders.isEmpty, below(3) == 0 {
            return (
                record.tenant,
                .acceptBids(
                    AcceptBids(
                        lease: record.lease,
                        providers: Array(bidders.prefix(1 + Int(record.standbysWanted)))))
            )
        }
        return bid(record, below)
    }

    private func bid(_ record: LeaseRecord, _ below: (UInt64) -> UInt64) -> Answer {
        let key = one(of: providers, below)
        let prices = LeasePrices(
            base: Amount(UInt128(below(10_000))), coreSecond: Amount(UInt128(below(100))),
            memoryGigabyteSecond: Amount(UInt128(below(100))),
            millionRequests: below(32) == 0 ? Amount(.max) : .zero)
        return (
            AccountID(of: key.publicKey),
            .bidForLease(
                BidForLease(
                    lease: record.lease, prices: prices,
                    standbyRate: Amount(UInt128(below(5_000))), receiptKey: key.publicKey,
                    holdMilliseconds: 1_000 + below(599_000)))
        )
    }
}

// MARK: - What runs

extension LeasesWorkload {
    private func running(
        _ record: LeaseRecord, _ block: BlockContext, _ below: (UInt64) -> UInt64
    ) -> Answer {
        guard let seat = record.primary else { return bid(record, below) }
        let lease = record.lease
        switch below(20) {
        case 0..<7: return settlement(record, seat, block, below)
        case 7, 8, 9:
            let renewal = LeaseRenewal(lease: lease, token: record.token)
            return (seat.provider, .renewLeases(RenewLeases(leases: [renewal])))
        case 10, 11, 12: return standing(record, seat, block, below)
        case 13: return claim(record, seat, block, below)
        case 14: return (record.tenant, .contestClaim(ContestClaim(lease: lease)))
        case 15: return topUp(record, below)
        case 16:
            return (
                seat.provider,
                .noticeReclaim(
                    NoticeReclaim(lease: lease, token: record.token, reason: .reclaimed))
            )
        case 17: return (seat.provider, close(lease, CloseReason.shuttingDown))
        case 18: return (record.tenant, close(lease, below(4) == 0 ? .providerSilent : .finished))
        default: return bid(record, below)
        }
    }

    private func close(_ lease: LeaseID, _ reason: CloseReason) -> LeasesMessage {
        .closeLease(CloseLease(lease: lease, reason: reason))
    }

    private func stopped(
        _ record: LeaseRecord, _ block: BlockContext, _ below: (UInt64) -> UInt64
    ) -> Answer {
        guard let seat = record.primary else { return bid(record, below) }
        switch below(6) {
        case 0, 1: return topUp(record, below)
        case 2, 3: return settlement(record, seat, block, below)
        case 4: return claim(record, seat, block, below)
        default: return (record.tenant, close(record.lease, .finished))
        }
    }

    private func closing(
        _ record: LeaseRecord, _ block: BlockContext, _ below: (UInt64) -> UInt64
    ) -> Answer {
        guard let seat = record.primary else { return bid(record, below) }
        switch below(4) {
        case 0: return settlement(record, seat, block, below)
        case 1: return claim(record, seat, block, below)
        case 2: return (record.tenant, .contestClaim(ContestClaim(lease: record.lease)))
        default: return (seat.provider, close(record.lease, .reclaimed))
        }
    }

    private func topUp(_ record: LeaseRecord, _ below: (UInt64) -> UInt64) -> Answer {
        let amount = below(32) == 0 ? Amount(.max) : Amount(UInt128(below(100_000_000)))
        return (record.tenant, .topUpLease(TopUpLease(lease: record.lease, amount: amount)))
    }

    private func claim(
        _ record: LeaseRecord, _ seat: LeaseSeat, _ block: BlockContext,
        _ below: (UInt64) -> UInt64
    ) -> Answer {
        let last = min(record.billingEnd(at: block.time), record.aliveUntil)
        let until = last.before(below(1_000))
        return (
            seat.provider,
            .claimBase(ClaimBase(lease: record.lease, token: record.token, until: until))
        )
    }

    private func settlement(
        _ record: LeaseRecord, _ seat: LeaseSeat, _ block: BlockContext,
        _ below: (UInt64) -> UInt64
    ) -> Answer {
        guard let provider = key(of: seat.provider), let tenant = key(of: record.tenant) else {
            return bid(record, below)
        }
        let usage = UsageAmounts(
            cpuMilliseconds: below(10_000_000), memoryByteSeconds: UInt128(below(.max)),
            requests: below(64) == 0 ? .max : below(1_000))
        let receipt = UsageReceipt(
            chain: block.chain, lease: record.lease, provider: seat.provider, token: record.token,
            sequence: record.receipts + 1, previous: record.lastReceipt,
            from: record.settledUntil.advanced(by: below(2) * below(1_000)),
            until: record.billingEnd(at: block.time), usage: usage)
        let signed = CosignedReceipt(
            receipt, byProvider: provider.sign(receipt.signedBytes),
            byTenant: tenant.sign(receipt.signedBytes))
        return (
            below(2) == 0 ? seat.provider : record.tenant,
            .settleUsage(SettleUsage(lease: record.lease, receipts: [signed]))
        )
    }

    private func standing(
        _ record: LeaseRecord, _ seat: LeaseSeat, _ block: BlockContext,
        _ below: (UInt64) -> UInt64
    ) -> Answer {
        guard !record.standbys.isEmpty, let giver = key(of: seat.provider) else {
            return bid(record, below)
        }
        let standby = one(of: record.standbys, below)
        let snapshot = VolumeSnapshot(
            chain: block.chain, lease: record.lease, standby: standby.provider,
            token: record.token, sequence: (standby.snapshot?.sequence ?? 0) + 1,
            digest: .zero, bytes: below(1 << 40), takenAt: block.time.before(below(100)))
        let statement = AcknowledgedSnapshot(
            snapshot, byProvider: giver.sign(snapshot.signedBytes))
        switch below(8) {
        case 0:
            return (
                record.tenant,
                .endStandby(EndStandby(lease: record.lease, standby: standby.provider))
            )
        case 1..<5:
            return (standby.provider, .reportSnapshot(ReportSnapshot(statement: statement)))
        default:
            return (
                standby.provider,
                .takeOverLease(
                    TakeOverLease(
                        lease: record.lease, token: record.token,
                        statement: below(2) == 0 ? statement : nil))
            )
        }
    }

    /// Messages from the wrong sender, or with values that do not fit.
    private func nonsense(
        _ record: LeaseRecord, _ block: BlockContext, _ below: (UInt64) -> UInt64
    ) -> Answer {
        let stranger = AccountID(of: one(of: providers, below).publicKey)
        let lease = record.lease
        let message: LeasesMessage =
            switch below(6) {
            case 0: close(lease, .fundsEnded)
            case 1: .updateManifest(UpdateManifest(lease: lease, manifest: Digest(lease.raw)))
            case 2:
                .takeOverLease(TakeOverLease(lease: lease, token: record.token.advanced(by: 1)))
            case 3: .startLease(StartLease(lease: lease, token: record.token))
            case 4: .topUpLease(TopUpLease(lease: LeaseID(.zero), amount: Amount(1)))
            default: .claimBase(ClaimBase(lease: lease, token: record.token, until: block.time))
            }
        return (below(2) == 0 ? stranger : record.tenant, message)
    }
}
