// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension ValidatorsModule {
    /// Ends a membership: with a seat at a later cut, without one at once (VALIDATORS-6).
    func leave(_ sender: AccountID, in context: ExecutionContext) throws(Refusal) {
        let member = try known(sender, in: context)
        let isSeated = isSeated(sender, in: context)
        switch member.status {
        case .active: break
        case .jailed:
            guard !isSeated else {
                throw .validators(.wrongStatus, "a jailed member leaves after it lost its seat")
            }
        case .leaving, .unbonding, .withdrawn:
            throw .validators(.wrongStatus, "the member leaves or has left already")
        }
        if isSeated {
            setStatus(.leaving(since: context.block.height), of: member, in: context)
        } else {
            unbond(member, from: newestEpoch(in: context), in: context)
        }
    }

    /// Starts the delay after which a stake comes back; a grant ends here.
    ///
    /// - Parameter epoch: The first in which the member has no seat.
    func unbond(_ member: ValidatorMember, from epoch: Epoch, in context: ExecutionContext) {
        let until = epoch.advanced(by: parameters(in: context).unbondingEpochs)
        var leaver = member
        leaver.granted = 0
        setStatus(.unbonding(until: until), of: leaver, in: context)
        context.set(.validators, ValidatorsKeys.payout(until, member.account), [1])
    }

    /// The most stakes paid back in one block: 32 are some 200 writes.
    static let paybacksPerBlockMax = 32

    /// Pays back the stakes whose epoch has come, the oldest first (VALIDATORS-6).
    func payBack(in context: ExecutionContext) {
        let due = context.scan(
            .validators, prefix: [ValidatorsKeys.payoutPrefix], after: nil,
            limit: Self.paybacksPerBlockMax)
        guard !due.isEmpty else { return }
        let end = ValidatorsKeys.payout(
            newestEpoch(in: context).advanced(by: 1), AccountID(.zero))
        for entry in due where entry.key.lexicographicallyPrecedes(end) {
            context.set(.validators, entry.key, nil)
            payBack(ValidatorsKeys.account(endOf: entry.key), in: context)
        }
    }

    private func payBack(_ account: AccountID, in context: ExecutionContext) {
        guard var member = member(of: account, in: context) else { return }
        do {
            try context.atomically { () throws(Refusal) in
                if member.bond > .zero {
                    try bank.releaseStake(member.bond, of: account, to: .owner, in: context)
                }
                member.bond = .zero
                member.status = .withdrawn
                write(member, in: context)
                context.emit(.stakeReturned, member)
            }
        } catch {
            preconditionFailure("the bank does not pay back a stake that it holds: \(error)")
        }
    }
}
