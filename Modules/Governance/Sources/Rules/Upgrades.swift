// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension GovernanceModule {
    /// Notes that a validator's node can follow another version's rules by a plan (GOVERNANCE-14).
    func signal(
        _ version: UInt32, plan: Digest, by sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        guard stakes.validators(in: context).contains(where: { $0.account == sender }) else {
            throw .governance(.notValidator, "account \(sender) has no seat")
        }
        guard version > GovernanceQueries(context).version else {
            throw .governance(.badVersion, "version \(version) holds already")
        }
        let readiness = Readiness(version: version, plan: plan)
        context.set(.governance, GovernanceKeys.ready(sender), readiness.canonicalBytes)
        context.emit(.ready, GovernanceNote(UInt64(version), sender, detail: "\(plan)"))
    }

    /// Lets an upgrade that passed wait for its epoch, and for a whole epoch at least: in it nodes
    /// that do not know the version say so (UPGRADES-3).
    func wait(for upgrade: Upgrade, in context: ExecutionContext) {
        let soonest = stakes.newestEpoch(in: context).advanced(by: 2)
        let waiting = Upgrade(
            version: upgrade.version, digest: upgrade.digest, epoch: max(upgrade.epoch, soonest))
        context.set(.governance, GovernanceKeys.upgrade, waiting.canonicalBytes)
    }

    /// At the epoch of an upgrade that passed: its version holds from now on when enough weight is
    /// ready, and is dropped otherwise (GOVERNANCE-14).
    func enterUpgrade(in context: ExecutionContext) {
        let queries = GovernanceQueries(context)
        guard let upgrade = queries.upgrade,
            stakes.newestEpoch(in: context) >= upgrade.epoch
        else { return }
        context.set(.governance, GovernanceKeys.upgrade, nil)
        let validators = stakes.validators(in: context)
        let total = validators.reduce(UInt128(0)) { $0 + UInt128($1.weight) }
        let ready = validators.reduce(UInt128(0)) { sum, validator in
            let readiness = queries.ready(validator.account)
            // Who approves another plan would follow other rules.
            let isReady =
                readiness == Readiness(version: upgrade.version, plan: upgrade.digest)
            return sum + (isReady ? UInt128(validator.weight) : 0)
        }
        let number = UInt64(upgrade.version)
        guard total > 0,
            !HouseRule.isBelow(ready, queries.parameters.readyPartsPerMillion, of: total)
        else {
            context.emit(
                .upgradeDropped, GovernanceNote(number, GovernanceKeys.account, weight: ready))
            return
        }
        var encoder = CanonicalEncoder(capacity: 4)
        encoder.write(upgrade.version)
        context.set(.governance, GovernanceKeys.version, encoder.bytes)
        context.emit(.upgraded, GovernanceNote(number, GovernanceKeys.account, weight: ready))
    }

    /// Fills the seats of a council; only what was decided does.
    func setSeats(
        _ seats: CouncilSeats, of electorate: Electorate, by sender: AccountID,
        in context: ExecutionContext
    ) throws(Refusal) {
        try checkLaw(sender)
        guard seats.isValid, electorate != .stake, electorate != .roots else {
            throw .governance(.badRules, "seats ascend, and only councils have them")
        }
        if electorate == .board { try checkBoard(seats, in: context) }
        context.set(.governance, GovernanceKeys.seats(of: electorate), seats.canonicalBytes)
    }

    /// Replaces the rules of a kind; proposals that people vote on keep their electorates' places.
    func setRules(
        _ rules: KindRules, of kind: ProposalKind, by sender: AccountID,
        in context: ExecutionContext
    ) throws(Refusal) {
        try checkLaw(sender)
        guard rules.isValid,
            rules.houses.map(\.electorate)
                == GovernanceQueries(context).rules(of: kind).houses.map(\.electorate)
        else { throw .governance(.badRules, "the electorates of a kind stay, and times fit") }
        context.set(.governance, GovernanceKeys.rules(of: kind), rules.canonicalBytes)
    }

    /// The board has nine seats at most, of persons, each with one vote (OP-21, R8).
    private func checkBoard(
        _ seats: CouncilSeats, in context: ExecutionContext
    ) throws(Refusal) {
        guard seats.seats.count <= CouncilSeats.boardMax,
            seats.seats.allSatisfy({
                $0.weight == 1 && stakes.person(of: $0.account, in: context) != nil
            })
        else {
            throw .governance(
                .badRules, "a board has \(CouncilSeats.boardMax) persons at most, one vote each")
        }
    }

    private func checkLaw(_ sender: AccountID) throws(Refusal) {
        guard sender == GovernanceKeys.account else {
            throw .governance(.notAllowed, "only a proposal that passed does this")
        }
    }
}
