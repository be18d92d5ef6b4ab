// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension ValidatorsModule {
    /// Jailed for long enough becomes active when the stake suffices (VALIDATORS-12).
    func resume(_ sender: AccountID, in context: ExecutionContext) throws(Refusal) {
        let member = try known(sender, in: context)
        guard case .jailed(let until) = member.status else {
            throw .validators(.wrongStatus, "only a jailed member can resume")
        }
        let newest = newestEpoch(in: context)
        guard newest >= until else {
            throw .validators(.tooEarly, "jailed until epoch \(until); the newest is \(newest)")
        }
        let stakeMin = parameters(in: context).stakeMin
        guard member.hasEnough(stakeMin) else {
            throw .validators(
                .stakeTooSmall, "the stake is \(member.bond); the least is \(stakeMin)")
        }
        setStatus(.active, of: member, in: context)
    }
}
