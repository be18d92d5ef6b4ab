// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension TreasuryModule {
    /// Sells something at a falling price (TREASURY-10).
    func createAuction(
        _ terms: AuctionTerms, _ source: Source, from sender: AccountID,
        in context: ExecutionContext
    ) throws(Refusal) {
        guard terms.isValid, context.block.time < terms.end else {
            throw .treasury(.badAuction, "prices, times or amounts make no sense")
        }
        let number = next(.auctions, in: context)
        try take(
            terms.supply, of: terms.asset, from: source, by: sender,
            into: Chest(.goods(number), terms.asset), in: context)
        write(AuctionRecord(owner: sender, source: source, terms: terms), number, in: context)
        context.emit(
            .auctionCreated, TreasuryNote(number, sender, terms.supply, of: terms.asset))
    }

    /// Takes as much of a bid as counts (TREASURY-10).
    func bid(
        _ offer: Amount, in number: UInt64, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        var record = try known(auction: number, in: context)
        try checkAmount(offer)
        let participant = try participant(sender, in: record, context)
        var own =
            TreasuryQueries(context).bid(participant, in: number)
            ?? BidRecord(account: sender, paid: .zero)
        guard own.account == sender else {
            throw .treasury(.notAllowed, "the same person bids as \(own.account)")
        }
        let taken = record.auction.bid(offer, after: own.paid, at: context.block.time)
        guard taken > .zero else {
            throw .treasury(.bidNotTaken, "the auction is not open, or the cap is reached")
        }
        try bank.deposit(taken, from: sender, into: Chest(.bids(number), .native), in: context)
        own.paid = own.paid.adding(taken) ?? own.paid
        record.bids = record.bids.adding(taken) ?? record.bids
        if record.auction.isOver(at: context.block.time) { record.ended = context.block.time }
        write(record, number, in: context)
        context.set(
            .treasury, TreasuryKeys.bid(number, participant), own.canonicalBytes)
        context.emit(.bidTaken, TreasuryNote(number, sender, taken))
    }

    /// Under whose name an account bids: its person's where persons are asked for.
    private func participant(
        _ account: AccountID, in record: AuctionRecord, _ context: ExecutionContext
    ) throws(Refusal) -> Bytes32 {
        guard record.auction.terms.isForPersons else { return account.raw }
        guard let person = persons.person(of: account, in: context) else {
            throw .treasury(.notAPerson, "nobody vouches for a person behind \(account)")
        }
        return person
    }

    /// Gives a bidder what it bought and what comes back, once (TREASURY-11).
    func collect(
        _ number: UInt64, _ bidder: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        var record = try known(auction: number, in: context)
        guard let price = record.auction.finalPrice(at: context.block.time) else {
            throw .treasury(.tooEarly, "the auction goes on")
        }
        let participant = try participant(bidder, in: record, context)
        guard let own = TreasuryQueries(context).bid(participant, in: number) else {
            throw .treasury(.nothingToClaim, "account \(bidder) has nothing there")
        }
        context.set(.treasury, TreasuryKeys.bid(number, participant), nil)
        let terms = record.auction.terms
        let (goods, refund) = DutchAuction.allotment(of: own.paid, at: price, cap: terms.cap)
        // After it is closed only what was kept for late bidders is there: their refunds.
        let given = min(goods, record.goods)
        record.goods = record.goods.subtracting(given) ?? .zero
        record.bids = record.bids.subtracting(refund) ?? .zero
        write(record, number, in: context)
        give(
            given, from: Chest(.goods(number), terms.asset), to: .account(own.account), in: context)
        give(refund, from: Chest(.bids(number), .native), to: .account(own.account), in: context)
        context.emit(.collected, TreasuryNote(number, own.account, given, of: terms.asset))
    }

    /// Gives the owner what was earned and what was not sold, once every bidder has collected or
    /// had a month for it (TREASURY-11).
    func closeAuction(
        _ number: UInt64, by sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        var record = try known(auction: number, in: context)
        guard record.owner == sender else {
            throw .treasury(.notAllowed, "auction \(number) is not account \(sender)'s")
        }
        guard record.auction.isOver(at: context.block.time), !record.isClosed else {
            throw .treasury(.tooEarly, "the auction goes on, or is closed")
        }
        let isWaiting = !context.scan(
            .treasury, prefix: TreasuryKeys.bids(of: number), after: nil, limit: 1
        ).isEmpty
        let patience = record.ended.advanced(by: AuctionRecord.collectingMilliseconds)
        guard !isWaiting || context.block.time >= patience else {
            throw .treasury(.tooEarly, "bidders can collect until \(patience)")
        }
        let (goods, bids) = (record.goods, record.bids)
        (record.goods, record.bids, record.isClosed) = (.zero, .zero, true)
        write(record, number, in: context)
        let asset = record.auction.terms.asset
        give(goods, from: Chest(.goods(number), asset), to: record.source, in: context)
        give(bids, from: Chest(.bids(number), .native), to: record.source, in: context)
        forget(bidsOf: number, in: context)
        context.emit(.auctionClosed, TreasuryNote(number, sender, goods, of: asset))
    }

    /// Drops bids that nobody collected in a month; at most a hundred, the rest stay and get
    /// nothing.
    private func forget(bidsOf number: UInt64, in context: ExecutionContext) {
        let left = context.scan(
            .treasury, prefix: TreasuryKeys.bids(of: number), after: nil, limit: 100)
        for entry in left { context.set(.treasury, entry.key, nil) }
    }

    private func known(
        auction number: UInt64, in context: ExecutionContext
    ) throws(Refusal) -> AuctionRecord {
        guard let record = TreasuryQueries(context).auction(number) else {
            throw .treasury(.unknown, "there is no auction \(number)")
        }
        return record
    }

    private func write(_ record: AuctionRecord, _ number: UInt64, in context: ExecutionContext) {
        context.set(.treasury, TreasuryKeys.auction(number), record.canonicalBytes)
    }
}
