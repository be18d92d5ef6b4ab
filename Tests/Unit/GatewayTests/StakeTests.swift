// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Governance
import JSONText
import Ledger
import Staking
import Testing
import Vocabulary

@testable import Gateway

/// Stakes, pools, proposals and figures as people see them (GATEWAY-22).
@Suite("Gateway: stakes and law")
struct StakeTests {
    @Test("what was delegated is shown, with its pool (GATEWAY-22)")
    func delegated() async throws {
        try await GatewayWorld().run { world in
            let client = world.cast.client
            let account = AccountID(of: client.publicKey)
            let validator = AccountID(of: world.cast.validators[0].publicKey)
            let order = StakeOrder(operator: validator, amount: Amount(whole: 20), compounds: true)
            try await world.node.submit(
                world.cast.sign(
                    [StakingMessage.delegate(order).message], by: client, nonce: 0,
                    chain: world.chain))
            let stakes = try await world.json(.get, "/v1/stakes/\(account)")
            let entry = try #require(stakes["delegations"]?.elements?.first)
            #expect(entry["operator"]?.text == "\(validator)")
            #expect(entry["compounding"]?.text == "\(Amount(whole: 20).units)")
            #expect(stakes["power"]?.text == "0", "shares that may be sent do not vote")
            let pool = try await world.json(.get, "/v1/pools/\(validator)")
            #expect(pool["backing"]?.text == "\(Amount(whole: 20).units)")
            let missing = try await world.json(
                .get, "/v1/pools/\(account)", status: .notFound)
            #expect(missing["name"]?.text == "unknownPool")
        }
    }

    @Test("a proposal is listed and shown with what it changes (GATEWAY-22)")
    func proposal() async throws {
        let modules: JSON = ["governance": ["proposerMin": "1", "depositMin": "1"]]
        try await GatewayWorld(modules: modules).run { world in
            let client = world.cast.client
            let draft = Draft(
                kind: .parameter, title: "commissions",
                changes: [FigureChange(module: .staking, name: "commissionMax", value: "150000")])
            let messages = [
                GovernanceMessage.lock(Amount(whole: 5)).message,
                GovernanceMessage.propose(draft, deposit: Amount(whole: 1)).message,
            ]
            try await world.node.submit(
                world.cast.sign(messages, by: client, nonce: 0, chain: world.chain))
            let page = try await world.json(.get, "/v1/proposals")
            #expect(page["proposals"]?.elements?.count == 1)
            let shown = try await world.json(.get, "/v1/proposals/0")
            #expect(shown["stage"]?.text == "discussion" && shown["kind"]?.text == "parameter")
            #expect(shown["changes"]?.elements?.first?["value"]?.text == "150000")
            let missing = try await world.json(.get, "/v1/proposals/1", status: .notFound)
            #expect(missing["name"]?.text == "unknownProposal")
            _ = try await world.json(.get, "/v1/proposals/x", status: .badRequest)
        }
    }

    @Test("the figures that can be changed are shown by their names (GATEWAY-22)")
    func figures() async throws {
        try await GatewayWorld().run { world in
            let figures = try await world.json(.get, "/v1/figures")
            #expect(figures["staking"]?["commissionMax"]?.unsigned == 200_000)
            #expect(figures["validators"]?["seatsMax"]?.unsigned == 100)
            #expect(figures["governance"]?["throttle"]?.unsigned == 8)
        }
    }
}
