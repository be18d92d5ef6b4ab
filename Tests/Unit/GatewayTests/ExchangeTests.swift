// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Exchange
import JSONText
import Ledger
import Testing
import Vocabulary

@testable import Gateway

/// Pools, quotes and windows as people see them (GATEWAY-24).
@Suite("Gateway: exchange")
struct ExchangeTests {
    @Test("a pool of the genesis is listed, quoted and traded with (GATEWAY-24)")
    func pools() async throws {
        let owner = try JSON.string("\(AccountID(of: Cast().client.publicKey))")
        let modules: JSON = [
            "accounts": [
                "assets": [["id": 1, "symbol": "CORAL"]],
                "balances": [
                    ["account": owner, "amount": "1000"],
                    ["account": owner, "asset": 1, "amount": "5000"],
                ],
            ],
            "governance": ["version": 2],
            "exchange": [
                "windows": [["asset": 1, "target": "10", "reference": "5000"]],
                "pools": [
                    [
                        "account": owner, "one": ["amount": "100"],
                        "other": ["asset": 1, "amount": "400"], "fee": 3_000,
                        "lockMilliseconds": 60_000,
                    ]
                ],
            ],
        ]
        try await GatewayWorld(modules: modules).run { world in
            let client = world.cast.client
            let page = try await world.json(.get, "/v1/exchange/pools")
            #expect(page["pools"]?.elements?.first?["second"]?["symbol"]?.text == "CORAL")
            let account = AccountID(of: client.publicKey)
            let pool = try await world.json(.get, "/v1/exchange/pools/0?account=\(account)")
            #expect(pool["locked"]?.text != nil && pool["fee"]?.unsigned == 3_000)
            let whole = Amount(whole: 1).units
            let quote = try await world.json(
                .get, "/v1/exchange/pools/0/quote?sell=0&amount=\(whole)")
            let least = Amount(UInt128(quote["received"]?.text ?? "") ?? 0)
            #expect(least > Amount(whole: 3) && (quote["impact"]?.unsigned ?? 0) > 9_000)
            let swap = Swap(
                pool: 0, selling: AssetAmount(Amount(whole: 1), of: .native), least: least,
                expires: Timestamp(.max))
            try await world.node.submit(
                world.cast.sign(
                    [ExchangeMessage.swap(swap).message], by: client, nonce: 0,
                    chain: world.chain))
            let traded = try await world.json(.get, "/v1/exchange/pools/0")
            #expect(
                traded["first"]?["reserve"]?.text == "\(Amount(whole: 101).units)")
            let windows = try await world.json(.get, "/v1/exchange/windows")
            #expect(windows["windows"]?.elements?.first?["rate"]?.unsigned == 1_000_000)
            let missing = try await world.json(
                .get, "/v1/exchange/pools/1", status: .notFound)
            #expect(missing["name"]?.text == "unknownLiquidityPool")
            _ = try await world.json(
                .get, "/v1/exchange/pools/0/quote?sell=0&amount=0", status: .badRequest)
        }
    }
}
