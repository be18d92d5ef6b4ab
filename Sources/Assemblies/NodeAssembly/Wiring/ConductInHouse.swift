// SPDX-License-Identifier: Apache-2.0
import Governance
import Ledger
import Staking
import Validators
import Vocabulary

/// How validators serve, as the module Staking sees it: what the modules Validators and Governance
/// know of them.
struct ConductInHouse: ConductBook {
    func conduct(of account: AccountID, in epoch: Epoch, _ state: any StateReader) -> SeatConduct {
        SeatConduct(
            uptime: nil, hasVoted: GovernanceQueries(state).hasVoted(account),
            since: ValidatorsQueries(state).member(of: account)?.since)
    }
}
