// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension NamesModule {
    /// Opens the auction of a free name (NAMES-3).
    func claim(
        _ message: ClaimName, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        let queries = NamesQueries(context)
        let parameters = queries.parameters
        let now = context.block.time
        guard queries.auction(message.name) == nil else {
            throw .names(.auctionOpen, "\(message.name) is under auction: bid for it")
        }
        if let record = queries.record(message.name) {
            let free = record.expires.advanced(by: parameters.graceMilliseconds)
            guard now >= free else {
                throw .names(.nameTaken, "\(message.name) is free from \(free) on at the earliest")
            }
        }
        let least = parameters.price(of: message.name)
        guard message.amount >= least else {
            throw .names(.bidTooLow, "a term of \(message.name) costs \(least)")
        }
        try bank.holdBid(message.amount, for: message.name.id, from: sender, in: context)
        let auction = NameAuction(
            bidder: sender, owner: message.owner, amount: message.amount,
            ends: now.advanced(by: parameters.auctionMilliseconds), bids: 1)
        write(auction, message.name, in: context)
        context.emit(
            .auctionOpened,
            NameEvent(
                name: message.name, auction: auction, amount: message.amount,
                people: [sender, message.owner]))
    }

    /// Offers more, and gives the bid before it back at once (NAMES-4).
    func bid(
        _ message: BidForName, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        let queries = NamesQueries(context)
        let parameters = queries.parameters
        let now = context.block.time
        guard let earlier = queries.auction(message.name), now < earlier.ends else {
            throw .names(.noAuction, "\(message.name) is not under auction")
        }
        guard let least = parameters.bidMin(after: earlier.amount), message.amount >= least else {
            throw .names(.bidTooLow, "the highest bid is \(earlier.amount)")
        }
        try bank.releaseBid(
            earlier.amount, for: message.name.id, to: earlier.bidder, in: context)
        try bank.holdBid(message.amount, for: message.name.id, from: sender, in: context)
        var auction = earlier
        auction.bidder = sender
        auction.owner = message.owner
        auction.amount = message.amount
        auction.bids &+= 1
        auction.ends = max(earlier.ends, now.advanced(by: parameters.extensionMilliseconds))
        context.set(.names, NamesKeys.due(earlier.ends, message.name), nil)
        write(auction, message.name, in: context)
        context.emit(
            .bidPlaced,
            NameEvent(
                name: message.name, auction: auction, amount: message.amount,
                people: [sender, message.owner, earlier.bidder]))
    }

    /// Gives names to those whose auctions have ended, the earliest first (NAMES-5).
    func settleAuctions(in context: ExecutionContext) {
        let due = context.scan(
            .names, prefix: [NamesKeys.duePrefix], after: nil,
            limit: NamesParameters.settledPerBlockMax)
        for pair in due {
            let text = String(decoding: pair.key.dropFirst(NamesKeys.dueHeadBytes), as: UTF8.self)
            guard let name = PlainName(text), let auction = NamesQueries(context).auction(name)
            else { preconditionFailure("an auction that is due is open") }
            guard auction.ends <= context.block.time else { return }
            settle(auction, of: name, in: context)
        }
    }

    private func settle(
        _ auction: NameAuction, of name: PlainName, in context: ExecutionContext
    ) {
        let parameters = NamesQueries(context).parameters
        do {
            try context.atomically { () throws(Refusal) in
                try pay(auction.amount, for: name, parameters, in: context)
            }
        } catch {
            // A treasury that can hold no more must not keep the winner from the name.
            try? bank.burnBid(auction.amount, for: name.id, in: context)
        }
        let record = NameRecord(
            owner: auction.owner, target: auction.owner,
            expires: auction.ends.advanced(by: parameters.termMilliseconds))
        if let earlier = NamesQueries(context).record(name) {
            context.set(.names, NamesKeys.owned(earlier.owner, name), nil)
        }
        context.set(.names, NamesKeys.auction(name), nil)
        context.set(.names, NamesKeys.due(auction.ends, name), nil)
        write(record, name, in: context)
        context.emit(
            .nameWon,
            NameEvent(
                name: name, record: record, amount: auction.amount,
                people: [auction.owner, auction.bidder]))
    }

    /// Sends what is held for a name to the treasury, or burns it (NAMES-6).
    func pay(
        _ amount: Amount, for name: PlainName, _ parameters: NamesParameters,
        in context: ExecutionContext
    ) throws(Refusal) {
        guard let treasury = parameters.treasury else {
            return try bank.burnBid(amount, for: name.id, in: context)
        }
        try bank.releaseBid(amount, for: name.id, to: treasury, in: context)
    }

    private func write(_ auction: NameAuction, _ name: PlainName, in context: ExecutionContext) {
        context.set(.names, NamesKeys.auction(name), auction.canonicalBytes)
        context.set(.names, NamesKeys.due(auction.ends, name), NamesKeys.mark)
    }

    func write(_ record: NameRecord, _ name: PlainName, in context: ExecutionContext) {
        context.set(.names, NamesKeys.name(name), record.canonicalBytes)
        context.set(.names, NamesKeys.owned(record.owner, name), NamesKeys.mark)
    }
}
