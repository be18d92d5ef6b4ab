// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Exchange
import JSONText
import Ledger
import Vocabulary

/// What the commands about pools and trades share.
enum ExchangeOptions {
    static let pool = ArgumentSpec(name: "pool", help: "the pool's number, as `atoll pool list`")
    static let inPool = OptionSpec(name: "pool", value: "NUMBER", help: "which pool; default 0")
    static let sell = OptionSpec(
        name: "sell", value: "ASSET", help: "the number of the asset that is sold; default 0")
    static let slippage = OptionSpec(
        name: "slippage", value: "MILLIONTHS",
        help: "how much worse than now it may come; default 5000, half a hundredth")

    /// For how long a trade may wait before it no longer happens.
    static let patienceMilliseconds: UInt64 = 60_000

    static func number(_ invocation: Invocation, _ name: String) throws -> UInt64 {
        try invocation.number(name, default: 0, in: 0...UInt64.max)
    }

    /// An amount less the slippage that is let pass.
    static func least(_ amount: Amount, _ invocation: Invocation) throws -> Amount {
        let slippage = try invocation.number("slippage", default: 5_000, in: 0...1_000_000)
        return amount.scaled(by: UInt128(1_000_000 - slippage), over: 1_000_000) ?? .zero
    }

    /// An amount and its asset, written `AMOUNT:ASSET`.
    static func side(_ text: String) throws -> AssetAmount {
        let parts = text.split(separator: ":")
        guard parts.count == 2, let amount = Amount(String(parts[0])), amount > .zero,
            let asset = UInt64(parts[1])
        else {
            throw CommandFailure(
                status: .misused, what: "'\(text)' is no AMOUNT:ASSET, such as 100:0",
                kept: "nothing was sent")
        }
        return AssetAmount(amount, of: AssetID(asset))
    }

    /// Base units of an answer.
    static func units(_ json: JSON?) -> Amount {
        Amount(json?.text.flatMap { UInt128($0) } ?? 0)
    }

    /// Millionths of an answer as a percentage.
    static func percent(_ json: JSON?) -> String {
        let millionths = json?.unsigned ?? 0
        let rest = "\(millionths % 10_000)"
        return "\(millionths / 10_000)." + String(repeating: "0", count: 4 - rest.count) + rest
            + " %"
    }

    /// Asks for a pool.
    static func pool(
        _ number: UInt64, _ client: GatewayClient, lockOf account: AccountID? = nil
    ) async throws -> JSON {
        try await calling { () async throws(ClientFailure) in
            try await client.liquidityPool(number, lockOf: account)
        }
    }
}
