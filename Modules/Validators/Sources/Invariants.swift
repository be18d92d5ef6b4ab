// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

/// What must always hold: records, bank and ranking agree, and the newest set is one that its seats
/// and the cap allow (VALIDATORS-13).
struct ValidatorsInvariants {
    let bank: any StakeBank

    /// Checks the members that a block changed and the set it chose. Cost: the block's changes.
    func breaches(after block: ExecutionContext) -> [String] {
        let stakeMin = ValidatorsQueries(block).parameters.stakeMin
        return block.changes(of: .validators).flatMap { change -> [String] in
            switch change.key.first {
            case ValidatorsKeys.memberPrefix:
                breaches(of: change.after, stakeMin, in: block)
                    + staleRank(change, stakeMin, in: block)
            case ValidatorsKeys.nextSet.first: setBreaches(in: block)
            default: []
            }
        }
    }

    /// Checks every member, every place in the ranking and the newest set.
    func breaches(in state: any StateReader) -> [String] {
        let queries = ValidatorsQueries(state)
        let stakeMin = queries.parameters.stakeMin
        var found = setBreaches(in: state)
        for pair in state.pairs(of: .validators, prefix: [ValidatorsKeys.memberPrefix]) {
            found += breaches(of: pair.value, stakeMin, in: state)
        }
        for pair in state.pairs(of: .validators, prefix: [ValidatorsKeys.rankPrefix]) {
            let account = ValidatorsKeys.account(endOf: pair.key)
            let member = queries.member(of: account)
            if member.map({ ValidatorsKeys.rank($0.stake, account) }) != pair.key {
                found.append("member \(account): ranked by a stake it has not")
            }
        }
        return found
    }

    private func breaches(
        of bytes: [UInt8]?, _ stakeMin: Amount, in state: any StateReader
    ) -> [String] {
        guard let member: ValidatorMember = ValidatorsQueries.decoded(bytes) else { return [] }
        let account = member.account
        var found: [String] = []
        let held = bank.stake(of: account, in: state)
        if held != member.bond {
            found.append("member \(account): stake \(member.bond), held \(held)")
        }
        let rank = ValidatorsKeys.rank(member.stake, account)
        let isRanked = state.value(.validators, rank) != nil
        if isRanked != member.isEligible(stakeMin) {
            found.append("member \(account): ranked \(isRanked) while \(member.status)")
        }
        if ValidatorsQueries(state).account(of: member.key) != account {
            found.append("member \(account): its key is another's")
        }
        if member.status == .withdrawn, member.bond > .zero || member.granted > 0 {
            found.append("member \(account): withdrawn with a stake")
        }
        return found
    }

    /// A place in the ranking that a changed member left behind.
    private func staleRank(
        _ change: StateChange, _ stakeMin: Amount, in state: any StateReader
    ) -> [String] {
        guard let before: ValidatorMember = ValidatorsQueries.decoded(change.before),
            let after: ValidatorMember = ValidatorsQueries.decoded(change.after),
            before.stake != after.stake,
            state.value(.validators, ValidatorsKeys.rank(before.stake, before.account)) != nil
        else { return [] }
        return ["member \(after.account): still ranked by its former stake"]
    }

    private func setBreaches(in state: any StateReader) -> [String] {
        let queries = ValidatorsQueries(state)
        guard let next = queries.nextSet else { return [] }
        guard let seats = queries.seats(of: next.epoch), let set = try? seats.validators,
            set == next.validators
        else { return ["epoch \(next.epoch): its seats are not its set"] }
        guard next.epoch.value > 0 else { return [] }
        // The genesis says its weights itself; every later set is under the cap.
        let largest = UInt128(seats.seats.map(\.weight).max() ?? 0)
        let million = UInt128(ValidatorsParameters.million)
        let share = max(
            UInt128(queries.parameters.capPartsPerMillion) * UInt128(seats.totalWeight),
            UInt128(seats.totalWeight) * million / UInt128(seats.seats.count))
        return largest * million <= share
            ? [] : ["epoch \(next.epoch): a weight of \(largest) is above the cap"]
    }
}
