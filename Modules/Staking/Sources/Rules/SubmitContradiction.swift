// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Ledger
import Vocabulary

extension StakingModule {
    /// What contradicting oneself in a role is called in the table of offences.
    static let contradictionCause = "contradiction"

    /// Punishes who signed two contents for one place (STAKING-8), once for each place.
    func punish(_ evidence: Contradiction, in context: ExecutionContext) throws(Refusal) {
        let (first, second) = (evidence.first, evidence.second)
        let chain = context.block.chain
        let place = first.place(on: chain)
        guard second.place(on: chain) == place, first.content != second.content,
            first.isSigned(on: chain), second.isSigned(on: chain)
        else { throw .staking(.noOffence, "the statements contradict nothing") }
        let bond = try known(first.role, of: first.account, in: context)
        guard binds(first.key, bond, in: context), binds(second.key, bond, in: context) else {
            throw .staking(.noOffence, "the keys do not sign for this bond")
        }
        let key = StakingKeys.contradiction(first.role, first.account, place)
        guard context.value(.staking, key) == nil else {
            throw .staking(.alreadyPunished, "this contradiction has been punished")
        }
        context.set(.staking, key, context.block.height.canonicalBytes)
        try slash(first.role, of: first.account, for: Self.contradictionCause, in: context)
    }

    /// Whether what a key signs binds a bond: its owner's, its signer's, or a former signer's
    /// while the bond would still be within reach.
    private func binds(
        _ key: PublicKey, _ bond: RoleBond, in context: ExecutionContext
    ) -> Bool {
        let account = AccountID(of: key)
        guard account != bond.account else { return true }
        let until: Timestamp? = StakingQueries.decoded(
            context.value(.staking, StakingKeys.signer(account, of: bond)))
        return until.map { context.block.time < $0 } ?? false
    }
}
