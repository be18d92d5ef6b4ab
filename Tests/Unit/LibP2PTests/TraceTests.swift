// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import LibP2P

@Suite("The debug log of movements (LIBP-90)")
struct TraceTests {
    private func note(_ trace: StreamTrace, _ count: Int, _ name: String = "/a/1", at now: UInt64) {
        for _ in 0..<count {
            trace.note(
                Persons.peer(1), name, stream: 1, isInbound: true, bytes: 10, at: { now })
        }
    }

    @Test("it is off, notes what was asked for, and ends by itself")
    func life() {
        let trace = StreamTrace()
        note(trace, 3, at: 1_000)
        #expect(trace.page(after: 0, limit: 10, at: 1_000) == TracePage())
        trace.begin(TraceWish(peer: Persons.peer(1), protocolStart: "/a", seconds: 2), at: 1_000)
        note(trace, 2, at: 1_500)
        note(trace, 2, "/b/1", at: 1_500)
        trace.note(Persons.peer(2), "/a/1", stream: 1, isInbound: false, bytes: 5, at: { 1_600 })
        let page = trace.page(after: 1, limit: 10, at: 1_700)
        #expect(page.noted == 2)
        #expect(page.isRunning)
        #expect(page.movements.map(\.milliseconds) == [500])
        note(trace, 2, at: 3_000)
        #expect(trace.page(after: 0, limit: 10, at: 3_000).noted == 2)
        #expect(!trace.page(after: 0, limit: 10, at: 3_000).isRunning)
    }

    @Test("it keeps the newest, as many as it may")
    func bound() {
        let trace = StreamTrace()
        trace.begin(TraceWish(seconds: 10), at: 0)
        note(trace, StreamTrace.movementsMax + 5, at: 1)
        let page = trace.page(after: 0, limit: .max, at: 2)
        #expect(page.movements.count == StreamTrace.movementsMax)
        #expect(page.movements.first?.number == 6)
        #expect(page.noted == UInt64(StreamTrace.movementsMax + 5))
    }

    @Test("a swarm's own streams are noted, and no byte of what they say")
    func swarm() {
        let swarms = SimulatedSwarms(2, seed: 71)
        let address = swarms.address(1)
        #expect(swarms.run(on: 0) { (try? await $0.connect(to: address)) != nil } == true)
        swarms[0].trace(TraceWish(protocolStart: "/ipfs/ping", seconds: 60))
        let peer = swarms[1].peer
        #expect(swarms.run(on: 0) { (try? await $0.ping(peer)) != nil } == true)
        let movements = swarms[0].traced().movements
        #expect(movements.map(\.bytes) == [32, 32])
        #expect(movements.map(\.isInbound) == [false, true])
        #expect(movements.allSatisfy { $0.peer == peer })
    }
}
