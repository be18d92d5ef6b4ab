// SPDX-License-Identifier: Apache-2.0
import JSONText
import Leases
import Ledger
import Vocabulary

/// Leases and capacities of one state.
struct LeaseJSON {
    let queries: LeasesQueries

    init(_ state: any StateReader) { queries = LeasesQueries(state) }

    /// A lease, live or ended.
    func lease(_ id: LeaseID) -> JSON? {
        if let record = queries.lease(id), let terms = queries.terms(id) {
            return live(record, terms)
        }
        return queries.closed(id).map(closed)
    }

    private func live(_ record: LeaseRecord, _ terms: LeaseTerms) -> JSON {
        JSON(members: [
            ("lease", JSON(record.lease)), ("state", .string(record.phase.name)),
            ("tenant", JSON(record.tenant)), ("deployment", JSON(Digest(terms.deployment))),
            ("manifest", JSON(record.manifest)), ("asset", JSON(terms.asset)),
            ("token", JSON(record.token)), ("receipts", JSON(record.receipts)),
            ("lastReceipt", JSON(record.lastReceipt)), ("paid", JSON(record.paid)),
            ("openedAt", JSON(record.openedAt)), ("terms", self.terms(terms)),
            ("funds", JSON(record.funds)), ("rate", JSON(record.rate)),
            ("resources", resources(record.resources)),
            ("primary", record.primary.map { seat($0) }),
            ("standbys", .array(record.standbys.map { seat($0) })),
            ("bids", .array(record.bids.map { bid($0) })),
        ])
        .adding(moments(record))
    }

    private func moments(_ record: LeaseRecord) -> [(name: String, value: JSON?)] {
        var note: ClosingNote?
        if case .closing(let said, _) = record.phase { note = said }
        // Times that mean nothing yet are left out, and not null.
        let isBilled = record.settledUntil > Timestamp(0)
        let times: [(name: String, time: Timestamp?)] = [
            ("until", record.phase.until),
            ("fundsEnd", record.fundsEnd < Timestamp(.max) ? record.fundsEnd : nil),
            ("settledUntil", isBilled ? record.settledUntil : nil),
            ("aliveUntil", isBilled ? record.aliveUntil : nil),
            ("leavesAt", (record.departure ?? record.notice)?.until),
        ]
        return times.map { entry in (entry.name, entry.time.map { JSON($0) }) } + [
            (
                "claim",
                record.claim.map { claim in
                    JSON(members: [
                        ("from", JSON(claim.from)), ("until", JSON(claim.until)),
                        ("amount", JSON(claim.amount)), ("contestBy", JSON(claim.contestBy)),
                    ])
                }
            ),
            ("leaving", (record.departure ?? record.notice).map { .string($0.reason.name) }),
            ("reason", note.map { .string($0.reason.name) }),
            ("by", note?.by.map { JSON($0) }),
        ]
    }

    private func closed(_ closed: ClosedLease) -> JSON {
        JSON(members: [
            ("lease", JSON(closed.lease)), ("state", "closed"), ("tenant", JSON(closed.tenant)),
            ("deployment", JSON(Digest(closed.deployment))), ("manifest", JSON(closed.manifest)),
            ("asset", JSON(closed.asset)), ("token", JSON(closed.token)),
            ("receipts", JSON(closed.receipts)), ("lastReceipt", JSON(closed.lastReceipt)),
            ("paid", JSON(closed.paid)), ("openedAt", JSON(closed.openedAt)),
            ("provider", closed.provider.map { JSON($0) }), ("refund", JSON(closed.refund)),
            ("reason", .string(closed.reason.name)), ("by", closed.by.map { JSON($0) }),
            ("closedAt", JSON(closed.closedAt)),
        ])
    }

    private func terms(_ terms: LeaseTerms) -> JSON {
        JSON(members: [
            ("work", .string("\(terms.work)")), ("kind", .string("\(terms.kind)")),
            (
                "groups",
                .array(
                    terms.groups.map { group in
                        JSON(members: [
                            ("name", .string(group.name)), ("count", JSON(group.count)),
                            ("each", resources(group.each)),
                        ])
                    })
            ),
            ("regions", .array(terms.regions.map { .string($0) })),
            ("attributes", .array(terms.attributes.map { .string($0) })),
            ("periodMilliseconds", JSON(terms.periodMilliseconds)),
            ("ceiling", JSON(terms.ceiling)), ("standbys", JSON(terms.standbys)),
            ("standbyCeiling", JSON(terms.standbyCeiling)),
            ("recoveryMilliseconds", JSON(terms.recoveryMilliseconds)),
            ("takeoverMilliseconds", JSON(terms.takeoverMilliseconds)),
            ("noticeMilliseconds", JSON(terms.noticeMilliseconds)),
            ("receiptKey", JSON(terms.receiptKey)),
            ("isAutomatic", .bool(terms.isAutomatic)),
        ])
    }

    /// Resources by their names.
    func resources(_ resources: ResourceAmounts) -> JSON {
        func list(_ amounts: [NamedAmount]) -> JSON {
            .array(
                amounts.map { ["name": .string($0.name), "amount": JSON($0.amount)] })
        }
        return JSON(members: [
            ("milliCores", JSON(resources.milliCores)),
            ("memoryBytes", JSON(resources.memoryBytes)),
            ("egressBytesPerSecond", JSON(resources.egressBytesPerSecond)),
            ("storage", list(resources.storage)), ("devices", list(resources.devices)),
        ])
    }

    private func prices(_ prices: LeasePrices) -> JSON {
        JSON(members: [
            ("base", JSON(prices.base)), ("coreSecond", JSON(prices.coreSecond)),
            ("memoryGigabyteSecond", JSON(prices.memoryGigabyteSecond)),
            ("storageGigabyteSecond", JSON(prices.storageGigabyteSecond)),
            ("gigabyteIn", JSON(prices.gigabyteIn)), ("gigabyteOut", JSON(prices.gigabyteOut)),
            ("millionRequests", JSON(prices.millionRequests)),
        ])
    }

    private func seat(_ seat: LeaseSeat) -> JSON {
        JSON(members: [
            ("provider", JSON(seat.provider)), ("prices", prices(seat.prices)),
            ("standbyRate", JSON(seat.standbyRate)), ("receiptKey", JSON(seat.receiptKey)),
            (
                "snapshot",
                seat.snapshot.map { mark in
                    JSON(members: [
                        ("sequence", JSON(mark.sequence)), ("digest", JSON(mark.digest)),
                        ("bytes", JSON(mark.bytes)), ("takenAt", JSON(mark.takenAt)),
                    ])
                }
            ),
        ])
    }

    private func bid(_ bid: LeaseBid) -> JSON {
        JSON(members: [
            ("provider", JSON(bid.provider)), ("prices", prices(bid.prices)),
            ("standbyRate", JSON(bid.standbyRate)), ("receiptKey", JSON(bid.receiptKey)),
            ("heldUntil", JSON(bid.heldUntil)),
        ])
    }

    /// What a provider declared and holds.
    func capacity(of provider: AccountID) -> JSON? {
        queries.capacity(of: provider).map { capacity in
            JSON(members: [
                ("provider", JSON(provider)), ("region", .string(capacity.region)),
                ("attributes", .array(capacity.attributes.map { .string($0) })),
                ("declared", resources(capacity.declared)), ("held", resources(capacity.held)),
            ])
        }
    }
}

extension EventReading {
    /// Reads an event of leases.
    init?(leases event: Event) {
        guard let read = try? LeasesEvent(event) else { return nil }
        let note = read.note
        self.init(name: read.kind.name)
        accounts = [note.account] + (note.other.map { [$0] } ?? [])
        members = [
            ("account", JSON(note.account)), ("other", note.other.map { JSON($0) }),
            ("amount", JSON(note.amount)), ("rest", JSON(note.rest)),
            ("number", JSON(note.number)), ("time", JSON(note.time)),
            ("digest", JSON(note.digest)), ("code", JSON(note.code)),
        ]
    }
}
