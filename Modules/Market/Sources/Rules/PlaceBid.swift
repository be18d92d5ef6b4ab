// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension MarketDesk {
    /// Takes a bid and reserves a slot for it (MARKET-4).
    func placeBid(_ message: PlaceBid, from sender: AccountID) throws(Refusal) {
        var order = try liveOrder(message.job)
        try expect(by: order.terms.deadline, "the order")
        try checkBidder(sender, of: order)
        guard let worst = message.price.bill(for: order.terms.limits.fuelMax),
            worst <= order.terms.share
        else {
            throw MarketRefusal.priceTooHigh.refusal(
                "at this price an execution could cost more than its share, \(order.terms.share)")
        }
        try authority.checkContract(
            worth: worst, of: order.terms.asset, by: sender, in: context)
        let bid = Bid(provider: sender, price: message.price)
        order.bids.append(bid)
        book.reserve(sender, for: order.job)
        book.save(order)
        book.touch(order.job)
        emit(.bidPlaced(bid), about: order.job)
    }

    private func checkBidder(_ sender: AccountID, of order: Order) throws(Refusal) {
        guard sender != order.client else {
            throw MarketRefusal.ownOrder.refusal("a client cannot run its own order")
        }
        guard let offer = providers.offer(of: sender, in: context), offer.isActive else {
            throw MarketRefusal.notProvider.refusal("\(sender) is no active provider")
        }
        guard !order.knows(sender) else {
            throw MarketRefusal.alreadyBid.refusal("\(sender) has bid on this order before")
        }
        let participants = order.bids.count + order.leases.count + order.failed.count
        guard order.bids.count < Int(parameters.bidsMax), participants < Order.participantsMax
        else {
            throw MarketRefusal.bidsFull.refusal("the order has all the bids it may have")
        }
        guard book.reserved(by: sender) < offer.slots else {
            throw MarketRefusal.noFreeSlot.refusal("all \(offer.slots) slots are reserved")
        }
    }
}
