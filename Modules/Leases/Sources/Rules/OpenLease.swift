// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension LeasesDesk {
    /// Opens a lease to bids and takes its first funds (LEASES-1, LEASES-3).
    func openLease(_ message: OpenLease, from sender: AccountID) throws(Refusal) {
        let terms = message.terms
        let resources = try checkedResources(of: terms)
        try checkTimes(of: terms)
        try checkMoney(of: terms, deposit: message.deposit)
        try authority.checkContract(
            worth: message.deposit, of: terms.asset, by: sender, in: context)
        let lease = message.lease(of: sender, transaction: context.transaction)
        guard book.record(lease) == nil, !book.hasEnded(lease) else {
            throw LeasesRefusal.leaseExists.refusal(
                "this transaction opened \(lease) already; another salt gives another lease")
        }
        try bank.hold(message.deposit, of: terms.asset, from: sender, for: lease, in: context)
        let record = LeaseRecord(
            lease, of: sender, height: context.block.height, at: now, terms: terms,
            resources: resources, funds: message.deposit)
        book.enter(record, terms)
        emit(
            .leaseOpened, about: lease,
            LeaseNote(sender) {
                $0.amount = message.deposit
                $0.time = record.phase.until ?? now
                $0.digest = Digest(terms.deployment)
            })
    }

    private func bad(_ detail: String) -> Refusal { LeasesRefusal.badTerms.refusal(detail) }

    private func checkedResources(of terms: LeaseTerms) throws(Refusal) -> ResourceAmounts {
        guard !terms.groups.isEmpty,
            terms.groups.allSatisfy({ LeaseWords.isName($0.name) && $0.count > 0 }),
            terms.groups.allSatisfy({ $0.each.isWellFormed }),
            LeaseWords.areNames(terms.groups.map(\.name).sorted())
        else {
            throw bad("groups have names of their own, a count above zero and resources in order")
        }
        guard LeaseWords.areNames(terms.regions), LeaseWords.areNames(terms.attributes) else {
            throw bad("regions and attributes are names, ascending, each once")
        }
        guard let resources = terms.resources, resources != .zero else {
            throw bad("the groups together need nothing, or more than can be counted")
        }
        return resources
    }

    private func checkTimes(of terms: LeaseTerms) throws(Refusal) {
        let stated: [(name: String, value: UInt64, range: ClosedRange<UInt64>)] = [
            (
                "period", terms.periodMilliseconds,
                parameters.periodMillisecondsMin...parameters.periodMillisecondsMax
            ),
            ("time for bids", terms.decideMilliseconds, 1...parameters.decideMillisecondsMax),
            (
                "time before a takeover", terms.takeoverMilliseconds,
                parameters.takeoverMillisecondsMin...parameters.takeoverMillisecondsMax
            ),
            ("notice", terms.noticeMilliseconds, 0...parameters.noticeMillisecondsMax),
            ("recovery point", terms.recoveryMilliseconds, 0...LeasesParameters.yearMilliseconds),
            ("number of standbys", UInt64(terms.standbys), 0...UInt64(LeaseTerms.standbysMax)),
        ]
        for figure in stated where !figure.range.contains(figure.value) {
            throw bad(
                "the \(figure.name) is \(figure.value), not from \(figure.range.lowerBound) to "
                    + "\(figure.range.upperBound)")
        }
    }

    private func checkMoney(of terms: LeaseTerms, deposit: Amount) throws(Refusal) {
        guard terms.ceiling > .zero else { throw bad("the ceiling is zero") }
        let least = terms.ceilingOfAll.accruedUp(
            in: parameters.depositMilliseconds, period: terms.periodMilliseconds)
        guard deposit >= least, deposit > .zero else {
            throw LeasesRefusal.amountTooSmall.refusal("the deposit must be at least \(least)")
        }
    }
}
