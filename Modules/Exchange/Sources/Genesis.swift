// SPDX-License-Identifier: Apache-2.0
import JSONText
import Ledger
import Vocabulary

/// The module's part of a genesis file: figures, windows, what conversions are paid from, pools.
struct ExchangeGenesis {
    let parameters: ExchangeParameters
    let windows: [(pointer: String, asset: AssetID, terms: WindowTerms)]
    let emission: Emission
    let fund: (account: AccountID, amount: Amount)?
    let pools: [(pointer: String, account: AccountID, order: CreatePool)]

    /// The most windows, and the most pools, of one file.
    static let rowsMax = 1_000

    /// Reads the part; years and locks begin at `time`.
    ///
    /// - Throws: ``GenesisFailure`` with the place of the first thing that is wrong.
    init(_ json: JSON, at time: Timestamp) throws(GenesisFailure) {
        let part = try GenesisObject(
            json, at: "",
            known: ExchangeParameters.names + ["windows", "emission", "fund", "pools"])
        parameters = try ExchangeParameters(part)
        windows = try part.list("windows", countMax: Self.rowsMax).map(Self.window)
        emission = try Emission(
            start: time, rows: part.list("emission", countMax: Emission.rowsMax).map(Self.row))
        var pools: [(String, AccountID, CreatePool)] = []
        for row in try part.list("pools", countMax: Self.rowsMax) {
            try pools.append(Self.pool(row, at: time))
        }
        self.pools = pools
        guard part.has("fund") else {
            fund = nil
            return
        }
        let object = try GenesisObject(
            part.value("fund"), at: part.pointer(to: "fund"), known: ["account", "amount"])
        fund = try (object.identifier("account"), object.amount("amount"))
    }

    private static func window(
        _ row: (pointer: String, json: JSON)
    ) throws(GenesisFailure) -> (String, AssetID, WindowTerms) {
        let object = try GenesisObject(
            row.json, at: row.pointer, known: ["asset", "target", "reference"])
        return try (
            row.pointer, AssetID(object.unsigned("asset")),
            WindowTerms(target: object.amount("target"), reference: object.amount("reference"))
        )
    }

    private static func row(
        _ row: (pointer: String, json: JSON)
    ) throws(GenesisFailure) -> Emission.Row {
        let object = try GenesisObject(row.json, at: row.pointer, known: ["years", "amount"])
        return try Emission.Row(
            years: object.unsigned("years", in: 1...1_000), amount: object.amount("amount"))
    }

    private static func pool(
        _ row: (pointer: String, json: JSON), at time: Timestamp
    ) throws(GenesisFailure) -> (String, AccountID, CreatePool) {
        let object = try GenesisObject(
            row.json, at: row.pointer,
            known: ["account", "one", "other", "fee", "lockMilliseconds"])
        let lock =
            object.has("lockMilliseconds")
            ? try object.unsigned("lockMilliseconds", in: 1...ExchangeParameters.timeMax) : nil
        return try (
            row.pointer, object.identifier("account"),
            CreatePool(
                side("one", of: object), side("other", of: object), fee: object.unsigned("fee"),
                lockedUntil: lock.map { time.advanced(by: $0) })
        )
    }

    private static func side(
        _ name: String, of object: GenesisObject
    ) throws(GenesisFailure) -> AssetAmount {
        let side = try GenesisObject(
            object.value(name), at: object.pointer(to: name), known: ["asset", "amount"])
        return try AssetAmount(
            side.amount("amount"), of: AssetID(side.unsigned("asset", standard: 0)))
    }

    /// Writes all of it and takes what it needs out of accounts' balances.
    func write(by module: ExchangeModule, in context: ExecutionContext) throws(GenesisFailure) {
        context.set(.exchange, ExchangeKeys.parameters, parameters.canonicalBytes)
        if !emission.rows.isEmpty {
            context.set(.exchange, ExchangeKeys.emission, emission.canonicalBytes)
        }
        for window in windows {
            do {
                try module.write(window.terms, of: window.asset, by: module.law, in: context)
            } catch { throw GenesisFailure(pointer: window.pointer, reason: error.detail) }
        }
        if let fund {
            do {
                try module.fund(fund.amount, from: fund.account, in: context)
            } catch { throw GenesisFailure(pointer: "/fund", reason: error.detail) }
        }
        for pool in pools {
            do {
                try module.createPool(pool.order, from: pool.account, in: context)
            } catch { throw GenesisFailure(pointer: pool.pointer, reason: error.detail) }
        }
    }
}
