// SPDX-License-Identifier: Apache-2.0
import JSONText
import Ledger
import Treasury
import Vocabulary

/// Common money as people see it (GATEWAY-23).
extension JSON {
    /// Where money comes from or goes to: an account's digits, or `pool N`.
    init(_ source: Source) {
        switch source {
        case .account(let account): self = JSON(account)
        case .pool(let number): self = .string("pool \(number)")
        }
    }

    /// A grant, with what it has earned and what can be claimed at a time.
    init(_ grant: Grant, number: UInt64, at now: Timestamp) {
        let earned = grant.earned(at: now)
        self = JSON(members: [
            ("number", JSON(number)), ("grantor", JSON(grant.grantor)),
            ("source", JSON(grant.source)), ("receiver", JSON(grant.receiver)),
            ("asset", JSON(grant.asset)), ("total", JSON(grant.total)), ("earned", JSON(earned)),
            ("claimed", JSON(grant.claimed)),
            ("claimable", JSON(earned.subtracting(grant.claimed) ?? .zero)),
            ("schedule", JSON(grant.schedule)), ("isRevocable", .bool(grant.isRevocable)),
            ("revoked", grant.revoked.map { JSON($0) }), ("reached", JSON(UInt64(grant.reached))),
        ])
    }

    /// A schedule with the names it has in a genesis file.
    init(_ schedule: Schedule) {
        switch schedule {
        case .curve(let curve):
            self = JSON(members: [
                ("startMilliseconds", JSON(curve.start)), ("atStart", JSON(curve.atStart)),
                ("cliffMilliseconds", JSON(curve.cliff)),
                ("durationMilliseconds", JSON(curve.duration)),
                ("periodMilliseconds", JSON(curve.period)),
                ("lockMilliseconds", JSON(curve.lock)), ("accrues", .bool(curve.accrues)),
            ])
        case .stretches(let start, let rows):
            self = JSON(members: [
                ("startMilliseconds", JSON(start)),
                (
                    "stretches",
                    .array(
                        rows.map { row in
                            JSON(members: [
                                ("durationMilliseconds", JSON(row.duration)),
                                ("share", JSON(row.share)),
                            ])
                        })
                ),
            ])
        case .milestones(let shares):
            self = JSON(members: [("milestones", .array(shares.map { JSON($0) }))])
        }
    }

    /// An airdrop.
    init(_ airdrop: Airdrop, number: UInt64) {
        self = JSON(members: [
            ("number", JSON(number)), ("owner", JSON(airdrop.owner)),
            ("source", JSON(airdrop.source)), ("asset", JSON(airdrop.asset)),
            ("root", JSON(airdrop.root)), ("leaves", JSON(airdrop.leaves)),
            ("opens", JSON(airdrop.opens)), ("expires", JSON(airdrop.expires)),
            ("held", JSON(airdrop.held)),
        ])
    }

    /// An auction, with its price at a time.
    init(_ record: AuctionRecord, number: UInt64, at now: Timestamp) {
        let (auction, terms) = (record.auction, record.auction.terms)
        self = JSON(members: [
            ("number", JSON(number)), ("owner", JSON(record.owner)),
            ("source", JSON(record.source)), ("asset", JSON(terms.asset)),
            ("supply", JSON(terms.supply)), ("startPrice", JSON(terms.startPrice)),
            ("endPrice", JSON(terms.endPrice)), ("start", JSON(terms.start)),
            ("end", JSON(terms.end)), ("cap", JSON(terms.cap)),
            ("isForPersons", .bool(terms.isForPersons)), ("paid", JSON(auction.paid)),
            ("price", JSON(auction.finalPrice(at: now) ?? terms.price(at: now))),
            ("isOver", .bool(auction.isOver(at: now))), ("goods", JSON(record.goods)),
            ("bids", JSON(record.bids)), ("isClosed", .bool(record.isClosed)),
        ])
    }

    /// A bounty.
    init(_ bounty: Bounty, number: UInt64) {
        self = JSON(members: [
            ("number", JSON(number)), ("pool", JSON(bounty.pool)), ("asset", JSON(bounty.asset)),
            ("subject", JSON(bounty.subject)),
            (
                "rows",
                .array(
                    bounty.rows.map { row in
                        JSON(members: [
                            ("severity", .string(row.severity)), ("least", JSON(row.least)),
                            ("most", JSON(row.most)),
                        ])
                    })
            ), ("isOpen", .bool(bounty.isOpen)), ("paid", JSON(bounty.paid)),
        ])
    }

    /// A mark.
    init(_ badge: Badge) {
        self = JSON(members: [
            ("holder", JSON(badge.holder)), ("giver", JSON(badge.giver)),
            ("name", .string(badge.name)), ("evidence", JSON(badge.evidence)),
            ("sinceHeight", JSON(badge.since)),
        ])
    }

    /// An account of several signers, with what its members want.
    init(_ multisig: Multisig, waiting: [(number: UInt64, decision: Decision)]) {
        self = JSON(members: [
            ("account", JSON(multisig.account)),
            ("members", .array(multisig.members.map { JSON($0) })),
            ("threshold", JSON(UInt64(multisig.threshold))),
            (
                "decisions",
                .array(
                    waiting.map { entry in
                        JSON(members: [
                            ("number", JSON(entry.number)),
                            ("proposer", JSON(entry.decision.proposer)),
                            (
                                "messages",
                                .array(entry.decision.messages.map { JSON(message: $0) })
                            ),
                            ("approvals", .array(entry.decision.approvals.map { JSON($0) })),
                            ("expires", JSON(entry.decision.expires)),
                            (
                                "isVoid",
                                .bool(entry.decision.generation != multisig.generation)
                            ),
                        ])
                    })
            ),
        ])
    }

    /// A message: its module's name and its bytes.
    init(message: Message) {
        self = JSON(members: [
            ("module", .string(ModuleName.of(message.module))),
            ("payload", .string(Hexadecimal.encode(message.payload))),
        ])
    }
}
