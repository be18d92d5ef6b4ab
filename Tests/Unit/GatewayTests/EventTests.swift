// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import HTTPServer
import JSONText
import Market
import NodeInterface
import Testing
import Vocabulary

@testable import Gateway

/// Streams of events (GATEWAY-8).
@Suite("Gateway: events")
struct EventTests {
    /// The next so many events of a target.
    private static func events(
        _ world: GatewayWorld, _ target: String, after id: String = "", count: Int
    ) async throws -> [ServerSentEvent] {
        let request = HTTPClientRequest(.get, try world.address(target))
        var found: [ServerSentEvent] = []
        var events = world.client.events(request, lastEventID: id).makeAsyncIterator()
        while found.count < count, let event = try await events.next() { found.append(event) }
        return found
    }

    @Test("a job's events tell its whole way, decoded, in the order of the chain")
    func wholeJob() async throws {
        try await GatewayWorld().run { world in
            let job = try await world.settledJob(output: JobTests.output)
            let events = try await Self.events(
                world, "/v1/events?job=\(job)&after=0.0", count: 16)
            let names = events.compactMap(\.name)
            for name in [
                "accounts.held", "market.orderOpened", "market.bidPlaced", "market.leasesGranted",
                "market.resultCommitted", "market.resultsCommitted", "market.resultRevealed",
                "market.orderSettled", "accounts.released", "reputation.evidenceRecorded",
            ] {
                #expect(names.contains(name), "\(name)")
            }
            let places = events.compactMap { $0.id.flatMap { EventPlace($0) } }
            #expect(places == places.sorted() && Set(places).count == events.count)
            let opened = try #require(events.first { $0.name == "market.orderOpened" })
            let data = try JSON(parsing: opened.data)
            #expect(data["job"]?.text == "\(job)")
            #expect(data["subject"]?.text == "\(job)")
            #expect(data["client"]?.text == "\(world.account)")
            #expect(data["maxCost"]?.text == "2000")
            #expect("\(data["height"]?.unsigned ?? 0).\(data["index"]?.unsigned ?? 9)" == opened.id)
            let held = try #require(events.first { $0.name == "accounts.held" })
            #expect(try JSON(parsing: held.data)["payload"]?.text?.isEmpty == false)
        }
    }

    @Test("events come as blocks are executed, and only those of an account when it is asked for")
    func live() async throws {
        try await GatewayWorld().run { world in
            let provider = AccountID(of: world.cast.providers[0].publicKey)
            let reader = Task {
                try await Self.events(world, "/v1/events?account=\(provider)", count: 1)
            }
            try await Self.untilStreaming(world)
            try await world.node.seal()
            try await world.act(
                world.cast.providers[1], [world.cast.registration(1)])
            try await world.act(
                world.cast.client,
                world.cast.transfer(nonce: 0, chain: world.chain)
                    .transaction.messages)
            let event = try #require(try await reader.value.first)
            #expect(event.name == "accounts.transferred")
            let data = try JSON(parsing: event.data)
            #expect(data["to"]?.text == "\(provider)")
            #expect(data["amount"]?.text == "5")
        }
    }

    /// Waits until so many streams are open.
    private static func untilStreaming(_ world: GatewayWorld, count: Int = 1) async throws {
        func isSo() async throws -> Bool {
            let page = try await world.ask(.get, "/metrics")
            let text = String(decoding: page.body, as: UTF8.self)
            return text.contains("atoll_gateway_event_streams \(count)\n")
        }
        while try await !isSo() { await Task.yield() }
    }

    @Test("a client that comes back with the last id misses nothing and sees nothing twice")
    func resume() async throws {
        try await GatewayWorld().run { world in
            _ = try await world.settledJob(output: JobTests.output)
            let all = try await Self.events(world, "/v1/events", after: "0.0", count: 25)
            #expect(all.count == 25)
            for split in [0, 7, 24] {
                let rest = try await Self.events(
                    world, "/v1/events", after: try #require(all[split].id), count: 24 - split)
                #expect(rest.map(\.id) == all.dropFirst(split + 1).map(\.id))
            }
        }
    }

    @Test("blocks from before the gateway's start are read from the node's feed")
    func older() async throws {
        let world = try GatewayWorld()
        _ = try await world.settledJob(output: JobTests.output)
        try await world.run { world in
            let all = try await Self.events(world, "/v1/events", after: "0.0", count: 20)
            #expect(all.first?.id == "1.0")
            let rest = try await Self.events(
                world, "/v1/events", after: try #require(all[9].id), count: 10)
            #expect(rest.map(\.id) == all.dropFirst(10).map(\.id))
        }
    }

    @Test("what is no longer held is a gap that says from where to read on, and resumes after it")
    func gap() async throws {
        let world = try GatewayWorld()
        try await world.registerProviders()
        await world.node.set(feedFloor: 2)
        try await world.run { world in
            let reader = Task {
                try await Self.events(world, "/v1/events", after: "1.0", count: 2)
            }
            try await Self.untilStreaming(world)
            try await world.act(
                world.cast.client,
                world.cast.transfer(nonce: 0, chain: world.chain)
                    .transaction.messages)
            let events = try await reader.value
            #expect(events.map(\.name) == ["gap", "accounts.feePaid"])
            let gap = try JSON(parsing: events[0].data)
            #expect(gap["resumeAfter"]?.unsigned == 3)
            #expect(gap["after"]?.text == "1.0")
            let again = try await Self.events(
                world, "/v1/events", after: try #require(events[0].id), count: 1)
            #expect(again.map(\.id) == [events[1].id])
        }
    }

    @Test("a stream that its client leaves ends at once")
    func departure() async throws {
        try await GatewayWorld().run { world in
            let stream = try await world.effects.network.dial(
                world.service.endpoint, timeoutMilliseconds: 5_000)
            try await stream.write(Array("GET /v1/events HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
            try await Self.untilStreaming(world)
            stream.close()
            try await Self.untilStreaming(world, count: 0)
        }
    }

    @Test("a client that listens and one that comes later see the same events")
    func sharedLog() async throws {
        try await GatewayWorld().run { world in
            let listener = Task {
                try await Self.events(world, "/v1/events", count: 25)
            }
            try await Self.untilStreaming(world)
            _ = try await world.settledJob(output: JobTests.output)
            let later = try await Self.events(world, "/v1/events", after: "0.0", count: 25)
            let live = try await listener.value
            #expect(live == later)
        }
    }

    @Test("streams end when the gateway stops")
    func stop() async throws {
        try await GatewayWorld().run { world in
            let reader = Task { try await Self.events(world, "/v1/events", count: 1) }
            try await Self.untilStreaming(world)
            await world.service.stop()
            #expect(try await reader.value.isEmpty)
        }
    }

    @Test(
        "a malformed parameter is refused",
        arguments: ["job=x", "account=1", "after=1", "after=1.x"])
    func malformed(query: String) async throws {
        try await GatewayWorld().run { world in
            let problem = try await world.json(
                .get, "/v1/events?\(query)", status: .badRequest)
            #expect(problem["name"]?.text == "malformedParameter")
        }
    }
}

/// The log behind the streams.
@Suite("Gateway: the log of events")
struct EventLogTests {
    private static func event(_ height: UInt64, _ index: UInt32, bytes: Int = 10) -> LoggedEvent {
        LoggedEvent(
            place: EventPlace(height: height, index: index),
            topics: .events, name: "test.event", bytes: [UInt8](repeating: 1, count: bytes),
            data: 0..<bytes, job: nil, accounts: [])
    }

    private static let usual: EventTopics = [.events, .jobs, .proposals]

    @Test("the log drops its oldest blocks at its limits and says when a client wants them")
    func bounds() {
        let log = EventLog()
        for height in 1...UInt64(EventLog.blocksMax + 10) {
            log.append([Self.event(height, 0)], of: BlockHeight(height), with: Self.usual)
        }
        if case .older = log.page(after: EventPlace(height: 10, index: 0), for: EventFilter()).page
        {
        } else {
            Issue.record("block 10 is still held")
        }
        let held = log.page(after: .end(of: BlockHeight(10)), for: EventFilter()).page
        guard case .events(let found, let last) = held else {
            Issue.record("block 11 is not held")
            return
        }
        #expect(found.count == EventLog.blocksMax)
        #expect(last == .end(of: BlockHeight(UInt64(EventLog.blocksMax) + 10)))
    }

    @Test("a page ends at its limit, and the next goes on from there")
    func pages() {
        let log = EventLog()
        let events = (0..<10).map { Self.event(1, $0, bytes: EventLog.pageBytes / 4) }
        log.append(events, of: BlockHeight(1), with: Self.usual)
        var place = EventPlace.end(of: BlockHeight(0))
        var pages = 0
        var bytes = 0
        while case .events(let found, let last) = log.page(after: place, for: EventFilter()).page {
            place = last
            bytes += found.reduce(0) { $0 + $1.bytes.count }
            pages += 1
        }
        #expect(bytes == 10 * (EventLog.pageBytes / 4))
        #expect(pages == 3)
    }

    @Test("one great block never empties the log")
    func greatBlock() {
        let log = EventLog()
        log.append([Self.event(1, 0)], of: BlockHeight(1), with: Self.usual)
        log.append(
            [Self.event(2, 0, bytes: EventLog.bytesMax + 1)], of: BlockHeight(2),
            with: Self.usual)
        guard
            case .events(let found, _) = log.page(
                after: .end(of: BlockHeight(1)), for: EventFilter()
            ).page
        else {
            Issue.record("the great block is not held")
            return
        }
        #expect(found.map(\.bytes.count) == [EventLog.bytesMax + 1])
    }
}
