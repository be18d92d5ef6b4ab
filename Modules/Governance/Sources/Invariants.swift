// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

/// What must always hold: deposits and locks are there, and nobody's vote counts twice
/// (GOVERNANCE-20).
struct GovernanceInvariants {
    let bank: any GovernanceBank

    /// Checks the proposals and locks that a block changed. Cost: the block's changes.
    func breaches(after block: ExecutionContext) -> [String] {
        block.changes(of: .governance).flatMap { change in
            breaches(change.after, before: change.before, at: change.key, in: block)
        }
    }

    /// Checks every proposal and lock.
    func breaches(in state: any StateReader) -> [String] {
        [GovernanceKeys.proposalPrefix, GovernanceKeys.lockPrefix].flatMap { kind in
            state.pairs(of: .governance, prefix: [kind]).flatMap {
                breaches($0.value, before: nil, at: $0.key, in: state)
            }
        }
    }

    private func breaches(
        _ bytes: [UInt8]?, before: [UInt8]?, at key: [UInt8], in state: any StateReader
    ) -> [String] {
        switch key[0] {
        case GovernanceKeys.proposalPrefix:
            guard let proposal: Proposal = GovernanceQueries.decoded(bytes) else { return [] }
            let number = GovernanceKeys.number(in: key, at: 1)
            let held = bank.balance(of: .deposit(number), in: state)
            var found = held == proposal.deposit ? [] : ["proposal \(number): holds \(held)"]
            if proposal.tallies.contains(where: { $0.cast > $0.total }) {
                found.append("proposal \(number): more votes than there are")
            }
            return found
        case GovernanceKeys.lockPrefix:
            guard let raw = Bytes32(key.suffix(32)) else { return [] }
            let lock: VoteLock? = GovernanceQueries.decoded(bytes)
            let held = bank.balance(of: .lock(AccountID(raw)), in: state)
            return held == lock?.amount ?? .zero ? [] : ["lock of \(AccountID(raw)): holds \(held)"]
        default: return []
        }
    }
}
