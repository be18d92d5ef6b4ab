// SPDX-License-Identifier: Apache-2.0
import Governance
public import Ledger
import Vocabulary

extension Node {
    /// What a proposal would change, tried over the executed state and undone (GOVERNANCE-10).
    ///
    /// Cost: one execution of its messages.
    public func changes(of proposal: UInt64) async -> Result<[StateChange], Refusal>? {
        let chain = genesis.chain
        return await read { state, head in
            guard let found = GovernanceQueries(state).proposal(proposal) else { return nil }
            let block = BlockContext(
                chain: chain, height: head.height.advanced(by: 1), time: head.time,
                proposer: AccountID(.zero))
            do throws(Refusal) {
                return .success(
                    try House().governance.simulate(found.draft, in: block, over: state))
            } catch {
                return .failure(error)
            }
        }
    }
}
