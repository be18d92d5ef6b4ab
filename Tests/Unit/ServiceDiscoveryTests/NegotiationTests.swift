// SPDX-License-Identifier: Apache-2.0
import ServiceDiscovery
import Testing
import Vocabulary

@Suite("Negotiations (DISCOVERY-20 to DISCOVERY-29)")
struct NegotiationTests {
    /// A negotiation opened by client 1, with a way to hear messages of people by number.
    private struct Table {
        var negotiation: TaskNegotiation
        var now = Sample.now

        init(_ manifest: TaskManifest = Sample.manifest()) {
            guard
                let negotiation = try? TaskNegotiation(
                    Sample.signed(.manifest(manifest), by: 1), on: Sample.chain, at: Sample.now)
            else { preconditionFailure("a sample is good") }
            self.negotiation = negotiation
        }

        var task: TaskID { negotiation.task }

        mutating func hear(_ message: TaskMessage, by number: Int) -> NegotiationRefusal? {
            do throws(NegotiationRefusal) {
                _ = try negotiation.receive(Sample.signed(message, by: number), at: now)
                return nil
            } catch {
                return error
            }
        }

        mutating func bid(
            _ number: Int, _ base: UInt128, revision: UInt32 = 1
        ) -> NegotiationRefusal? {
            hear(
                .bid(Sample.bid(number, on: task, revision: revision, base: base)), by: number)
        }

        func award(_ number: Int, _ base: UInt128, revision: UInt32 = 1, place: UInt8 = 0)
            -> TaskAward
        {
            TaskAward(
                task: task, place: place, bidder: Sample.key(number).publicKey,
                revision: revision, tariff: Sample.tariff(base),
                orderBy: Sample.now.advanced(by: 60_000))
        }

        func counter(_ number: Int, _ base: UInt128, revision: UInt32 = 1) -> CounterBid {
            CounterBid(
                task: task, bidder: Sample.key(number).publicKey, revision: revision,
                tariff: Sample.tariff(base), validUntil: Sample.now.advanced(by: 9_000))
        }

        func standing(_ number: Int) -> BidStanding? {
            negotiation.bidders[Sample.key(number).publicKey]?.standing
        }
    }

    @Test("manifest, bids, counter-bid, answer, award: the cheapest gets it at its last price")
    func story() {
        var table = Table()
        #expect(table.bid(2, 700) == nil)
        #expect(table.bid(3, 600) == nil)
        #expect(
            table.negotiation.ranked(at: table.now).map(\.key)
                == [3, 2].map {
                    Sample.key($0).publicKey
                })
        #expect(table.hear(.counterBid(table.counter(2, 500)), by: 1) == nil)
        #expect(table.bid(2, 500, revision: 2) == nil)
        #expect(table.negotiation.ranked(at: table.now).first?.key == Sample.key(2).publicKey)
        table.now = Sample.now.advanced(by: 6_000)
        #expect(table.negotiation.phase(at: table.now) == .choosing)
        #expect(table.hear(.award(table.award(2, 500, revision: 2)), by: 1) == nil)
        #expect(table.negotiation.phase(at: table.now) == .awarded)
        #expect(table.standing(2) == .awarded(place: 0))
        #expect(table.negotiation.places[0]?.award.tariff == Sample.tariff(500))
    }

    @Test("no message of one task counts for another, even of the same people and times")
    func replay() {
        let one = Table()
        var other = Table(Sample.manifest(salt: 1))
        #expect(one.task != other.task)
        let bid = TaskMessage.bid(Sample.bid(2, on: one.task))
        #expect(other.hear(bid, by: 2) == .otherTask)
        #expect(other.hear(.award(one.award(2, 500)), by: 1) == .otherTask)
        #expect(other.hear(.counterBid(one.counter(2, 400)), by: 1) == .otherTask)
        #expect(
            other.hear(.withdrawal(TaskWithdrawal(task: one.task, revision: 0)), by: 1)
                == .otherTask)
    }

    @Test("bids rise by one, stay below the ceiling, and come in time")
    func bidding() {
        var table = Table()
        #expect(table.bid(1, 10) == .notParty)
        #expect(table.bid(2, 1_001) == .aboveCeiling)
        #expect(table.bid(2, 1_000, revision: 2) == .outOfTurn)
        #expect(table.bid(2, 1_000) == nil)
        #expect(table.bid(2, 1_000) == nil)
        #expect(table.bid(2, 900, revision: 2) == nil)
        #expect(table.bid(2, 1_000, revision: 1) == .stale)
        table.now = Sample.now.advanced(by: 5_000)
        #expect(table.bid(3, 10) == nil)
        table.now = Sample.now.advanced(by: 5_001)
        #expect(table.bid(4, 10) == .tooLate)
        #expect(table.bid(2, 800, revision: 3) == .tooLate)
        table.now = Sample.now.advanced(by: 10_001)
        #expect(table.negotiation.phase(at: table.now) == .expired)
        #expect(table.hear(.award(table.award(3, 10)), by: 1) == .tooLate)
    }

    @Test("a task has so many bidders, each so many bids")
    func limits() {
        var table = Table()
        for number in 2..<34 { #expect(table.bid(number, 500) == nil) }
        #expect(table.bid(40, 500) == .tooMany)
        for revision in 2...16 as ClosedRange<UInt32> {
            #expect(table.bid(2, 500 - UInt128(revision), revision: revision) == nil)
        }
        #expect(table.bid(2, 1, revision: 17) == .tooMany)
    }

    @Test("in a reverse Dutch auction the ceiling rises by steps, and the first who fits gets in")
    func dutch() {
        var table = Table(
            Sample.manifest {
                $0.pricing = .rising(
                    start: Amount(100), step: Amount(50), stepMilliseconds: 1_000)
            })
        let manifest = table.negotiation.manifest
        #expect(manifest.ceiling(at: Sample.now) == Amount(100))
        #expect(manifest.ceiling(at: Sample.now.advanced(by: 999)) == Amount(100))
        #expect(manifest.ceiling(at: Sample.now.advanced(by: 3_500)) == Amount(250))
        #expect(manifest.ceiling(at: Sample.now.advanced(by: 900_000)) == Amount(1_000))
        #expect(table.bid(2, 200) == .aboveCeiling)
        table.now = Sample.now.advanced(by: 2_000)
        #expect(table.bid(2, 200) == nil)
        #expect(table.hear(.award(table.award(2, 200)), by: 1) == nil)
        #expect(table.bid(3, 150) == .closed)
    }

    @Test("only the client counters, and only downwards")
    func counters() {
        var table = Table()
        #expect(table.bid(2, 700) == nil)
        #expect(table.hear(.counterBid(table.counter(2, 500)), by: 3) == .notParty)
        #expect(table.hear(.counterBid(table.counter(2, 700)), by: 1) == .notLower)
        #expect(table.hear(.counterBid(table.counter(3, 500)), by: 1) == .noSuchBid)
        #expect(table.hear(.counterBid(table.counter(2, 500)), by: 1) == nil)
        let refusal = TaskRefusal(
            task: table.task, bidder: Sample.key(2).publicKey, revision: 1, reason: .price)
        #expect(table.hear(.refusal(refusal), by: 3) == .notParty)
        #expect(table.hear(.refusal(refusal), by: 2) == nil)
        #expect(table.standing(2) == .standing)
        #expect(table.hear(.award(table.award(2, 700)), by: 1) == nil)
    }

    @Test("an award names a bid that stands, its price, and a free place")
    func awards() {
        var table = Table(Sample.manifest(places: 2, budget: 2_000))
        for number in 2...4 { #expect(table.bid(number, 500) == nil) }
        #expect(table.hear(.award(table.award(2, 500)), by: 3) == .notParty)
        #expect(table.hear(.award(table.award(2, 499)), by: 1) == .otherPrice)
        #expect(table.hear(.award(table.award(2, 500, place: 2)), by: 1) == .noSuchPlace)
        #expect(table.hear(.award(table.award(9, 500)), by: 1) == .noSuchBid)
        #expect(table.hear(.award(table.award(2, 500)), by: 1) == nil)
        #expect(table.hear(.award(table.award(2, 500)), by: 1) == nil)
        #expect(table.hear(.award(table.award(2, 500, place: 1)), by: 1) == .hasPlace)
        let withdrawal = TaskWithdrawal(task: table.task, revision: 1)
        #expect(table.hear(.withdrawal(withdrawal), by: 3) == nil)
        #expect(table.hear(.award(table.award(3, 500, place: 1)), by: 1) == .bidNotStanding)
        #expect(table.hear(.award(table.award(4, 500, place: 1)), by: 1) == nil)
        #expect(table.negotiation.phase(at: table.now) == .awarded)
        #expect(table.hear(.withdrawal(withdrawal), by: 4) == .closed)
    }

    @Test("who refuses an award frees its place for another, which is no contradiction")
    func refusedAward() {
        var table = Table()
        #expect(table.bid(2, 400) == nil)
        #expect(table.bid(3, 500) == nil)
        let first = table.award(2, 400)
        #expect(table.hear(.award(first), by: 1) == nil)
        let refusal = TaskRefusal(
            task: table.task, bidder: Sample.key(2).publicKey, revision: 1, reason: .capacity)
        #expect(table.hear(.refusal(refusal), by: 2) == nil)
        #expect(table.negotiation.phase(at: table.now) == .bidding)
        let best = table.negotiation.ranked(at: table.now)[0]
        let next = table.negotiation.award(to: best, orderBy: Sample.now.advanced(by: 60_000))
        #expect(next?.attempt == 1)
        #expect(table.hear(.award(must(next)), by: 1) == nil)
        #expect(
            TaskContradiction(
                Sample.signed(.award(first), by: 1).signed,
                Sample.signed(.award(must(next)), by: 1).signed) == nil)
    }

    @Test("an award of a bid that was followed by another counts, whichever came first")
    func crossing() {
        var early = Table()
        var late = Table()
        let second = Sample.bid(2, on: early.task, revision: 2, base: 400)
        #expect(early.bid(2, 500) == nil)
        #expect(early.hear(.award(early.award(2, 500)), by: 1) == nil)
        #expect(early.hear(.bid(second), by: 2) == .closed)
        #expect(late.bid(2, 500) == nil)
        #expect(late.hear(.bid(second), by: 2) == nil)
        #expect(late.hear(.award(late.award(2, 500)), by: 1) == nil)
        #expect(early.negotiation.places == late.negotiation.places)
    }

    @Test("a client takes its task back until it has given a place")
    func withdrawing() {
        let all = TaskMessage.withdrawal(TaskWithdrawal(task: Table().task, revision: 0))
        var table = Table()
        #expect(table.bid(2, 400) == nil)
        #expect(table.hear(all, by: 1) == nil)
        #expect(table.negotiation.phase(at: table.now) == .withdrawn)
        #expect(table.bid(3, 400) == .closed)
        var given = Table()
        #expect(given.bid(2, 400) == nil)
        #expect(given.hear(.award(given.award(2, 400)), by: 1) == nil)
        #expect(given.hear(all, by: 1) == .closed)
    }

    @Test("bids, counter-bids and awards that contradict each other are evidence")
    func evidence() throws {
        var table = Table()
        #expect(table.bid(2, 500) == nil)
        #expect(table.bid(3, 600) == nil)
        guard case .contradicts(let bids) = table.bid(2, 400) else {
            Issue.record("no evidence of two bids")
            return
        }
        #expect(bids.kind == .bids)
        #expect(bids.signer == Sample.key(2).publicKey)
        #expect(try TaskContradiction(canonicalBytes: bids.canonicalBytes) == bids)
        #expect(table.hear(.counterBid(table.counter(2, 300)), by: 1) == nil)
        guard
            case .contradicts(let counters) = table.hear(
                .counterBid(table.counter(2, 200)), by: 1)
        else {
            Issue.record("no evidence of two counter-bids")
            return
        }
        #expect(counters.kind == .counterBids)
        #expect(table.hear(.award(table.award(2, 500)), by: 1) == nil)
        guard case .contradicts(let awards) = table.hear(.award(table.award(3, 600)), by: 1) else {
            Issue.record("no evidence of two awards")
            return
        }
        #expect(awards.kind == .awards)
        #expect(awards.signer == Sample.key(1).publicKey)
        let forged = Sample.signed(.award(table.award(3, 600)), by: 3).signed
        #expect(TaskContradiction(awards.one, forged) == nil)
    }

    @Test("manifests whose times or money make no sense open nothing")
    func manifests() {
        func refusal(_ manifest: TaskManifest, by number: Int = 1, at now: Timestamp = Sample.now)
            -> NegotiationRefusal?
        {
            do throws(NegotiationRefusal) {
                _ = try TaskNegotiation(
                    Sample.signed(.manifest(manifest), by: number), on: Sample.chain, at: now)
                return nil
            } catch {
                return error
            }
        }
        #expect(refusal(Sample.manifest()) == nil)
        #expect(refusal(Sample.manifest(), by: 2) == .notParty)
        #expect(refusal(Sample.manifest { $0.chain = Sample.otherChain }) == .otherChain)
        #expect(refusal(Sample.manifest { $0.bidsBy = $0.opened }) == .badTimes)
        #expect(
            refusal(Sample.manifest { $0.awardBy = $0.opened.advanced(by: 9_000_000) }) == .badTimes
        )
        #expect(refusal(Sample.manifest { $0.requirements.deadline = $0.bidsBy }) == .badTimes)
        #expect(refusal(Sample.manifest(places: 0)) == .badBudget)
        #expect(refusal(Sample.manifest(places: 3, budget: 2)) == .badBudget)
        #expect(refusal(Sample.manifest { $0.units = 0 }) == .badBudget)
        #expect(refusal(Sample.manifest(), at: Sample.now.advanced(by: 10_001)) == .tooLate)
        #expect(
            refusal(Sample.manifest(), at: Timestamp(Sample.now.value - 60_001)) == .fromTheFuture)
    }

    @Test("a desk follows so many tasks, so many of a client, and forgets them in time")
    func desk() {
        var desk = NegotiationDesk(chain: Sample.chain)
        func hear(_ message: TaskMessage, by number: Int, at now: Timestamp = Sample.now)
            -> NegotiationRefusal?
        {
            do throws(NegotiationRefusal) {
                _ = try desk.receive(Sample.signed(message, by: number), at: now)
                return nil
            } catch {
                return error
            }
        }
        for salt in 0..<16 as Range<UInt8> {
            #expect(hear(.manifest(Sample.manifest(salt: salt)), by: 1) == nil)
        }
        #expect(hear(.manifest(Sample.manifest(salt: 99)), by: 1) == .tooMany)
        #expect(desk.open(at: Sample.now).count == 16)
        let task = Sample.manifest().task
        #expect(hear(.bid(Sample.bid(2, on: task)), by: 2) == nil)
        #expect(desk[task]?.bidders.count == 1)
        let other = Sample.manifest(salt: 77).task
        #expect(hear(.bid(Sample.bid(2, on: other)), by: 2) == .unknownTask)
        let later = Sample.now.advanced(by: 10_000 + 600_001)
        desk.expire(at: later)
        #expect(desk.count == 0)
    }
}
