// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension LeasesDesk {
    /// The shortest that a bid may hold.
    static let holdMillisecondsMin: UInt64 = 1_000

    /// Takes a bid and holds the resources for it (LEASES-4).
    func bidForLease(_ message: BidForLease, from sender: AccountID) throws(Refusal) {
        var record = try live(message.lease)
        guard record.wantsBids else { throw wrongPhase(record) }
        if case .open(let until) = record.phase, until < now {
            throw LeasesRefusal.tooLate.refusal("bids were taken until \(until)")
        }
        let terms = book.terms(of: record)
        try check(sender, for: record, terms)
        let bid = try checkedBid(message, from: sender, terms)
        try authority.checkContract(
            worth: terms.ceiling, of: terms.asset, by: sender, in: context)
        guard book.hold(at: sender, for: record) else {
            throw LeasesRefusal.capacityMissing.refusal("\(sender) has not so much left")
        }
        emit(
            .bidHeld, about: record.lease,
            LeaseNote(sender) {
                $0.amount = terms.quote(bid.prices)
                $0.rest = bid.standbyRate
                $0.time = bid.heldUntil
            })
        record.bids.append(bid)
        // A vacant place beside a running lease needs no tenant when its terms say so.
        if record.phase == .active, terms.isAutomatic { seatStandbys([bid], of: &record) }
        book.save(record)
    }

    private func check(
        _ sender: AccountID, for record: LeaseRecord, _ terms: LeaseTerms
    ) throws(Refusal) {
        guard sender != record.tenant else {
            throw LeasesRefusal.ownLease.refusal("a tenant cannot run its own lease")
        }
        guard let backing = providers.backing(of: sender, in: context), backing.isActive,
            let capacity = book.capacity(of: sender)
        else {
            throw LeasesRefusal.notProvider.refusal(
                "\(sender) is no active provider that declared what it has")
        }
        guard terms.regions.isEmpty || terms.regions.contains(capacity.region),
            terms.attributes.allSatisfy(capacity.attributes.contains)
        else {
            throw LeasesRefusal.doesNotQualify.refusal(
                "the provider's region or attributes are not what the terms want")
        }
        guard !record.holders.contains(sender) else {
            throw LeasesRefusal.alreadyBid.refusal("\(sender) has a bid or a seat here")
        }
        guard record.bids.count < Int(parameters.bidsMax) else {
            throw LeasesRefusal.bidsFull.refusal("the lease has all the bids it may have")
        }
    }

    private func checkedBid(
        _ message: BidForLease, from sender: AccountID, _ terms: LeaseTerms
    ) throws(Refusal) -> LeaseBid {
        let range =
            Self
            .holdMillisecondsMin...max(
                Self.holdMillisecondsMin, parameters.holdMillisecondsMax)
        guard range.contains(message.holdMilliseconds) else {
            throw LeasesRefusal.badHold.refusal(
                "a bid holds for \(range.lowerBound) to \(range.upperBound) ms")
        }
        guard terms.quote(message.prices) <= terms.ceiling,
            terms.standbys == 0 || message.standbyRate <= terms.standbyCeiling
        else {
            throw LeasesRefusal.priceTooHigh.refusal(
                "what is expected would cost \(terms.quote(message.prices)) and standing by "
                    + "\(message.standbyRate) a period; the ceilings are \(terms.ceiling) and "
                    + "\(terms.standbyCeiling)")
        }
        return LeaseBid(
            provider: sender, prices: message.prices, standbyRate: message.standbyRate,
            receiptKey: message.receiptKey,
            heldUntil: now.advanced(by: message.holdMilliseconds))
    }
}

extension LeaseTerms {
    /// What a period costs at these prices when what is expected is used.
    func quote(_ prices: LeasePrices) -> Amount {
        prices.bill(for: expected, in: periodMilliseconds, period: periodMilliseconds)
    }
}
