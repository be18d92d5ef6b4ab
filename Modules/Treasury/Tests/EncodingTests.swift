// SPDX-License-Identifier: Apache-2.0
import JSONText
import Ledger
import Testing
import Vocabulary

@testable import Treasury

@Suite("Encodings and genesis of the treasury")
struct EncodingTests {
    private func zeros(_ count: Int) -> String { String(repeating: "00", count: count) }

    @Test("the encoding of a claim is pinned: whoever makes lists needs it")
    func pinned() {
        let claim = TreasuryMessage.claimAirdrop(
            AirdropClaim(
                airdrop: 1, place: 2, account: AccountID(.zero), amount: Amount(3), proof: [.zero]))
        #expect(
            Hexadecimal.encode(claim.canonicalBytes)
                == "0f" + "01" + zeros(7) + "02" + zeros(7) + zeros(32) + "03" + zeros(15) + "01"
                + zeros(32))
    }

    @Test("every message begins with its tag and reads back")
    func tags() throws {
        let account = Hall.account(1)
        let message = TreasuryMessage.closeBounty(1).message
        let schedules: [Schedule] = [
            .curve(Schedule.Curve(start: Timestamp(1), duration: 2)),
            .stretches(
                start: Timestamp(1), [Schedule.Stretch(duration: 2, share: 1_000_000)]),
            .milestones([1_000_000]),
        ]
        let grants = schedules.map {
            CreateGrant(
                source: .pool(1), receiver: .account(account), amount: Amount(2), schedule: $0)
        }
        let airdrop = CreateAirdrop(
            source: .pool(1), amount: Amount(1), root: .zero, leaves: 2, opens: Timestamp(3),
            expires: Timestamp(4))
        let claim = AirdropClaim(
            airdrop: 1, place: 2, account: account, amount: Amount(3), proof: [.zero, .zero])
        let bounty = Bounty(
            pool: 1, asset: .native, subject: .zero,
            rows: [Bounty.Row(severity: "low", least: Amount(1), most: Amount(2))])
        let messages: [TreasuryMessage] = [
            .createMultisig(members: [account], threshold: 1),
            .propose(account, messages: [message], expires: Timestamp(1)),
            .approve(account, number: 1), .withdraw(account, number: 1),
            .setMembers([account], threshold: 1), .createPool(name: "p", owner: account),
            .deposit(pool: 1, asset: .native, amount: Amount(2)),
            .spend(pool: 1, payments: [Payment(to: account, Amount(2))]),
            .setLimit(pool: 1, asset: .native, amount: Amount(2), period: 3),
            .setOwner(pool: 1, owner: account), .createGrant(grants[0]), .claimGrant(1),
            .revokeGrant(1), .reachMilestone(grant: 1, milestone: 2), .createAirdrop(airdrop),
            .claimAirdrop(claim), .sweepAirdrop(1),
            .createAuction(AuctionTests.terms(), source: .pool(1)),
            .bid(auction: 1, offer: Amount(2)), .collect(auction: 1, bidder: account),
            .closeAuction(1), .openBounty(bounty),
            .award(bounty: 1, to: account, severity: "low", amount: Amount(2)), .closeBounty(1),
            .giveBadge(to: account, name: "b", evidence: .zero),
            .revokeBadge(from: account, name: "b"),
        ]
        #expect(messages.map { $0.canonicalBytes[0] } == Array(0...25))
        for message in messages + grants.map(TreasuryMessage.createGrant) {
            #expect(try TreasuryMessage(canonicalBytes: message.canonicalBytes) == message)
        }
        #expect(throws: CanonicalError.unknownTag(26)) {
            try TreasuryMessage(canonicalBytes: [26])
        }
    }

    @Test("every chest has a name of its own")
    func chests() {
        let holders: [Chest.Holder] = [
            .pool(1), .pool(2), .grant(1), .airdrop(1), .goods(1), .bids(1),
        ]
        let chests = holders.map { Chest($0, .native) } + [Chest(.pool(1), Hall.coral)]
        #expect(Set(chests.map(\.id)).count == chests.count)
    }

    static let genesis: JSON = [
        "pools": [
            [
                "name": "common", "owner": .string("\(Hall.account(1))"),
                "holdings": [
                    ["account": .string("\(Hall.account(2))"), "amount": "100"],
                    ["account": .string("\(Hall.account(2))"), "asset": 5, "amount": "7"],
                ],
                "limits": [["amount": "10", "periodMilliseconds": 1_000]],
            ]
        ],
        "grants": [
            [
                "account": .string("\(Hall.account(3))"), "receiver": .string("\(Hall.account(4))"),
                "amount": "50", "isRevocable": true,
                "schedule": ["cliffMilliseconds": 1_000, "durationMilliseconds": 4_000],
            ],
            [
                "account": .string("\(Hall.account(3))"), "pool": 0, "amount": "10",
                "schedule": [
                    "stretches": [["durationMilliseconds": 1_000, "share": 1_000_000]]
                ],
            ],
        ],
    ]

    @Test("a genesis makes pools with what they hold, their limits, and grants")
    func genesis() throws {
        let hall = try Hall(Self.genesis)
        #expect(hall.held(.pool(0)) == Amount(whole: 100))
        #expect(hall.held(.pool(0), Hall.coral) == Amount(whole: 7))
        #expect(hall.queries.limit(of: 0, .native)?.amount == Amount(whole: 10))
        #expect(hall.queries.grant(0)?.isRevocable == true)
        #expect(hall.spent(3) == Amount(whole: 60))
        hall.wait(3_000)
        try hall.send(.claimGrant(0), from: 9)
        try hall.send(.claimGrant(1), from: 9)
        #expect(hall.gained(4) == Amount(whole: 25))
        #expect(hall.held(.pool(0)) == Amount(whole: 110))
    }

    @Test("mistakes of a genesis are named with their place")
    func mistakes() {
        let owner = JSON("\(Hall.account(1))")
        for (wrong, pointer) in [
            (["pools": [["name": "p"]]], "/pools/0/owner"),
            (
                [
                    "pools": [
                        ["name": "p", "owner": owner, "holdings": [["account": owner]]]
                    ]
                ], "/pools/0/holdings/0/amount"
            ),
            (
                [
                    "pools": [
                        [
                            "name": "p", "owner": owner,
                            "holdings": [["account": owner, "amount": "2000000"]],
                        ]
                    ]
                ], "/pools/0/holdings/0"
            ),
            (
                [
                    "grants": [
                        [
                            "account": owner, "receiver": owner, "amount": "1",
                            "schedule": ["milestones": [5]],
                        ]
                    ]
                ], "/grants/0/schedule"
            ),
            (["vault": 1], "/vault"),
        ] as [(JSON, String)] {
            do {
                _ = try Hall(wrong)
                Issue.record("\(pointer) was accepted")
            } catch { #expect((error as? GenesisFailure)?.pointer == pointer) }
        }
    }
}
