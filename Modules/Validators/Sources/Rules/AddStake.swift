// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension ValidatorsModule {
    /// Adds to the stake of a member that serves or will again (VALIDATORS-5).
    func addStake(
        _ amount: Amount, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        var member = try known(sender, in: context)
        switch member.status {
        case .active, .jailed: break
        case .leaving, .unbonding, .withdrawn:
            throw .validators(.wrongStatus, "a member that leaves cannot add to its stake")
        }
        guard amount > .zero else { throw .validators(.stakeTooSmall, "nothing to add") }
        guard let bond = member.bond.adding(amount) else {
            throw .validators(.stakeTooLarge, "the stake would exceed 128 bits")
        }
        try bank.holdStake(amount, of: sender, in: context)
        member.bond = bond
        write(member, in: context)
        context.emit(.memberUpdated, member)
    }
}
