// SPDX-License-Identifier: Apache-2.0
import HTTPServer
public import JSONText
public import Vocabulary

extension GatewayClient {
    /// Pools by number, at most a hundred.
    public func liquidityPools(cursor: String? = nil) async throws(ClientFailure) -> JSON {
        var call = GatewayCall("/v1/exchange/pools")
        call.query = [("limit", "100")] + (cursor.map { [("cursor", $0)] } ?? [])
        return try await json(call).json
    }

    /// One pool, with what an account locked of it.
    ///
    /// - Throws: ``ClientFailure``; a problem `unknownLiquidityPool` when there is none.
    public func liquidityPool(
        _ number: UInt64, lockOf account: AccountID? = nil
    ) async throws(ClientFailure) -> JSON {
        var call = GatewayCall("/v1/exchange/pools/\(number)")
        call.query = account.map { [("account", "\($0)")] } ?? []
        return try await json(call).json
    }

    /// What selling an amount would give now.
    ///
    /// - Throws: ``ClientFailure``; a problem when the pool does not trade so much.
    public func swapQuote(
        _ amount: Amount, of asset: AssetID, in pool: UInt64
    ) async throws(ClientFailure) -> JSON {
        var call = GatewayCall("/v1/exchange/pools/\(pool)/quote")
        call.query = [("sell", "\(asset.value)"), ("amount", "\(amount.units)")]
        return try await json(call).json
    }

    /// The tables of the law that holds: assets, roles, offences, kinds of proposals.
    public func law() async throws(ClientFailure) -> JSON {
        try await json(GatewayCall("/v1/law")).json
    }

    /// Where roles' assets become native units.
    public func roleWindows() async throws(ClientFailure) -> JSON {
        try await json(GatewayCall("/v1/exchange/windows")).json
    }
}
