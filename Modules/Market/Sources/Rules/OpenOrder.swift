// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension MarketDesk {
    /// Opens an order and takes its escrow (MARKET-1, MARKET-2, MARKET-3).
    func openOrder(_ message: OpenOrder, from sender: AccountID) throws(Refusal) {
        let terms = message.terms
        try checkShape(of: terms)
        try checkLimits(of: terms.limits)
        try checkDeadline(of: terms)
        try checkCost(of: terms)
        try authority.checkContract(
            worth: terms.maxCost, of: terms.asset, by: sender, in: context)
        let job = message.job(sender: sender, transaction: context.transaction)
        guard book.order(job) == nil, !book.hasEnded(job) else {
            throw MarketRefusal.orderExists.refusal(
                "this transaction opened job \(job) already; another salt gives another order")
        }
        try bank.hold(
            from: sender, asset: terms.asset, amount: terms.maxCost, escrow: job.raw, in: context)
        book.enter(Order(job: job, client: sender, terms: terms, opened: moment))
        emit(.orderOpened(client: sender, terms: terms), about: job)
    }

    private func checkShape(of terms: OrderTerms) throws(Refusal) {
        guard (1...OrderTerms.replicasMax).contains(terms.replicas) else {
            throw MarketRefusal.badReplicas.refusal(
                "\(terms.replicas) replicas; an order asks for 1 to \(OrderTerms.replicasMax)")
        }
        guard terms.arguments.allSatisfy({ !$0.utf8.contains(0) }) else {
            throw MarketRefusal.badArguments.refusal("an argument holds a NUL")
        }
    }

    private func checkLimits(of limits: JobLimits) throws(Refusal) {
        let stated: [(name: String, value: UInt64, max: UInt64)] = [
            ("fuelMax", limits.fuelMax.value, parameters.fuelMax.value),
            ("memoryBytesMax", limits.memoryBytesMax, parameters.memoryBytesMax),
            ("outputBytesMax", limits.outputBytesMax, parameters.outputBytesMax),
            ("wallMilliseconds", limits.wallMilliseconds, parameters.wallMillisecondsMax),
        ]
        for limit in stated {
            guard limit.value > 0 else {
                throw MarketRefusal.limitMissing.refusal("\(limit.name) is zero")
            }
            guard limit.value <= limit.max else {
                throw MarketRefusal.limitTooHigh.refusal(
                    "\(limit.name) is \(limit.value); this chain allows \(limit.max)")
            }
        }
    }

    private func checkDeadline(of terms: OrderTerms) throws(Refusal) {
        let earliest = now.advanced(by: terms.limits.wallMilliseconds)
        guard terms.deadline >= earliest else {
            throw MarketRefusal.deadlineTooSoon.refusal(
                "the deadline is \(terms.deadline); one execution may take until \(earliest)")
        }
        let latest = now.advanced(by: parameters.lifeMillisecondsMax)
        guard terms.deadline <= latest else {
            throw MarketRefusal.deadlineTooFar.refusal(
                "the deadline is \(terms.deadline); this chain allows \(latest) at most")
        }
    }

    private func checkCost(of terms: OrderTerms) throws(Refusal) {
        guard terms.share >= parameters.executionPriceMin else {
            throw MarketRefusal.costTooLow.refusal(
                "each of \(terms.replicas) executions may cost \(terms.share); the least is "
                    + "\(parameters.executionPriceMin)")
        }
    }
}
