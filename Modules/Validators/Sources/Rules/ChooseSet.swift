// SPDX-License-Identifier: Apache-2.0
import Consensus
import Ledger
import Vocabulary

extension ValidatorsModule {
    /// Chooses the next set when the block is an epoch's cut (VALIDATORS-7 to VALIDATORS-10).
    func chooseSet(in context: ExecutionContext) {
        let lengths = LedgerParameters(in: context).epochs
        let queries = ValidatorsQueries(context)
        guard let ended = lengths.epoch(cutAt: context.block.height),
            let old = queries.seats(of: ended)
        else { return }
        let parameters = queries.parameters
        let epoch = ended.advanced(by: 1)
        let election = Election(
            old: old, members: old.seats.compactMap { queries.member(of: $0.account) },
            ranking: queries.ranking(limit: Int(parameters.seatsMax)),
            seatsMax: Int(parameters.seatsMax), seatsMin: Int(parameters.seatsMin))
        let seats = seats(of: election.elected, parameters, in: context)
        for member in election.released { release(member, from: epoch, in: context) }
        let set = write(seats, of: epoch, in: context)
        forget(before: epoch, parameters, in: context)
        context.emit(
            .setChosen, about: set.digest.raw,
            SetChoice(
                epoch: epoch, seats: UInt16(seats.seats.count),
                released: UInt16(election.released.count),
                newcomers: UInt16(election.newcomers), waiting: UInt16(election.waiting),
                isKept: election.isKept
            ).canonicalBytes)
    }

    /// Seats by descending stake, each with its weight under the cap (VALIDATORS-9).
    private func seats(
        of elected: [AccountID], _ parameters: ValidatorsParameters, in context: ExecutionContext
    ) -> EpochSeats {
        let members = elected.compactMap { member(of: $0, in: context) }.sorted { left, right in
            left.stake == right.stake ? left.account < right.account : left.stake > right.stake
        }
        let weights = VotingCap.clamped(
            members.map(\.weight), partsPerMillion: parameters.capPartsPerMillion)
        return EpochSeats(zip(members, weights).map { Seat($0, weight: $1) })
    }

    /// What losing the seat means: only who asked to leave starts to unbond.
    private func release(_ member: ValidatorMember, from epoch: Epoch, in context: ExecutionContext)
    {
        switch member.status {
        case .leaving: unbond(member, from: epoch, in: context)
        case .active, .jailed, .unbonding, .withdrawn: return
        }
    }

    /// Drops what served to punish an epoch whose last stakes come back now (VALIDATORS-11).
    private func forget(
        before epoch: Epoch, _ parameters: ValidatorsParameters, in context: ExecutionContext
    ) {
        let kept = parameters.unbondingEpochs + 1
        guard epoch.value >= kept else { return }
        let past = Epoch(epoch.value - kept)
        context.set(.validators, ValidatorsKeys.seats(of: past), nil)
        let offences = context.scan(
            .validators, prefix: ValidatorsKeys.offences(of: past), after: nil,
            limit: EpochSeats.seatsMax)
        let absences = context.scan(
            .validators, prefix: ValidatorsKeys.absences(of: past), after: nil,
            limit: EpochSeats.seatsMax)
        for entry in offences + absences { context.set(.validators, entry.key, nil) }
    }
}
