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
    /// VALIDATORS-12).
    func punish(
        _ evidence: some Evidence, in context: ExecutionContext
    ) throws(Refusal) {
        let member = try offender(evidence, in: context)
        let key = ValidatorsKeys.offence(of: member.account, in: evidence.epoch)
        guard context.value(.validators, key) == nil else {
            throw .validators(
                .alreadyPunished,
                "account \(member.account) has been punished for epoch \(evidence.epoch)")
        }
        context.set(.validators, key, context.block.height.canonicalBytes)
        try slash(member, for: evidence, in: context)
    }

    /// Who signed two messages that contradict each other.
    private func offender(
        _ evidence: some Evidence, in context: ExecutionContext
    ) throws(Refusal) -> ValidatorMember {
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
        return try known(seats.seats[place].account, in: context)
    }

    private func slash(
        _ member: ValidatorMember, for evidence: some Evidence, in context: ExecutionContext
    ) throws(Refusal) {
        let parameters = parameters(in: context)
        let parts = UInt128(parameters.slashPartsPerMillion)
        let million = UInt128(ValidatorsParameters.million)
        let taken = member.bond.scaled(by: parts, over: million) ?? member.bond
        // Rounded up: a grant of one unit is lost by the first offence that costs anything.
        let grantTaken = UInt64((UInt128(member.granted) * parts + million - 1) / million)
        var offender = member
        if taken > .zero {
            try bank.releaseStake(taken, of: member.account, to: .burnt, in: context)
        }
        offender.bond = member.bond.subtracting(taken) ?? .zero
        offender.granted -= grantTaken
        // All that is ever slashed was once supply; beyond it the record stays at its largest.
        offender.slashed = member.slashed.adding(taken) ?? Amount(.max)
        write(offender, in: context)
        context.emit(
            .memberPunished, about: member.account.raw,
            Punishment(
                epoch: evidence.epoch, offence: evidence.offence, taken: taken, rest: offender.bond,
                grantTaken: grantTaken
            ).canonicalBytes)
        jail(offender, for: parameters.jailEpochs, in: context)
    }

    private func jail(_ member: ValidatorMember, for epochs: UInt64, in context: ExecutionContext) {
        switch member.status {
        case .active, .leaving, .jailed:
            let until = newestEpoch(in: context).advanced(by: epochs)
            setStatus(.jailed(until: until), of: member, in: context)
        case .unbonding, .withdrawn:
            return
        }
    }
}
