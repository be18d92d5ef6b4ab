// SPDX-License-Identifier: Apache-2.0
import Identities
import Identity
import JSONText
import Ledger
import Mandates
import NodeInterface
import Vocabulary

extension JSON {
    /// What an identity's log says, and its document at the state's time.
    init(_ record: IdentityRecord, at head: StateHead) {
        let now = Moment(seconds: Int64(clamping: head.time.value / 1_000))
        self = JSON(members: [
            ("did", .string("\(record.did)")), ("account", JSON(record.subject)),
            ("controller", JSON(record.controller)), ("recovery", JSON(record.recovery)),
            ("entries", JSON(record.count)), ("last", JSON(record.last)),
            ("isDeactivated", .bool(record.isDeactivated)),
            ("specification", record.specification.map { JSON($0) }),
            ("document", record.document(at: now).json), ("height", JSON(head.height)),
            ("time", JSON(head.time)),
        ])
    }

    /// An issuer and its lists.
    init(_ issuer: Issuer, anchors: [StatusAnchor]? = nil) {
        self = JSON(members: [
            ("account", JSON(issuer.account)),
            ("did", .string("\(AtollMethod.did(of: issuer.account))")),
            ("state", .string(issuer.status.name)),
            ("until", issuer.status.until.map { JSON($0) }),
            ("address", .string(issuer.address)),
            (
                "authorities",
                .array(
                    issuer.authorities.map { one in
                        JSON(members: [
                            ("type", .string(one.type)), ("from", JSON(one.from)),
                            ("until", one.until.map { JSON($0) }),
                        ])
                    })
            ),
            ("bond", JSON(issuer.bond)), ("slashed", JSON(issuer.slashed)),
            ("since", JSON(issuer.since)), ("lists", anchors.map { .array($0.map { JSON($0) }) }),
        ])
    }

    /// An anchored list of status.
    init(_ anchor: StatusAnchor) {
        self = [
            "address": .string(anchor.list), "digest": JSON(anchor.digest),
            "time": JSON(anchor.time),
        ]
    }

    /// A mandate and what was spent under it.
    init(_ mandate: Mandate, _ expenses: Expenses? = nil) {
        let scope = mandate.scope
        self = JSON(members: [
            ("mandate", JSON(mandate.id)), ("principal", JSON(mandate.principal)),
            ("delegate", JSON(mandate.delegate)), ("parent", mandate.parent.map { JSON($0) }),
            ("link", JSON(mandate.link)),
            (
                "kinds",
                .array(
                    scope.kinds.map {
                        ["module": .string(ModuleName.of($0.module)), "tag": JSON($0.tag)]
                    })
            ),
            ("resources", scope.resources.map { .array($0.map { JSON(Digest($0)) }) }),
            (
                "budgets",
                .array(
                    scope.budgets.map { budget in
                        let item = expenses?.item(of: budget.asset)
                        return JSON(members: [
                            ("asset", JSON(budget.asset)), ("total", JSON(budget.total)),
                            ("perPeriod", budget.perPeriod.map { JSON($0) }),
                            ("spent", expenses.map { _ in JSON(item?.total ?? .zero) }),
                            ("period", item.map { JSON($0.period) }),
                            ("spentInPeriod", item.map { JSON($0.inPeriod) }),
                        ])
                    })
            ),
            ("periodMilliseconds", JSON(scope.periodMilliseconds)), ("from", JSON(scope.from)),
            ("until", JSON(scope.until)), ("paysFees", .bool(scope.paysFees)),
        ])
    }

    /// A machine with an owner.
    init(_ machine: OwnedMachine) {
        self = JSON(members: [
            ("machine", JSON(machine.machine)), ("owner", JSON(machine.owner)),
            (
                "authorization",
                machine.authorization.map { one in
                    [
                        "asset": JSON(one.asset), "valueMax": JSON(one.valueMax),
                        "until": JSON(one.until), "credential": JSON(one.credential),
                    ]
                }
            ),
        ])
    }
}

extension IssuerStatus {
    /// The stable name of the state.
    var name: String {
        switch self {
        case .active: "active"
        case .retiring: "retiring"
        case .withdrawn: "withdrawn"
        }
    }

    /// Until when it lasts at least.
    var until: Timestamp? {
        switch self {
        case .retiring(let until): until
        case .active, .withdrawn: nil
        }
    }
}
