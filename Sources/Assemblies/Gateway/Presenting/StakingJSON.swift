// SPDX-License-Identifier: Apache-2.0
import JSONText
import Staking
import Vocabulary

extension JSON {
    /// A bond of a role.
    init(_ bond: RoleBond) {
        self = JSON(members: [
            ("account", JSON(bond.account)), ("role", .string("\(bond.role)")),
            ("state", .string(bond.status.name)), ("until", bond.status.until.map { JSON($0) }),
            ("base", JSON(bond.base)), ("second", JSON(bond.second)), ("lock", JSON(bond.lock)),
            ("lockedUntil", JSON(bond.lockedUntil)), ("signer", bond.signer.map { JSON($0) }),
            ("country", bond.domain.map { .string($0.country) }),
            ("region", bond.domain.map { .string($0.region) }),
            ("entity", bond.domain.map { .string($0.entity) }),
            (
                "leaving",
                .array(
                    bond.parts.map { part in
                        JSON(members: [
                            ("base", JSON(part.base)), ("second", JSON(part.second)),
                            ("due", JSON(part.due)),
                        ])
                    })
            ), ("offences", JSON(bond.offences)), ("slashed", JSON(bond.slashed)),
            ("sinceHeight", JSON(bond.since)),
        ])
    }

    /// What stands behind an operator.
    init(_ pool: Pool) {
        self = JSON(members: [
            ("operator", JSON(pool.operator)), ("commission", JSON(pool.commission)),
            ("nextCommission", pool.notice.map { JSON($0.partsPerMillion) }),
            ("nextCommissionEpoch", pool.notice.map { JSON($0.from) }),
            ("insuredSinceEpoch", pool.insuredSince.map { JSON($0) }),
            ("backing", JSON(pool.backing)), ("steady", JSON(pool.steady.tokens)),
            ("compounding", JSON(pool.compounding.tokens)),
            ("compoundingShares", JSON(Amount(pool.compounding.shares))),
            ("liquidShares", JSON(Amount(pool.liquidShares))), ("earned", JSON(pool.earned)),
            ("flowing", JSON(pool.stream.left)), ("leaving", JSON(pool.leaving)),
        ])
    }
}

extension BondStatus {
    /// The stable name of the state.
    var name: String {
        switch self {
        case .bonded: "bonded"
        case .paused: "paused"
        case .jailed: "jailed"
        case .unbonding: "unbonding"
        case .withdrawn: "withdrawn"
        case .banned: "banned"
        }
    }

    /// Until when it lasts at least.
    var until: Timestamp? {
        switch self {
        case .jailed(let until): until
        case .bonded, .paused, .unbonding, .withdrawn, .banned: nil
        }
    }
}
