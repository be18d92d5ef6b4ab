// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Ledger
import Market
import Testing
import Vocabulary

@Suite("MARKET-1 to MARKET-3: opening an order")
struct OpenOrderTests {
    @Test("an opened order holds its whole offer in escrow and nothing else")
    func escrow() throws {
        let world = try MarketWorld()
        let job = try world.open(world.terms(maxCost: Amount(2_000)))
        #expect(world.balance(world.client) == Amount(MarketWorld.wealth.units - 2_000))
        #expect(world.bank.balance(of: job.raw, in: world.store) == Amount(2_000))
        let order = try world.order(job)
        #expect(order.phase == .open && order.client == world.client && order.wantsBids)
    }

    @Test("an order in another asset holds that asset")
    func otherAsset() throws {
        let world = try MarketWorld()
        _ = try world.open(world.terms(asset: MarketWorld.gold))
        #expect(world.balance(world.client) == MarketWorld.wealth)
        #expect(
            world.balance(world.client, MarketWorld.gold)
                == Amount(MarketWorld.wealth.units - 2_000))
    }

    @Test("the bank's refusal is the order's, and leaves nothing behind")
    func poorClient() throws {
        let world = try MarketWorld()
        let message = MarketMessage.openOrder(
            OpenOrder(terms: world.terms(maxCost: Amount(MarketWorld.wealth.units + 1))))
        let refusal = try #require(try world.block([(world.client, message)]).refusals.first)
        #expect(refusal.name == "insufficientBalance" && refusal.module == .accounts)
        #expect(world.queries.liveOrders().items.isEmpty)
    }

    @Test("the job's id depends on the sender, the transaction and the salt")
    func identity() throws {
        let world = try MarketWorld()
        let message = OpenOrder(terms: world.terms(salt: 1))
        let id = message.job(sender: world.client, transaction: .zero)
        #expect(id != message.job(sender: world.stranger, transaction: .zero))
        #expect(id != message.job(sender: world.client, transaction: SHA256.hash([])))
        #expect(
            id
                != OpenOrder(terms: world.terms(salt: 2)).job(
                    sender: world.client, transaction: .zero))
    }

    @Test("the same order is refused twice in one transaction, live or ended")
    func twice() throws {
        let world = try MarketWorld()
        let message = MarketMessage.openOrder(OpenOrder(terms: world.terms(lasting: 200_000)))
        let outcome = try world.block(after: 0, [(world.client, message), (world.client, message)])
        #expect(outcome.refusals.map(\.code) == [MarketRefusal.orderExists.rawValue])
        let job = try #require(outcome.events.first).job
        try world.block([(world.client, .cancelOrder(CancelOrder(job: job)))])
        #expect(try world.refusal(world.client, message) == .orderExists)
    }

    @Test("replicas are one to five", arguments: [(0, false), (1, true), (5, true), (6, false)])
    func replicas(count: UInt8, isTaken: Bool) throws {
        let world = try MarketWorld()
        let refusal = try refusal(of: world.terms(replicas: count), in: world)
        #expect(refusal == (isTaken ? nil : .badReplicas))
    }

    @Test("an argument with a NUL is refused")
    func arguments() throws {
        let world = try MarketWorld()
        #expect(try refusal(of: world.terms(arguments: ["a\0b"]), in: world) == .badArguments)
    }

    @Test("every limit is above zero and at most the chain's")
    func limits() throws {
        let world = try MarketWorld()
        let most = MarketParameters.standard
        let figures: [(UInt64, UInt64, UInt64, UInt64, MarketRefusal?)] = [
            (0, 1, 1, 1, .limitMissing), (1, 0, 1, 1, .limitMissing),
            (1, 1, 0, 1, .limitMissing), (1, 1, 1, 0, .limitMissing),
            (most.fuelMax.value + 1, 1, 1, 1, .limitTooHigh),
            (1, most.memoryBytesMax + 1, 1, 1, .limitTooHigh),
            (1, 1, most.outputBytesMax + 1, 1, .limitTooHigh),
            (1, 1, 1, most.wallMillisecondsMax + 1, .limitTooHigh),
            (
                most.fuelMax.value, most.memoryBytesMax, most.outputBytesMax,
                most.wallMillisecondsMax, nil
            ),
        ]
        for (fuel, memory, output, wall, expected) in figures {
            let limits = JobLimits(
                fuelMax: Fuel(fuel), memoryBytesMax: memory, outputBytesMax: output,
                wallMilliseconds: wall)
            let terms = world.terms(limits: limits, lasting: most.lifeMillisecondsMax)
            #expect(try refusal(of: terms, in: world) == expected)
        }
    }

    @Test("a deadline leaves time for one execution and is at most a day away")
    func deadline() throws {
        let world = try MarketWorld()
        let day = MarketParameters.standard.lifeMillisecondsMax
        #expect(try refusal(of: world.terms(lasting: 4_999), in: world) == .deadlineTooSoon)
        #expect(try refusal(of: world.terms(lasting: 5_000), in: world) == nil)
        #expect(try refusal(of: world.terms(lasting: day), in: world) == nil)
        #expect(try refusal(of: world.terms(lasting: day + 1), in: world) == .deadlineTooFar)
        let never = OrderTerms(
            moduleDigest: .zero, inputDigest: .zero, arguments: [], limits: MarketWorld.limits,
            maxCost: Amount(9), deadline: Timestamp(.max), salt: .zero)
        #expect(try refusal(of: never, in: world) == .deadlineTooFar)
    }

    @Test("an offer below the least price of its replicas is refused")
    func cost() throws {
        let world = try MarketWorld(genesis: ["executionPriceMin": "0.000000000000000010"])
        let cheap = world.terms(replicas: 3, maxCost: Amount(29))
        #expect(try refusal(of: cheap, in: world) == .costTooLow)
        let enough = world.terms(replicas: 3, maxCost: Amount(30))
        #expect(try refusal(of: enough, in: world) == nil)
    }

    private func refusal(of terms: OrderTerms, in world: MarketWorld) throws -> MarketRefusal? {
        try world.refusal(world.client, .openOrder(OpenOrder(terms: terms)))
    }
}
