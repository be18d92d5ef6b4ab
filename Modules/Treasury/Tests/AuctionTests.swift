// SPDX-License-Identifier: Apache-2.0
import Ledger
import LedgerSupport
import Testing
import Vocabulary

@testable import Treasury

@Suite("Dutch auctions")
struct AuctionTests {
    /// A hundred coral, from ten units to one in nine hours, ten to each.
    static func terms(cap: UInt64 = 40, persons: Bool = false) -> AuctionTerms {
        AuctionTerms(
            asset: Hall.coral, supply: Amount(whole: 100), startPrice: Amount(whole: 10),
            endPrice: Amount(whole: 1), start: Timestamp(0), end: Timestamp(9 * 3_600_000),
            cap: Amount(whole: cap), isForPersons: persons)
    }

    private func opened(cap: UInt64 = 40, persons: Bool = false) throws -> Hall {
        let hall = try Hall()
        try hall.send(
            .createAuction(
                Self.terms(cap: cap, persons: persons), source: .account(Hall.account(1))), from: 1)
        return hall
    }

    private func bid(_ whole: UInt64, from number: Int, _ hall: Hall) throws(Refusal) {
        try hall.send(.bid(auction: 0, offer: Amount(whole: whole)), from: number)
    }

    @Test("the price falls evenly, rounded up, and stays at its end (TREASURY-10)")
    func price() {
        let terms = Self.terms()
        #expect(terms.price(at: Timestamp(0)) == Amount(whole: 10))
        #expect(terms.price(at: Timestamp(3_600_000)) == Amount(whole: 9))
        #expect(terms.price(at: Timestamp(9 * 3_600_000)) == Amount(whole: 1))
        #expect(terms.price(at: Timestamp(.max)) == Amount(whole: 1))
    }

    @Test("it ends when what was paid in buys everything, at one price for all (TREASURY-10)")
    func clears() throws {
        let hall = try opened()
        try bid(200, from: 2, hall)
        hall.wait(5 * 3_600_000)
        try bid(100, from: 3, hall)
        hall.wait(3_600_000)
        // At four units, four hundred buy everything: a hundred of the two are taken.
        try bid(160, from: 4, hall)
        #expect(hall.spent(4) == Amount(whole: 100))
        #expect(refusal { try bid(1, from: 5, hall) } == "bidNotTaken")
        for number in 2...4 {
            try hall.send(.collect(auction: 0, bidder: Hall.account(number)), from: 9)
        }
        // Forty are the cap: the first gets a fifth of what it paid back.
        #expect(hall.gained(2, Hall.coral) == Amount(whole: 40))
        #expect(hall.spent(2) == Amount(whole: 160))
        #expect(hall.gained(3, Hall.coral) == Amount(whole: 25))
        #expect(hall.gained(4, Hall.coral) == Amount(whole: 25))
        try hall.send(.closeAuction(0), from: 1)
        #expect(hall.gained(1) == Amount(whole: 360) && hall.spent(1, Hall.coral).units > 0)
        #expect(hall.spent(1, Hall.coral) == Amount(whole: 90))
    }

    @Test("what is not sold goes back: what there was is sold or swept (TREASURY-11)")
    func swept() throws {
        let hall = try opened()
        try bid(20, from: 2, hall)
        #expect(
            refusal { try hall.send(.collect(auction: 0, bidder: Hall.account(2)), from: 2) }
                == "tooEarly")
        hall.wait(9 * 3_600_000)
        #expect(refusal { try bid(20, from: 3, hall) } == "bidNotTaken")
        #expect(refusal { try hall.send(.closeAuction(0), from: 1) } == "tooEarly")
        try hall.send(.collect(auction: 0, bidder: Hall.account(2)), from: 2)
        #expect(hall.gained(2, Hall.coral) == Amount(whole: 20))
        #expect(
            refusal { try hall.send(.collect(auction: 0, bidder: Hall.account(2)), from: 2) }
                == "nothingToClaim")
        try hall.send(.closeAuction(0), from: 1)
        #expect(hall.spent(1, Hall.coral) == Amount(whole: 20))
        #expect(hall.gained(1) == Amount(whole: 20))
        #expect(refusal { try hall.send(.closeAuction(0), from: 1) } == "tooEarly")
    }

    @Test("auction sniping fails: the last second has the price of all (TREASURY-10)")
    func auctionSniping() throws {
        let hall = try opened(cap: 100)
        try bid(50, from: 2, hall)
        hall.wait(9 * 3_600_000 - 1)
        try bid(1_000, from: 3, hall)
        hall.wait(1)
        for number in 2...3 {
            try hall.send(.collect(auction: 0, bidder: Hall.account(number)), from: number)
        }
        // Both paid the same for a whole unit, to a base unit.
        let prices = [2, 3].map { number in
            hall.spent(number).scaled(
                by: Amount.unitsPerWhole, over: hall.gained(number, Hall.coral).units)
        }
        let difference = try #require(prices[0]).units.distance(to: #require(prices[1]).units)
        #expect(difference.magnitude < 10)
    }

    @Test("a cap holds over all bids, and for a person over all accounts (TREASURY-10)")
    func caps() throws {
        let hall = try opened(cap: 5, persons: true)
        #expect(refusal { try bid(1, from: 2, hall) } == "notAPerson")
        try bid(1_000, from: 10, hall)
        #expect(hall.spent(10) == Amount(whole: 50))
        #expect(refusal { try bid(1, from: 10, hall) } == "bidNotTaken")
        // Account 15 is the same person.
        #expect(refusal { try bid(1, from: 15, hall) } == "notAllowed")
        try bid(10, from: 11, hall)
    }

    @Test("bids that nobody collects in a month do not hold the rest (TREASURY-11)")
    func patience() throws {
        let hall = try opened()
        try bid(20, from: 2, hall)
        hall.wait(9 * 3_600_000)
        hall.wait(AuctionRecord.collectingMilliseconds)
        try hall.send(.closeAuction(0), from: 1)
        #expect(hall.spent(1, Hall.coral) == .zero && hall.gained(1) == Amount(whole: 20))
    }

    @Test("terms that make no sense are refused")
    func refused() throws {
        let hall = try Hall()
        func create(_ terms: AuctionTerms) -> String? {
            refusal {
                try hall.send(
                    .createAuction(terms, source: .account(Hall.account(1))), from: 1)
            }
        }
        let good = Self.terms()
        func changed(
            supply: Amount? = nil, end: Amount? = nil, asset: AssetID? = nil, until: UInt64? = nil
        ) -> AuctionTerms {
            AuctionTerms(
                asset: asset ?? good.asset, supply: supply ?? good.supply,
                startPrice: good.startPrice, endPrice: end ?? good.endPrice, start: good.start,
                end: until.map(Timestamp.init) ?? good.end, cap: good.cap)
        }
        #expect(create(changed(supply: .zero)) == "badAuction")
        #expect(create(changed(end: Amount(whole: 11))) == "badAuction")
        #expect(create(changed(end: .zero)) == "badAuction")
        #expect(create(changed(asset: .native)) == "badAuction")
        #expect(create(changed(until: 0)) == "badAuction")
        #expect(create(changed(supply: Amount(whole: 2_000_000))) == "poor")
    }

    @Test("the ledger's auction is its replay from the bids alone (TREASURY-10)", arguments: 1...12)
    func replay(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        func draw(_ bound: UInt64) -> UInt64 { random.next(upperBound: bound) }
        let hall = try opened()
        var bids: [AuctionOutcome.Bid] = []
        for _ in 0..<30 {
            let number = 2 + Int(draw(12))
            let offer = Amount(UInt128(draw(90) + 1) * Amount.unitsPerWhole / UInt128(draw(7) + 1))
            bids.append(AuctionOutcome.Bid(Hall.account(number), offer, at: hall.now))
            _ = refusal { try hall.send(.bid(auction: 0, offer: offer), from: number) }
            hall.wait(draw(900_000))
        }
        hall.wait(9 * 3_600_000)
        let outcome = AuctionOutcome(replaying: bids, under: Self.terms())
        for number in 2..<14 {
            _ = refusal {
                try hall.send(.collect(auction: 0, bidder: Hall.account(number)), from: number)
            }
            let expected = outcome.goods.first { $0.bidder == Hall.account(number) }?.amount
            #expect(hall.gained(number, Hall.coral) == expected ?? .zero)
            #expect(hall.gained(number, Hall.coral) <= Amount(whole: 40))
        }
        #expect(hall.held(.goods(0), Hall.coral) == outcome.swept)
        #expect(outcome.sold.adding(outcome.swept) == Amount(whole: 100))
        try hall.send(.closeAuction(0), from: 1)
        hall.expectSound()
    }

    @Test("amounts at the edge of 128 bits neither overflow nor make goods of nothing")
    func edges() {
        let terms = AuctionTerms(
            asset: Hall.coral, supply: Amount(.max), startPrice: Amount(.max),
            endPrice: Amount(.max), start: Timestamp(0), end: Timestamp(10), cap: Amount(.max))
        var auction = DutchAuction(terms)
        let taken = auction.bid(Amount(.max), after: .zero, at: Timestamp(1))
        let allotment = DutchAuction.allotment(of: taken, at: terms.endPrice, cap: terms.cap)
        #expect(allotment.goods <= Amount(whole: 1))
        #expect(DutchAuction.cost(of: Amount(1), at: Amount(1)) == Amount(1))
    }
}
