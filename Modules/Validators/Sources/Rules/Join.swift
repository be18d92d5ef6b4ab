// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension ValidatorsModule {
    /// Makes the sender a member that stands for election at the next cut (VALIDATORS-4).
    func join(
        _ message: JoinValidators, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        try checkName(message.name)
        let earlier = member(of: sender, in: context)
        if let earlier, earlier.status != .withdrawn {
            throw .validators(.alreadyMember, "it is \(earlier.status)")
        }
        let stakeMin = parameters(in: context).stakeMin
        guard message.stake >= stakeMin else {
            throw .validators(
                .stakeTooSmall, "the stake is \(message.stake); the least is \(stakeMin)")
        }
        try claim(message.claim, for: sender, in: context)
        try bank.holdStake(message.stake, of: sender, in: context)
        let member = ValidatorMember(
            account: sender, key: message.claim.key, name: message.name, fees: message.fees,
            status: .active, bond: message.stake,
            backing: earlier?.backing ?? .zero, granted: 0, slashed: earlier?.slashed ?? .zero,
            since: earlier?.since ?? context.block.height)
        write(member, in: context)
        context.emit(.memberJoined, member)
    }
}
