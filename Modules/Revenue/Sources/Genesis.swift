// SPDX-License-Identifier: Apache-2.0
import JSONText
import Ledger
import Vocabulary

/// The module's part of a genesis file: figures and tables.
struct RevenueGenesis {
    let parameters: RevenueParameters
    let tables: RevenueTables
    private let part: GenesisObject

    /// Reads the part.
    ///
    /// - Throws: ``GenesisFailure`` with the place of the first thing that is wrong.
    init(_ json: JSON) throws(GenesisFailure) {
        part = try GenesisObject(
            json, at: "",
            known: RevenueParameters.names + ["services", "work", "multipliers", "early"])
        parameters = try RevenueParameters(part)
        var tables = RevenueTables()
        for row in try part.list("services", countMax: RevenueTables.rowsMax) {
            try tables.services.append(Self.service(row))
        }
        for row in try part.list("work", countMax: RevenueTables.rowsMax) {
            try tables.work.append(Self.reward(row))
        }
        for row in try part.list("multipliers", countMax: RevenueTables.rowsMax) {
            try tables.multipliers.append(Self.multiplier(row))
        }
        for row in try part.list("early", countMax: RevenueTables.rowsMax) {
            try tables.early.append(Self.early(row))
        }
        self.tables = tables
    }

    private static func early(
        _ row: (pointer: String, json: JSON)
    ) throws(GenesisFailure) -> EarlyWeight {
        let object = try GenesisObject(
            row.json, at: row.pointer, known: ["count", "weight", "spanMilliseconds"])
        return try EarlyWeight(
            count: object.unsigned("count", in: 1...1_000_000),
            weight: object.unsigned("weight", in: 0...100 * RevenueParameters.million),
            spanMilliseconds: object.unsigned("spanMilliseconds", in: 1...3_155_760_000_000))
    }

    private static func service(
        _ row: (pointer: String, json: JSON)
    ) throws(GenesisFailure) -> ServiceFee {
        let object = try GenesisObject(
            row.json, at: row.pointer, known: ["service", "share", "least", "most"])
        let fee = try ServiceFee(
            service: object.text("service", bytesMax: ServiceFee.nameBytesMax),
            share: object.unsigned("share", in: 0...RevenueParameters.million),
            least: object.amount("least", standard: .zero),
            most: object.amount("most", standard: .zero))
        guard fee.most == .zero || fee.least <= fee.most else {
            throw object.failure("least", "must not exceed most")
        }
        return fee
    }

    private static func reward(
        _ row: (pointer: String, json: JSON)
    ) throws(GenesisFailure) -> WorkReward {
        let object = try GenesisObject(
            row.json, at: row.pointer, known: ["kind", "asset", "perUnit"])
        return try WorkReward(
            kind: object.text("kind", bytesMax: ServiceFee.nameBytesMax),
            asset: AssetID(object.unsigned("asset")), perUnit: object.amount("perUnit"))
    }

    private static func multiplier(
        _ row: (pointer: String, json: JSON)
    ) throws(GenesisFailure) -> WorkMultiplier {
        let object = try GenesisObject(
            row.json, at: row.pointer, known: ["capability", "weight"])
        return try WorkMultiplier(
            capability: object.text("capability", bytesMax: ServiceFee.nameBytesMax),
            weight: object.unsigned("weight", in: 0...100 * RevenueParameters.million))
    }

    /// Writes all of it; a genesis that names nothing leaves no trace.
    func write(by module: RevenueModule, in context: ExecutionContext) throws(GenesisFailure) {
        try module.checkPools(of: parameters, part, in: context)
        guard tables.work.isEmpty || parameters.workPool != nil else {
            throw part.failure("workPool", "must name the pool that work is paid from")
        }
        if parameters != .standard {
            context.set(.revenue, RevenueKeys.parameters, parameters.canonicalBytes)
        }
        if tables != RevenueTables() {
            context.set(.revenue, RevenueKeys.tables, tables.canonicalBytes)
        }
    }
}
