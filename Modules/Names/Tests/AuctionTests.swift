// SPDX-License-Identifier: Apache-2.0
import Ledger
import LedgerSupport
import Names
import Testing
import Vocabulary

@Suite("Names and their auctions: NAMES-1 to NAMES-6")
struct AuctionTests {
    @Test("a name has 3 to 32 small letters, digits and single hyphens inside")
    func form() {
        for text in ["abc", "robot-7", "a1b", "x-y-z", String(repeating: "a", count: 32)] {
            #expect(PlainName(text) != nil, "\(text)")
        }
        for text in [
            "", "ab", "-ab", "ab-", "a--b", "Robot", "röbot", "a b", "a.b", "а-кириллица",
            String(repeating: "a", count: 33), "ab\u{0}",
        ] { #expect(PlainName(text) == nil, "\(text)") }
    }

    @Test("who claims a name nobody else wants has it when the auction ends, at the price")
    func uncontested() throws {
        let hall = try Hall()
        try hall.claim()
        #expect(hall.resolved == nil)
        #expect(hall.balance(1) == Amount(whole: 990))
        hall.settle(at: 499)
        #expect(hall.resolved == nil)
        hall.settle(at: 500)
        #expect(hall.resolved == Hall.account(1))
        #expect(hall.record?.expires == Timestamp(10_500))
        #expect(hall.auction == nil)
        #expect(hall.bank.held(for: hall.robot.id, in: hall.context) == .zero)
        hall.expectSound()
    }

    @Test("short names cost more, and a claim below the price opens nothing")
    func prices() throws {
        let hall = try Hall()
        let (three, four) = (try #require(PlainName("abc")), try #require(PlainName("abcd")))
        #expect(refusal { try hall.claim(99, three) } == "bidTooLow")
        #expect(refusal { try hall.claim(49, four) } == "bidTooLow")
        #expect(refusal { try hall.claim(9) } == "bidTooLow")
        try hall.claim(100, three)
        try hall.claim(50, four)
        hall.expectSound()
    }

    @Test("name sniping: whoever comes first to a name has no right to it, only the first bid")
    func frontRun() throws {
        let hall = try Hall()
        // Account 2 saw the claim of account 1 and came before it.
        try hall.claim(10, by: 2)
        #expect(refusal { try hall.claim(10, by: 1) } == "auctionOpen")
        try hall.bid(200, by: 1)
        #expect(hall.balance(2) == Amount(whole: 1_000))
        hall.settle(at: 500)
        #expect(hall.resolved == Hall.account(1))
        hall.expectSound()
    }

    @Test("name sniping: a bid at the last moment makes the auction last, so it can be answered")
    func lastMoment() throws {
        let hall = try Hall()
        try hall.claim(10, by: 1)
        hall.pass(to: 499)
        try hall.bid(20, by: 2)
        #expect(hall.auction?.ends == Timestamp(599))
        hall.pass(to: 500)
        #expect(hall.resolved == nil)
        hall.pass(to: 598)
        try hall.bid(30, by: 1)
        #expect(hall.auction?.ends == Timestamp(698))
        hall.settle(at: 698)
        #expect(hall.resolved == Hall.account(1))
        #expect(hall.balance(1) == Amount(whole: 970))
        #expect(hall.balance(2) == Amount(whole: 1_000))
        hall.expectSound()
    }

    @Test("each bid is a tenth above the one before, at least; who is outbid is paid back at once")
    func steps() throws {
        let hall = try Hall()
        try hall.claim(100, by: 1)
        #expect(refusal { try hall.bid(109, by: 2) } == "bidTooLow")
        try hall.bid(110, by: 2)
        #expect(hall.balance(1) == Amount(whole: 1_000))
        #expect(hall.balance(2) == Amount(whole: 890))
        #expect(refusal { try hall.bid(5_000, by: 3) } == "poor")
        #expect(hall.auction?.bidder == Hall.account(2))
        #expect(hall.balance(2) == Amount(whole: 890))
        // The leader may raise its own bid.
        try hall.bid(121, by: 2)
        #expect(hall.balance(2) == Amount(whole: 879))
        #expect(hall.auction?.bids == 3)
        hall.expectSound()
    }

    @Test("there is no bid without an auction, or after its end")
    func noAuction() throws {
        let hall = try Hall()
        #expect(refusal { try hall.bid(10, by: 1) } == "noAuction")
        try hall.claim()
        hall.pass(to: 500)
        #expect(refusal { try hall.bid(100, by: 2) } == "noAuction")
    }

    @Test("what names cost is burnt, or the treasury's where the genesis names one")
    func proceeds() throws {
        let hall = try Hall(treasury: true)
        try hall.claim(25)
        hall.settle(at: 500)
        #expect(hall.balance(9) == Amount(whole: 25))
        hall.expectSound()
    }

    @Test("a block settles at most 256 auctions, the earliest first; the rest follow")
    func manyAtOnce() throws {
        let hall = try Hall()
        for index in 0..<300 {
            let name = try #require(PlainName("name\(index)"))
            try hall.claim(10, by: UInt8(1 + index % 8), name)
            if index % 100 == 99 { hall.pass(to: UInt64(index)) }
        }
        hall.settle(at: 2_000)
        #expect(NamesQueries(hall.context).names(limit: 1_000).count == 256)
        hall.settle(at: 2_000)
        #expect(NamesQueries(hall.context).names(limit: 1_000).count == 300)
        hall.expectSound()
    }
}
