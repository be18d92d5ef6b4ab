// SPDX-License-Identifier: Apache-2.0
import Governance
import JSONText
import Ledger
import Treasury
import Vocabulary

/// Messages of those who decide and of what they decide about.
enum LawVectors {
    static var all: [Vector] { governance + treasury }

    private static func governance(_ value: JSON, _ message: GovernanceMessage) -> Vector {
        Vector("governance", value, message.message)
    }

    static let draft = Draft(
        kind: .parameter, title: "a lower deposit", text: Fixed.digest,
        changes: [FigureChange(module: .governance, name: "depositMin", value: "\"50\"")],
        messages: [Message(module: .treasury, payload: [1, 2, 3])],
        upgrade: Upgrade(version: 2, digest: Fixed.digest, epoch: Epoch(9)), ratifies: 4)

    private static var governance: [Vector] {
        let json: JSON = [
            "kind": "parameter", "title": "a lower deposit", "text": Fixed.digits(0xd4),
            "changes": [["module": 8, "name": "depositMin", "value": "\"50\""]],
            "messages": [["module": 7, "payload": "010203"]],
            "upgrade": ["version": 2, "digest": Fixed.digits(0xd4), "epoch": "9"],
            "ratifies": "4",
        ]
        let plain: JSON = [
            "kind": "text", "title": "t", "text": Fixed.digits(0), "changes": [], "messages": [],
            "upgrade": nil, "ratifies": nil,
        ]
        let rules = KindRules(
            houses: [HouseRule(.roots, quorum: 1, approval: 2)], discussion: 3, voting: 4,
            timeLock: Fixed.count)
        return [
            governance(["lock": Fixed.amountDigits], .lock(Fixed.amount)),
            governance(["unlock": "1"], .unlock(Amount(1))),
            governance(["delegate": nil], .delegate(nil)),
            governance(["delegate": Fixed.digits(0xb2)], .delegate(Fixed.other)),
            governance(["refresh": Fixed.digits(0xa1)], .refresh(Fixed.account)),
            governance(
                ["propose": ["draft": json, "deposit": "7"]], .propose(draft, deposit: Amount(7))),
            governance(
                ["propose": ["draft": plain, "deposit": "0"]],
                .propose(Draft(kind: .text, title: "t"), deposit: .zero)),
            governance(["withdraw": Fixed.countDigits], .withdraw(Fixed.count)),
            governance(["vote": ["proposal": "3", "choice": "veto"]], .vote(3, .veto)),
            governance(
                ["signalReady": ["version": 2, "plan": Fixed.digits(0xd4)]],
                .signalReady(2, plan: Fixed.digest)),
            governance(
                [
                    "setSeats": [
                        "electorate": "council",
                        "seats": [["account": Fixed.digits(0xa1), "weight": "5"]],
                    ]
                ],
                .setSeats(
                    .council, CouncilSeats([CouncilSeat(account: Fixed.account, weight: 5)]))),
            governance(
                [
                    "setRules": [
                        "kind": "emergency",
                        "rules": [
                            "houses": [["electorate": "roots", "quorum": "1", "approval": "2"]],
                            "discussion": "3", "voting": "4", "timeLock": Fixed.countDigits,
                        ],
                    ]
                ], .setRules(.emergency, rules)),
        ]
    }

    private static func treasury(_ value: JSON, _ message: TreasuryMessage) -> Vector {
        Vector("treasury", value, message.message)
    }

    private static var treasury: [Vector] { shared + paying + selling }

    private static var shared: [Vector] {
        let decision: JSON = ["account": Fixed.digits(0xa1), "number": "2"]
        let members: JSON = ["members": [Fixed.digits(0xa1), Fixed.digits(0xb2)], "threshold": 2]
        return [
            treasury(
                ["createMultisig": members],
                .createMultisig(members: [Fixed.account, Fixed.other], threshold: 2)),
            treasury(
                [
                    "propose": [
                        "account": Fixed.digits(0xa1),
                        "messages": [["module": 1, "payload": "00"]], "expires": Fixed.countDigits,
                    ]
                ],
                .propose(
                    Fixed.account, messages: [Message(module: .accounts, payload: [0])],
                    expires: Fixed.time)),
            treasury(["approve": decision], .approve(Fixed.account, number: 2)),
            treasury(["withdraw": decision], .withdraw(Fixed.account, number: 2)),
            treasury(
                ["setMembers": members],
                .setMembers([Fixed.account, Fixed.other], threshold: 2)),
        ]
    }

    private static var paying: [Vector] {
        let source: JSON = ["pool": "5"]
        func grant(_ schedule: Schedule, _ json: JSON) -> Vector {
            treasury(
                [
                    "createGrant": [
                        "source": ["account": Fixed.digits(0xa1)], "receiver": source,
                        "asset": "0", "amount": Fixed.amountDigits, "schedule": json,
                        "isRevocable": true,
                    ]
                ],
                .createGrant(
                    CreateGrant(
                        source: .account(Fixed.account), receiver: .pool(5), amount: Fixed.amount,
                        schedule: schedule, isRevocable: true)))
        }
        return [
            treasury(
                ["createPool": ["name": "reserve", "owner": Fixed.digits(0xa1)]],
                .createPool(name: "reserve", owner: Fixed.account)),
            treasury(
                ["deposit": ["pool": "5", "asset": "6", "amount": Fixed.amountDigits]],
                .deposit(pool: 5, asset: AssetID(6), amount: Fixed.amount)),
            treasury(
                [
                    "spend": [
                        "pool": "5",
                        "payments": [["to": Fixed.digits(0xb2), "asset": "0", "amount": "9"]],
                    ]
                ], .spend(pool: 5, payments: [Payment(to: Fixed.other, Amount(9))])),
            treasury(
                ["setLimit": ["pool": "5", "asset": "0", "amount": "7", "period": "8"]],
                .setLimit(pool: 5, asset: .native, amount: Amount(7), period: 8)),
            treasury(
                ["setOwner": ["pool": "5", "owner": Fixed.digits(0xb2)]],
                .setOwner(pool: 5, owner: Fixed.other)),
            grant(.milestones([400_000, 600_000]), ["milestones": ["400000", "600000"]]),
            grant(
                .stretches(
                    start: Timestamp(1), [Schedule.Stretch(duration: 2, share: 1_000_000)]),
                ["stretches": ["start": "1", "rows": [["duration": "2", "share": "1000000"]]]]),
            grant(
                .curve(
                    Schedule.Curve(
                        start: Timestamp(1), atStart: 2, cliff: 3, duration: 4, period: 5, lock: 6,
                        accrues: true)),
                [
                    "curve": [
                        "start": "1", "atStart": "2", "cliff": "3", "duration": "4",
                        "period": "5", "lock": "6", "accrues": true,
                    ]
                ]),
            treasury(["claimGrant": "3"], .claimGrant(3)),
            treasury(["revokeGrant": "3"], .revokeGrant(3)),
            treasury(
                ["reachMilestone": ["grant": "3", "milestone": 1]],
                .reachMilestone(grant: 3, milestone: 1)),
        ]
    }

    private static var selling: [Vector] {
        let terms = AuctionTerms(
            asset: AssetID(1), supply: Amount(2), startPrice: Amount(3), endPrice: Amount(4),
            start: Timestamp(5), end: Timestamp(6), cap: Amount(7), isForPersons: true)
        return [
            treasury(
                [
                    "createAirdrop": [
                        "source": ["pool": "5"], "asset": "0", "amount": "9",
                        "root": Fixed.digits(0xd4), "leaves": "10", "opens": "11",
                        "expires": "12",
                    ]
                ],
                .createAirdrop(
                    CreateAirdrop(
                        source: .pool(5), amount: Amount(9), root: Fixed.digest, leaves: 10,
                        opens: Timestamp(11), expires: Timestamp(12)))),
            treasury(
                [
                    "claimAirdrop": [
                        "airdrop": "1", "place": "2", "account": Fixed.digits(0xa1),
                        "amount": "3", "proof": [Fixed.digits(0xd4)],
                    ]
                ],
                .claimAirdrop(
                    AirdropClaim(
                        airdrop: 1, place: 2, account: Fixed.account, amount: Amount(3),
                        proof: [Fixed.digest]))),
            treasury(["sweepAirdrop": "1"], .sweepAirdrop(1)),
            treasury(
                [
                    "createAuction": [
                        "terms": [
                            "asset": "1", "supply": "2", "startPrice": "3", "endPrice": "4",
                            "start": "5", "end": "6", "cap": "7", "isForPersons": true,
                        ], "source": ["pool": "8"],
                    ]
                ], .createAuction(terms, source: .pool(8))),
            treasury(
                ["bid": ["auction": "1", "offer": "2"]], .bid(auction: 1, offer: Amount(2))),
            treasury(
                ["collect": ["auction": "1", "bidder": Fixed.digits(0xb2)]],
                .collect(auction: 1, bidder: Fixed.other)),
            treasury(["closeAuction": "1"], .closeAuction(1)),
            treasury(
                [
                    "openBounty": [
                        "pool": "1", "asset": "6", "subject": Fixed.digits(0xd4),
                        "rows": [["severity": "high", "least": "2", "most": "3"]],
                        "isOpen": true, "paid": "0",
                    ]
                ],
                .openBounty(
                    Bounty(
                        pool: 1, asset: AssetID(6), subject: Fixed.digest,
                        rows: [
                            Bounty.Row(severity: "high", least: Amount(2), most: Amount(3))
                        ]))),
            treasury(
                [
                    "award": [
                        "bounty": "1", "to": Fixed.digits(0xa1), "severity": "high",
                        "amount": "2",
                    ]
                ],
                .award(bounty: 1, to: Fixed.account, severity: "high", amount: Amount(2))),
            treasury(["closeBounty": "1"], .closeBounty(1)),
            treasury(
                [
                    "giveBadge": [
                        "to": Fixed.digits(0xa1), "name": "finder", "evidence": Fixed.digits(0xd4),
                    ]
                ], .giveBadge(to: Fixed.account, name: "finder", evidence: Fixed.digest)),
            treasury(
                ["revokeBadge": ["from": Fixed.digits(0xa1), "name": "finder"]],
                .revokeBadge(from: Fixed.account, name: "finder")),
        ]
    }
}
