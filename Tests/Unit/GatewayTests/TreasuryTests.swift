// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Governance
import JSONText
import Ledger
import Testing
import Treasury
import Vocabulary

@testable import Gateway

/// Common money as people see it (GATEWAY-23).
@Suite("Gateway: common money")
struct TreasuryTests {
    @Test("pools, grants, airdrops and bounties are listed page by page and shown (GATEWAY-23)")
    func pages() async throws {
        try await GatewayWorld().run { world in
            let client = world.cast.client
            let account = AccountID(of: client.publicKey)
            let limit = TreasuryMessage.setLimit(
                pool: 1, asset: .native, amount: Amount(whole: 5), period: 1_000)
            let grant = CreateGrant(
                source: .account(account), receiver: .pool(0), amount: Amount(whole: 7),
                schedule: .milestones([1_000_000]), isRevocable: true)
            let airdrop = CreateAirdrop(
                source: .account(account), amount: Amount(whole: 3), root: .zero, leaves: 1,
                opens: Timestamp(0), expires: Timestamp(.max / 2))
            let bounty = Bounty(
                pool: 0, asset: .native, subject: .zero,
                rows: [Bounty.Row(severity: "low", least: Amount(1), most: Amount(2))])
            let messages: [TreasuryMessage] = [
                .createPool(name: "a", owner: account), .createPool(name: "b", owner: account),
                .deposit(pool: 1, asset: .native, amount: Amount(whole: 9)), limit,
                .createGrant(grant), .createAirdrop(airdrop), .openBounty(bounty),
                .giveBadge(to: account, name: "m", evidence: .zero),
            ]
            try await world.node.submit(
                world.cast.sign(messages.map(\.message), by: client, nonce: 0, chain: world.chain))
            let first = try await world.json(.get, "/v1/treasuries?limit=1")
            #expect(first["treasuries"]?.elements?.first?["name"]?.text == "a")
            let next = try #require(first["next"]?.text)
            let second = try await world.json(.get, "/v1/treasuries?limit=1&cursor=\(next)")
            let held = try #require(second["treasuries"]?.elements?.first?["holdings"]?.elements)
            #expect(held.first?["amount"]?.text == "\(Amount(whole: 9).units)")
            #expect(held.first?["limit"]?.text == "\(Amount(whole: 5).units)")
            #expect(second["next"] == nil)
            let shown = try await world.json(.get, "/v1/grants/0")
            #expect(shown["receiver"]?.text == "pool 0" && shown["claimable"]?.text == "0")
            #expect(try await world.json(.get, "/v1/airdrops")["airdrops"]?.elements?.count == 1)
            #expect(try await world.json(.get, "/v1/bounties/0")["isOpen"] == true)
            #expect(
                try await world.json(.get, "/v1/auctions")["auctions"]?.elements?.isEmpty == true)
            let badges = try await world.json(.get, "/v1/accounts/\(account)/badges")
            #expect(badges["badges"]?.elements?.first?["name"]?.text == "m")
        }
    }

    @Test("what has no such number is not found, and what is no number is malformed (GATEWAY-23)")
    func unknown() async throws {
        try await GatewayWorld().run { world in
            for kind in ["treasuries", "grants", "airdrops", "auctions", "bounties"] {
                let missing = try await world.json(.get, "/v1/\(kind)/9", status: .notFound)
                #expect(missing["name"]?.text == "unknownNumber")
                _ = try await world.json(.get, "/v1/\(kind)/x", status: .badRequest)
                _ = try await world.json(.get, "/v1/\(kind)?cursor=00", status: .badRequest)
            }
            let account = AccountID(of: world.cast.client.publicKey)
            _ = try await world.json(.get, "/v1/multisigs/\(account)", status: .notFound)
        }
    }

    @Test("an account of several signers is shown with what waits for them (GATEWAY-23)")
    func multisig() async throws {
        try await GatewayWorld().run { world in
            let client = world.cast.client
            let other = AccountID(of: world.cast.validators[0].publicKey)
            let members = [AccountID(of: client.publicKey), other].sorted()
            let make = TreasuryMessage.createMultisig(members: members, threshold: 2)
            let signed = world.cast.sign(
                [make.message], by: client, nonce: 0, chain: world.chain)
            try await world.node.submit(signed)
            let told = try await world.json(.get, "/v1/transactions/\(signed.hash)")
            let event = try #require(
                told["events"]?.elements?.first { $0["name"]?.text == "multisigChanged" })
            let name = try #require(event["account"]?.text)
            let council = try #require(AccountID(hexadecimal: name))
            let wish = TreasuryMessage.propose(
                council, messages: [GovernanceMessage.delegate(nil).message],
                expires: Timestamp(.max))
            try await world.node.submit(
                world.cast.sign([wish.message], by: client, nonce: 1, chain: world.chain))
            let shown = try await world.json(.get, "/v1/multisigs/\(council)")
            #expect(shown["threshold"]?.unsigned == 2)
            let waiting = try #require(shown["decisions"]?.elements?.first)
            #expect(waiting["approvals"]?.elements?.count == 1)
            #expect(
                waiting["messages"]?.elements?.first?["module"]?.text == "governance")
        }
    }

    @Test("what a proposal would change is shown before anybody votes (GATEWAY-22)")
    func rehearsal() async throws {
        let modules: JSON = ["governance": ["proposerMin": "1", "depositMin": "1"]]
        try await GatewayWorld(modules: modules).run { world in
            let client = world.cast.client
            func propose(_ value: String, _ nonce: UInt64) async throws {
                let draft = Draft(
                    kind: .parameter, title: "commissions",
                    changes: [FigureChange(module: .staking, name: "commissionMax", value: value)])
                let messages = [
                    GovernanceMessage.lock(Amount(whole: 5)).message,
                    GovernanceMessage.propose(draft, deposit: Amount(whole: 1)).message,
                ]
                try await world.node.submit(
                    world.cast.sign(messages, by: client, nonce: nonce, chain: world.chain))
            }
            try await propose("150000", 0)
            let found = try await world.json(.get, "/v1/proposals/0/changes")
            let modules = found["changes"]?.elements?.compactMap { $0["module"]?.text } ?? []
            #expect(modules.contains("staking") && found["refusal"] == nil)
            // Nothing was changed by asking.
            let figures = try await world.json(.get, "/v1/figures")
            #expect(figures["staking"]?["commissionMax"]?.unsigned == 200_000)
            _ = try await world.json(.get, "/v1/proposals/7/changes", status: .notFound)
        }
    }
}
