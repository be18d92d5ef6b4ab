// SPDX-License-Identifier: Apache-2.0
import Accounts
import Cryptography
import Governance
import Ledger
import Staking
import Validators
import Vocabulary

/// Deposits and locked votes as escrows of the accounts module.
struct BallotsInEscrow: GovernanceBank {
    let accounts: AccountsModule

    func hold(
        _ amount: Amount, from account: AccountID, in purse: BallotPurse,
        _ context: ExecutionContext
    ) throws(Refusal) {
        try accounts.hold(amount, of: .native, from: account, as: key(purse), in: context)
    }

    func release(
        _ amount: Amount, from purse: BallotPurse, to account: AccountID,
        in context: ExecutionContext
    ) throws(Refusal) {
        try accounts.release(amount, from: key(purse), to: account, in: context)
    }

    func burn(
        _ amount: Amount, from purse: BallotPurse, in context: ExecutionContext
    ) throws(Refusal) {
        try accounts.burn(amount, from: key(purse), in: context)
    }

    func balance(of purse: BallotPurse, in state: any StateReader) -> Amount {
        accounts.escrow(key(purse), in: state)?.amount ?? .zero
    }

    private func key(_ purse: BallotPurse) -> EscrowKey {
        var encoder = CanonicalEncoder(capacity: 64)
        encoder.writeFixed(Array("atoll/ballot-purse/1".utf8) + [0])
        switch purse {
        case .deposit(let number):
            encoder.writeTag(0)
            encoder.write(number)
        case .lock(let account):
            encoder.writeTag(1)
            encoder.write(account)
        }
        return EscrowKey(module: .governance, id: SHA256.hash(encoder.bytes).raw)
    }
}

/// Stakes and persons as the module Governance sees them.
struct StakesOfVoters: StakeBook {
    func stake(of account: AccountID, in state: any StateReader) -> Amount {
        StakingQueries(state).boundStake(of: account)
    }

    func rootWeight(of account: AccountID, in state: any StateReader) -> UInt128 {
        StakingQueries(state).lockedWeight(of: account)
    }

    func person(of account: AccountID, in state: any StateReader) -> Bytes32? {
        PersonsOfIssuers().person(of: account, in: state)
    }

    func validators(in state: any StateReader) -> [(account: AccountID, weight: UInt64)] {
        let queries = ValidatorsQueries(state)
        return (queries.seats(of: newestEpoch(in: state))?.seats ?? []).map {
            ($0.account, $0.weight)
        }
    }

    func newestEpoch(in state: any StateReader) -> Epoch {
        ValidatorsQueries(state).nextSet?.epoch ?? Epoch(0)
    }
}

/// Votes follow stake: what changes there is noted here at once.
struct VotesFollowStake: StakeWatcher {
    let governance: GovernanceModule

    func stakeChanged(of account: AccountID, in context: ExecutionContext) {
        governance.refresh(account, in: context)
    }
}
