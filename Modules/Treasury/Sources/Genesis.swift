// SPDX-License-Identifier: Apache-2.0
import JSONText
import Ledger
import Vocabulary

/// The module's part of a genesis file: pools with what they hold, accounts of several signers,
/// and grants.
struct TreasuryGenesis {
    struct Holding {
        let pointer: String
        let account: AccountID
        let asset: AssetID
        let amount: Amount
    }
    struct GenesisPool {
        let pointer: String
        let name: String
        let owner: AccountID
        let holdings: [Holding]
        let limits: [(asset: AssetID, limit: OutflowLimit)]
    }

    let pools: [GenesisPool]
    let grants: [(pointer: String, order: CreateGrant, account: AccountID)]

    /// The most pools, and the most grants, of one file.
    static let rowsMax = 1_000

    /// Reads the part; schedules that name no start begin at `time`.
    ///
    /// - Throws: ``GenesisFailure`` with the place of the first thing that is wrong.
    init(_ json: JSON, at time: Timestamp) throws(GenesisFailure) {
        let part = try GenesisObject(json, at: "", known: ["pools", "grants"])
        var pools: [GenesisPool] = []
        for element in try part.list("pools", countMax: Self.rowsMax) {
            try pools.append(Self.pool(element, at: time))
        }
        var grants: [(String, CreateGrant, AccountID)] = []
        for element in try part.list("grants", countMax: Self.rowsMax) {
            try grants.append(Self.grant(element, at: time))
        }
        self.pools = pools
        self.grants = grants
    }

    private static func pool(
        _ element: (pointer: String, json: JSON), at time: Timestamp
    ) throws(GenesisFailure) -> GenesisPool {
        let object = try GenesisObject(
            element.json, at: element.pointer, known: ["name", "owner", "holdings", "limits"])
        var holdings: [Holding] = []
        for row in try object.list("holdings", countMax: rowsMax) {
            let holding = try GenesisObject(
                row.json, at: row.pointer, known: ["account", "asset", "amount"])
            try holdings.append(
                Holding(
                    pointer: row.pointer, account: holding.identifier("account"),
                    asset: AssetID(holding.unsigned("asset", standard: 0)),
                    amount: holding.amount("amount")))
        }
        var limits: [(AssetID, OutflowLimit)] = []
        for row in try object.list("limits", countMax: rowsMax) {
            let limit = try GenesisObject(
                row.json, at: row.pointer, known: ["asset", "amount", "periodMilliseconds"])
            try limits.append(
                (
                    AssetID(limit.unsigned("asset", standard: 0)),
                    OutflowLimit(
                        amount: limit.amount("amount"),
                        period: limit.unsigned("periodMilliseconds", in: 1...Schedule.timeMax),
                        start: time)
                ))
        }
        return try GenesisPool(
            pointer: element.pointer,
            name: object.text("name", bytesMax: TreasuryPool.nameBytesMax),
            owner: object.identifier("owner"), holdings: holdings, limits: limits)
    }

    private static func grant(
        _ element: (pointer: String, json: JSON), at time: Timestamp
    ) throws(GenesisFailure) -> (String, CreateGrant, AccountID) {
        let object = try GenesisObject(
            element.json, at: element.pointer,
            known: [
                "account", "receiver", "pool", "asset", "amount", "isRevocable", "schedule",
            ])
        let account: AccountID = try object.identifier("account")
        let receiver: Source =
            object.has("pool")
            ? try .pool(object.unsigned("pool")) : try .account(object.identifier("receiver"))
        let schedule = try Schedule(
            genesis: object.value("schedule"), at: object.pointer(to: "schedule"), begins: time)
        let order = try CreateGrant(
            source: .account(account), receiver: receiver,
            asset: AssetID(object.unsigned("asset", standard: 0)), amount: object.amount("amount"),
            schedule: schedule,
            isRevocable: object.has("isRevocable") ? object.value("isRevocable") == true : false)
        return (element.pointer, order, account)
    }

    /// Writes all of it and takes what it needs out of accounts' balances.
    func write(by module: TreasuryModule, in context: ExecutionContext) throws(GenesisFailure) {
        for pool in pools {
            let number: UInt64
            do {
                number = try module.createPool(pool.name, owner: pool.owner, in: context)
            } catch { throw GenesisFailure(pointer: pool.pointer, reason: error.detail) }
            for holding in pool.holdings {
                do {
                    try module.deposit(
                        holding.amount, of: holding.asset, into: number, from: holding.account,
                        in: context)
                } catch { throw GenesisFailure(pointer: holding.pointer, reason: error.detail) }
            }
            for row in pool.limits {
                context.set(
                    .treasury, TreasuryKeys.limit(number, row.asset), row.limit.canonicalBytes)
            }
        }
        for grant in grants {
            do {
                try module.createGrant(grant.order, from: grant.account, in: context)
            } catch { throw GenesisFailure(pointer: grant.pointer, reason: error.detail) }
        }
    }
}

extension Schedule {
    /// Reads a schedule: `{cliffMilliseconds, …}`, `{stretches: […]}` or `{milestones: […]}`.
    init(genesis json: JSON, at pointer: String, begins time: Timestamp) throws(GenesisFailure) {
        let object = try GenesisObject(
            json, at: pointer,
            known: [
                "startMilliseconds", "atStart", "cliffMilliseconds", "durationMilliseconds",
                "periodMilliseconds", "lockMilliseconds", "accrues", "stretches", "milestones",
            ])
        let times = 0...Self.timeMax
        let start = try Timestamp(
            object.unsigned(
                "startMilliseconds", in: 0...UInt64.max / 2, standard: time.value))
        if object.has("milestones") {
            var shares: [UInt64] = []
            for row in try object.list("milestones", countMax: Self.rowsMax) {
                guard let share = row.json.unsigned else {
                    throw GenesisFailure(pointer: row.pointer, reason: "must be a whole number")
                }
                shares.append(share)
            }
            self = .milestones(shares)
        } else if object.has("stretches") {
            var rows: [Stretch] = []
            for row in try object.list("stretches", countMax: Self.rowsMax) {
                let stretch = try GenesisObject(
                    row.json, at: row.pointer, known: ["durationMilliseconds", "share"])
                try rows.append(
                    Stretch(
                        duration: stretch.unsigned("durationMilliseconds", in: times),
                        share: stretch.unsigned("share", in: 0...Self.million)))
            }
            self = .stretches(start: start, rows)
        } else {
            self = try .curve(
                Curve(
                    start: start,
                    atStart: object.unsigned("atStart", in: 0...Self.million, standard: 0),
                    cliff: object.unsigned("cliffMilliseconds", in: times, standard: 0),
                    duration: object.unsigned("durationMilliseconds", in: times, standard: 0),
                    period: object.unsigned("periodMilliseconds", in: times, standard: 0),
                    lock: object.unsigned("lockMilliseconds", in: times, standard: 0),
                    accrues: object.has("accrues") ? object.value("accrues") == true : false))
        }
        guard isValid else {
            throw GenesisFailure(pointer: pointer, reason: "times or shares make no sense")
        }
    }
}
