// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ContainerNetworks

@Suite("Netlink")
struct NetlinkTests {
    private static func name(_ text: String) throws -> InterfaceName {
        try #require(InterfaceName(text))
    }

    @Test("attributes come back as they were, however long and deep")
    func attributes() throws {
        let inner = [NetlinkAttribute(1, text: "veth"), NetlinkAttribute(2, [1, 2, 3])]
        let all = [
            NetlinkAttribute(3, number: UInt32(0x0102_0304)), NetlinkAttribute(18, inner),
            NetlinkAttribute(4, [UInt8]()),
        ]
        let bytes = NetlinkAttribute.encode(all)
        #expect(bytes.prefix(8) == [8, 0, 3, 0, 4, 3, 2, 1])
        #expect(bytes.count.isMultiple(of: 4))
        let read = try NetlinkAttribute.decode(bytes[...])
        #expect(read == all)
        #expect(try read[1].children() == inner)
        #expect(read[0].number(UInt32.self) == 0x0102_0304 && read[0].number(UInt16.self) == nil)
        #expect(inner[0].text == "veth")
    }

    @Test("messages come back as they were, several of a datagram")
    func messages() throws {
        let one = NetlinkMessage(kind: 16, flags: 1, sequence: 7, body: [1, 2, 3, 4, 5])
        let other = NetlinkMessage(kind: 3, flags: 2, sequence: 8, body: [])
        let bytes = one.encoded + [0, 0, 0] + other.encoded
        #expect(try NetlinkMessage.decode(bytes) == [one, other])
        #expect(throws: WiringFailure.malformed) {
            try NetlinkMessage.decode(Array(bytes.dropLast()))
        }
        #expect(throws: WiringFailure.malformed) { try NetlinkMessage.decode([1]) }
    }

    @Test("an error has its number and the kernel's own words")
    func errors() throws {
        let head = [UInt8](repeating: 0, count: 16)
        let words = NetlinkAttribute.encode([NetlinkAttribute(1, text: "no room")])
        let refused = NetlinkMessage(
            kind: 2, flags: 0x200, sequence: 1, body: Int32(-17).machineBytes + head + words)
        #expect(refused.outcome?.number == 17 && refused.outcome?.words == "no room")
        let short = NetlinkMessage(
            kind: 2, flags: 0, sequence: 1, body: Int32(-1).machineBytes + head)
        #expect(short.outcome?.number == 1 && short.outcome?.words == "")
        let smallest = NetlinkMessage(
            kind: 2, flags: 0, sequence: 1, body: Int32.min.machineBytes + head)
        #expect(smallest.outcome?.number == .max)
        let done = NetlinkMessage(kind: 3, flags: 0, sequence: 1, body: [])
        #expect(done.outcome?.number == 0)
    }

    @Test("requests carry what was asked for")
    func requests() throws {
        let made = NetlinkRequest.makeBridge(
            try Self.name("b0"), hardware: HardwareAddress(chosen: [1, 2, 3, 4, 5]), mtu: 1_400)
        let message = NetlinkMessage(kind: made.kind, flags: 0, sequence: 1, body: made.body)
        let attributes = try message.attributes(after: 16)
        #expect(attributes.first(3)?.text == "b0")
        #expect(attributes.first(1)?.content == [2, 1, 2, 3, 4, 5])
        #expect(attributes.first(4)?.number(UInt32.self) == 1_400)
        #expect(try attributes.first(18)?.children().first(1)?.text == "bridge")
        let entry = try LinkEntry(message)
        #expect(entry?.name == "b0" && entry?.kind == "bridge")
        let way = try NetlinkRequest.setDefaultRoute(
            over: try #require(IPAddress("10.0.0.1")), at: 9)
        let route = try #require(
            try RouteEntry(
                NetlinkMessage(kind: way.kind, flags: 0, sequence: 1, body: way.body)))
        #expect(route.destination.prefix == 0 && route.interface == 9)
    }

    @Test("whatever comes instead of an answer, reading ends with a value or a refusal")
    func mutations() throws {
        let peer = NetlinkRequest.PeerPlace(
            name: "eth0", hardware: HardwareAddress(chosen: [1, 2, 3, 4, 5]), namespaceFile: 3)
        let rate = try #require(TrafficRate("10mbit"))
        let samples = [
            NetlinkRequest.makePair(try Self.name("v0"), below: 4, mtu: 1_500, peer: peer),
            try .setDefaultRoute(over: try #require(IPAddress("fd00::1")), at: 2),
            .limit(5, to: rate), .links,
        ].map { NetlinkMessage(kind: $0.kind, flags: 0x200, sequence: 1, body: $0.body).encoded }
        var numbers = Mutation(seed: 11)
        for round in 0..<20_000 {
            let bytes = numbers.mutated(samples[round % samples.count])
            for message in (try? NetlinkMessage.decode(bytes)) ?? [] {
                _ = try? LinkEntry(message)
                _ = try? RouteEntry(message)
                _ = message.outcome
                if let found = try? message.attributes(after: 0) {
                    let again = NetlinkAttribute.encode(found)
                    #expect(try NetlinkAttribute.decode(again[...]) == found)
                }
            }
        }
    }

    @Test("rates are read as tc reads them")
    func rates() {
        #expect(TrafficRate("8000")?.bytesPerSecond == 1_000)
        #expect(TrafficRate("10mbit")?.bytesPerSecond == 1_250_000)
        #expect(TrafficRate("1Gbit")?.bytesPerSecond == 125_000_000)
        for text in [
            "", "mbit", "10 mbit", "-1", "7999", "2000gbit", "99999999999999999999", "1kb",
        ] {
            #expect(TrafficRate(text) == nil)
        }
    }
}
