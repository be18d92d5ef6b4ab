// SPDX-License-Identifier: Apache-2.0
import Consensus
import Ledger
import Vocabulary

/// Two messages of one key that no honest validator signs: of votes and proposals, or of a lane.
protocol Evidence: Sendable {
    /// The epoch whose validators the offender is one of.
    var epoch: Epoch { get }
    /// What was done.
    var offence: Offence { get }
    /// The offender's place in the set of that epoch, or nothing when this proves nothing.
    func offender(validators: ValidatorSet, chain: ChainID) -> Int?
}

extension EquivocationEvidence: Evidence {
    var offence: Offence { .contradiction(slot) }
}

extension LaneEvidence: Evidence {
    var epoch: Epoch { first.header.epoch }
    var offence: Offence { .fork(first.header.height) }

    func offender(validators: ValidatorSet, chain: ChainID) -> Int? {
        offender(validators: validators, chain: chain, epoch: epoch)
    }
}

extension ValidatorsModule {
    /// Takes a part of an offender's stake and jails it, once for each epoch (VALIDATORS-11,
    /// VALIDATORS-12); whoever offended in the same epoch pays more for it (VALIDATORS-14).
    func punish(
        _ evidence: some Evidence, in context: ExecutionContext
    ) throws(Refusal) {
        let (member, seat, total) = try offender(evidence, in: context)
        let queries = ValidatorsQueries(context)
        guard queries.offence(of: member.account, in: evidence.epoch) == nil else {
            throw .validators(
                .alreadyPunished,
                "account \(member.account) has been punished for epoch \(evidence.epoch)")
        }
        // Having been away is a part of what the epoch costs in all (VALIDATORS-17).
        let absence = queries.absence(of: member.account, in: evidence.epoch)
        let record = OffenceRecord(
            height: context.block.height, weight: seat.weight, bond: absence?.bond ?? member.bond,
            granted: absence?.granted ?? member.granted,
            partsPerMillion: absence?.partsPerMillion ?? 0)
        let key = ValidatorsKeys.offence(of: member.account, in: evidence.epoch)
        context.set(.validators, key, record.canonicalBytes)
        let offences = queries.offences(of: evidence.epoch)
        let weights = offences.reduce(UInt64(0)) { $0 + $1.record.weight }
        for offence in offences {
            try raise(
                offence, of: evidence, others: weights - offence.record.weight, of: total,
                in: context)
        }
        guard let punished = self.member(of: member.account, in: context) else { return }
        jail(punished, for: parameters(in: context).jailEpochs, in: context)
    }

    /// Who signed two messages that contradict each other, its seat, and the weight of the set.
    private func offender(
        _ evidence: some Evidence, in context: ExecutionContext
    ) throws(Refusal) -> (ValidatorMember, Seat, UInt64) {
        guard let seats = ValidatorsQueries(context).seats(of: evidence.epoch) else {
            throw .validators(
                .epochOutOfReach, "offences of epoch \(evidence.epoch) cannot be punished now")
        }
        guard let validators = try? seats.validators,
            let place = evidence.offender(validators: validators, chain: context.block.chain)
        else {
            throw .validators(
                .noOffence, "this shows no offence of a validator of epoch \(evidence.epoch)")
        }
        let seat = seats.seats[place]
        return try (known(seat.account, in: context), seat, seats.totalWeight)
    }

    /// Takes what an offence costs now and has not cost yet.
    private func raise(
        _ offence: (account: AccountID, record: OffenceRecord), of evidence: some Evidence,
        others: UInt64, of total: UInt64, in context: ExecutionContext
    ) throws(Refusal) {
        let parameters = parameters(in: context)
        var record = offence.record
        let before = record.partsPerMillion
        // Parameters may have been lowered since: what was taken stays taken.
        let after = max(
            before,
            OffenceRecord.partsPerMillion(
                base: parameters.slashPartsPerMillion,
                factor: parameters.correlationPartsPerMillion, others: others, total: total))
        let isNew = record.height == context.block.height
        guard after > before || before == 0 || isNew else { return }
        record.partsPerMillion = after
        context.set(
            .validators, ValidatorsKeys.offence(of: offence.account, in: evidence.epoch),
            record.canonicalBytes)
        try take(
            from: before, to: after, by: record, of: offence.account,
            (evidence.epoch, evidence.offence), in: context)
        backers.punish(
            behind: offence.account, of: evidence.epoch, before: before, after: after, in: context)
    }

    func take(
        from before: UInt64, to after: UInt64, by record: OffenceRecord, of account: AccountID,
        _ found: (epoch: Epoch, offence: Offence), in context: ExecutionContext
    ) throws(Refusal) {
        var offender = try known(account, in: context)
        let due = record.bondLoss(at: after).subtracting(record.bondLoss(at: before)) ?? .zero
        let taken = min(due, offender.bond)
        let grantTaken = min(
            record.grantLoss(at: after) - record.grantLoss(at: before), offender.granted)
        if taken > .zero {
            try bank.releaseStake(taken, of: account, to: .forfeited, in: context)
        }
        offender.bond = offender.bond.subtracting(taken) ?? .zero
        offender.granted -= grantTaken
        // All that is ever slashed was once supply; beyond it the record stays at its largest.
        offender.slashed = offender.slashed.adding(taken) ?? Amount(.max)
        write(offender, in: context)
        context.emit(
            .memberPunished, about: account.raw,
            Punishment(
                epoch: found.epoch, offence: found.offence, taken: taken,
                rest: offender.bond, grantTaken: grantTaken
            ).canonicalBytes)
    }

    func jail(_ member: ValidatorMember, for epochs: UInt64, in context: ExecutionContext) {
        switch member.status {
        case .active, .leaving, .jailed:
            let until = newestEpoch(in: context).advanced(by: epochs)
            setStatus(.jailed(until: until), of: member, in: context)
        case .unbonding, .withdrawn:
            return
        }
    }
}
