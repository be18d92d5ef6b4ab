// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension ValidatorsModule {
    /// Replaces name and fee account (VALIDATORS-5).
    func update(
        _ message: UpdateMember, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        try checkName(message.name)
        var member = try serving(sender, in: context)
        member.name = message.name
        member.fees = message.fees
        write(member, in: context)
        context.emit(.memberUpdated, member)
    }

    /// Gives the member another consensus key from the next epoch on (VALIDATORS-5).
    func rotateKey(
        _ message: KeyClaim, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        var member = try serving(sender, in: context)
        guard message.key != member.key else {
            throw .validators(.sameKey, "it is the member's key already")
        }
        try claim(message, for: sender, in: context)
        member.key = message.key
        write(member, in: context)
        context.emit(.memberUpdated, member)
    }

    /// A member that has a seat, or may get one.
    private func serving(
        _ account: AccountID, in context: ExecutionContext
    ) throws(Refusal) -> ValidatorMember {
        let member = try known(account, in: context)
        switch member.status {
        case .active, .leaving, .jailed: return member
        case .unbonding, .withdrawn:
            throw .validators(.wrongStatus, "a member that left cannot change its record")
        }
    }
}
