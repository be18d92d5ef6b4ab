// SPDX-License-Identifier: Apache-2.0
import Governance
import Ledger
import Staking
import Validators
import Vocabulary

/// How validators serve, as the module Staking sees it: what the modules Validators and Governance
/// know of them.
struct ConductInHouse: ConductBook {
    /// All of an epoch, in millionths.
    private static let whole: UInt64 = 1_000_000

    func conduct(of account: AccountID, in epoch: Epoch, _ state: any StateReader) -> SeatConduct {
        let validators = ValidatorsQueries(state)
        return SeatConduct(
            uptime: uptime(of: account, in: epoch, validators),
            hasVoted: GovernanceQueries(state).hasVoted(account),
            since: validators.member(of: account)?.since)
    }

    /// Nothing for who was found away (VALIDATORS-17), all for everybody else; where the chain
    /// looks for nobody who is away nobody counted.
    private func uptime(
        of account: AccountID, in epoch: Epoch, _ validators: ValidatorsQueries
    ) -> UInt64? {
        guard validators.downtime != nil else { return nil }
        return validators.absence(of: account, in: epoch) == nil ? Self.whole : 0
    }
}
