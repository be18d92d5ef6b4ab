// SPDX-License-Identifier: Apache-2.0
import JSONText
import Ledger
import Validators
import Vocabulary

extension JSON {
    /// A member of the validators; `weight` is what its votes weigh in the newest set, if it has a
    /// seat there.
    init(_ member: ValidatorMember, weight: UInt64? = nil) {
        self = JSON(members: [
            ("account", JSON(member.account)), ("name", .string(member.name)),
            ("publicKey", JSON(member.key)), ("fees", JSON(member.fees)),
            ("state", .string(member.status.name)),
            ("untilEpoch", member.status.until.map { JSON($0) }),
            ("sinceHeight", JSON(member.since)), ("bond", JSON(member.bond)),
            ("backing", JSON(member.backing)),
            ("granted", JSON(member.granted)), ("slashed", JSON(member.slashed)),
            ("weight", weight.map { JSON($0) }),
        ])
    }
}

extension MemberStatus {
    /// The stable name of the state.
    var name: String {
        switch self {
        case .active: "active"
        case .leaving: "leaving"
        case .jailed: "jailed"
        case .unbonding: "unbonding"
        case .withdrawn: "withdrawn"
        }
    }

    /// Until which epoch it lasts at least.
    var until: Epoch? {
        switch self {
        case .jailed(let until), .unbonding(let until): until
        case .active, .leaving, .withdrawn: nil
        }
    }
}
