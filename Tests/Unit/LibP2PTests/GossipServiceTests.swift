// SPDX-License-Identifier: Apache-2.0
import Synchronization
import Testing

@testable import LibP2P

@Suite("Gossip over swarms (LIBP-36)")
struct GossipServiceTests {
    private final class Heard: Sendable {
        let messages = Mutex<[[UInt8]]>([])
        func note(_ message: GossipMessage) { messages.withLock { $0.append(message.data) } }
    }

    @Test("what one publishes all others hear, also those it has no connection with")
    func chain() {
        let swarms = SimulatedSwarms(4, seed: 11)
        let heard = (0..<4).map { _ in Heard() }
        let services = (0..<4).map {
            GossipService(swarms[$0], effects: swarms.members[$0].effects)
        }
        for index in 0..<4 {
            let (service, note) = (services[index], heard[index])
            _ = swarms.run(on: index) { _ in
                service.start()
                service.subscribe(to: "t") { note.note($0) }
            }
        }
        for index in 0..<3 {
            let address = swarms.address(index + 1)
            #expect(swarms.run(on: index) { (try? await $0.connect(to: address)) != nil } == true)
        }
        #expect(swarms.wait { _ in services[1].meshPeers(of: "t").count == 2 })
        #expect(swarms.wait { _ in services[2].meshPeers(of: "t").count == 2 })
        let first = services[0]
        for number in 0..<20 {
            _ = swarms.run(on: 0) { _ in try? first.publish([UInt8(number)], to: "t") }
        }
        let all = (0..<20).map { [UInt8($0)] }
        #expect(swarms.wait { _ in heard[3].messages.withLock { $0.count } == 20 })
        #expect(heard[3].messages.withLock { $0 } == all)
        #expect(heard[0].messages.withLock { $0 } == [])
    }

    @Test("a validator decides what is delivered and passed on")
    func validators() {
        let swarms = SimulatedSwarms(3, seed: 12)
        let heard = Heard()
        let services = (0..<3).map {
            GossipService(swarms[$0], effects: swarms.members[$0].effects)
        }
        for service in services { _ = swarms.run(on: 0) { _ in service.start() } }
        _ = swarms.run(on: 1) { _ in
            services[1].subscribe(
                to: "t", validator: { message, _ in message.data[0] > 5 ? .accept : .ignore }
            ) { _ in }
        }
        _ = swarms.run(on: 2) { _ in services[2].subscribe(to: "t") { heard.note($0) } }
        for index in 0..<2 {
            let address = swarms.address(index + 1)
            #expect(swarms.run(on: index) { (try? await $0.connect(to: address)) != nil } == true)
        }
        #expect(swarms.wait { _ in services[1].meshPeers(of: "t").count == 1 })
        #expect(swarms.wait { _ in services[0].subscribers(of: "t").count == 1 })
        for number in [3, 9] as [UInt8] {
            _ = swarms.run(on: 0) { _ in try? services[0].publish([number], to: "t") }
        }
        #expect(swarms.wait { _ in heard.messages.withLock { !$0.isEmpty } })
        #expect(heard.messages.withLock { $0 } == [[9]])
    }

    @Test("messages that come together are read together, all else in its place")
    func merging() throws {
        func message(_ number: UInt8) -> GossipRPC {
            var rpc = GossipRPC()
            rpc.messages = [GossipMessage(topic: "t", data: [number])]
            return rpc
        }
        var graft = GossipRPC()
        graft.graft = ["t"]
        let said = [message(1), message(2), graft, message(3), message(4), message(5)]
        let merged = try GossipService.merged(said.map(\.encoded))
        #expect(merged.map { $0.messages.map(\.data) } == [[[1], [2]], [], [[3], [4], [5]]])
        #expect(merged[1] == graft)
        #expect(throws: WireFailure.self) { try GossipService.merged([[0xff]]) }
    }
}
