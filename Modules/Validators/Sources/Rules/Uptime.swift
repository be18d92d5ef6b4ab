// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

/// Uptime as evidence: the chain itself shows who proposed nothing for a whole epoch
/// (VALIDATORS-17).
extension ValidatorsModule {
    /// Counts a block that orders batches for who proposed it, and at a cut finds who was away.
    /// Cost: two small values a block; at a cut the seats, at most 100.
    func watch(in context: ExecutionContext) {
        let queries = ValidatorsQueries(context)
        guard let terms = queries.downtime else { return }
        // A block without batches changes nothing; a count of it would call for another block.
        if let key = context.block.proposerKey, context.block.lanes != nil {
            add(1, to: ValidatorsKeys.turns(of: key), in: context)
            add(1, to: ValidatorsKeys.turns, in: context)
        }
        let lengths = LedgerParameters(in: context).epochs
        guard let ended = lengths.epoch(cutAt: context.block.height),
            let seats = queries.seats(of: ended)
        else { return }
        let blocks = count(ValidatorsKeys.turns, in: context)
        let total = seats.totalWeight
        for seat in seats.seats where count(ValidatorsKeys.turns(of: seat.key), in: context) == 0 {
            let due = UInt128(blocks) * UInt128(seat.weight) / UInt128(max(total, 1))
            guard due >= UInt128(terms.turnsMin) else { continue }
            findAway(seat, of: ended, blocks: blocks, terms, in: context)
        }
        forgetTurns(in: context)
    }

    private func count(_ key: [UInt8], in context: ExecutionContext) -> UInt64 {
        context.value(.validators, key).map { $0.reduce(0) { $0 << 8 | UInt64($1) } } ?? 0
    }

    private func add(_ number: UInt64, to key: [UInt8], in context: ExecutionContext) {
        let sum = count(key, in: context) + number
        context.set(.validators, key, ValidatorsKeys.bigEndian(sum))
    }

    private func forgetTurns(in context: ExecutionContext) {
        context.set(.validators, ValidatorsKeys.turns, nil)
        // Two sets at most proposed between two cuts.
        let counted = context.scan(
            .validators, prefix: ValidatorsKeys.turns, after: nil,
            limit: 2 * EpochSeats.seatsMax)
        for entry in counted { context.set(.validators, entry.key, nil) }
    }

    /// Takes what being away costs, once for an epoch; who was punished for it already pays
    /// nothing more.
    private func findAway(
        _ seat: Seat, of epoch: Epoch, blocks: UInt64, _ terms: DowntimeTerms,
        in context: ExecutionContext
    ) {
        let queries = ValidatorsQueries(context)
        guard let member = member(of: seat.account, in: context),
            queries.offence(of: seat.account, in: epoch) == nil
        else { return }
        switch member.status {
        case .active, .leaving: break
        case .jailed, .unbonding, .withdrawn: return
        }
        let record = OffenceRecord(
            height: context.block.height, weight: seat.weight, bond: member.bond,
            granted: member.granted, partsPerMillion: terms.partsPerMillion)
        context.set(
            .validators, ValidatorsKeys.absence(of: seat.account, in: epoch),
            record.canonicalBytes)
        do {
            try take(
                from: 0, to: terms.partsPerMillion, by: record, of: seat.account,
                (epoch, .downtime(blocks)), in: context)
        } catch {
            preconditionFailure("a bond in a record is what the bank holds: \(error)")
        }
        backers.punish(
            behind: seat.account, of: epoch, before: 0, after: terms.partsPerMillion, in: context)
        guard let punished = self.member(of: seat.account, in: context) else { return }
        jail(punished, for: terms.jailEpochs, in: context)
    }
}
