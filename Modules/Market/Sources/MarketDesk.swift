// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

/// Where one message, or the end of one block, is dealt with: the rules are its verbs.
struct MarketDesk {
    let bank: any EscrowBank
    let providers: any ProviderDirectory
    let evidence: any EvidenceBook
    let authority: any ContractAuthority
    let payments: any PaymentDesk
    let context: ExecutionContext
    let parameters: MarketParameters
    let book: OrderBook

    init(
        bank: any EscrowBank, providers: any ProviderDirectory, evidence: any EvidenceBook,
        authority: any ContractAuthority, payments: any PaymentDesk,
        context: ExecutionContext
    ) {
        self.bank = bank
        self.providers = providers
        self.evidence = evidence
        self.authority = authority
        self.payments = payments
        self.context = context
        parameters = context.marketParameters
        book = OrderBook(context: context)
    }

    /// The time of the block.
    var now: Timestamp { context.block.time }

    /// The block.
    var moment: Moment { Moment(height: context.block.height, time: now) }

    func emit(_ event: MarketEvent, about job: JobID) {
        context.emit(event.event(about: job))
    }

    /// The live order a message names.
    func liveOrder(_ job: JobID) throws(Refusal) -> Order {
        if let order = book.order(job) { return order }
        guard book.hasEnded(job) else {
            throw MarketRefusal.unknownOrder.refusal("no order has the id \(job)")
        }
        throw MarketRefusal.orderEnded.refusal("job \(job) has ended; its receipt says how")
    }

    /// The sender's place among the leases of an order.
    func lease(of sender: AccountID, in order: Order) throws(Refusal) -> Int {
        guard let index = order.leaseIndex(of: sender) else {
            throw MarketRefusal.notLeased.refusal("\(sender) holds no lease of job \(order.job)")
        }
        return index
    }

    /// Refuses what comes after `moment`; what comes in that very millisecond is in time.
    func expect(by moment: Timestamp, _ what: String) throws(Refusal) {
        guard now <= moment else {
            throw MarketRefusal.tooLate.refusal(
                "\(what) ended at \(moment) and this block's time is \(now)")
        }
    }
}
