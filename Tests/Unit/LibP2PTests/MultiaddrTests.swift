// SPDX-License-Identifier: Apache-2.0
import Effects
import Testing
import Vocabulary

@testable import LibP2P

@Suite("Addresses (LIBP-10)")
struct MultiaddrTests {
    @Test(
        "text and bytes are those of the public implementations' tests",
        arguments: [
            ("/ip4/127.0.0.1/udp/1234", "047f000001910204d2"),
            ("/ip4/127.0.0.1/tcp/4321", "047f0000010610e1"),
            (
                "/ip6/2001:8a0:7ac5:4201:3ac9:86ff:fe31:7095/tcp/8000",
                "29200108a07ac542013ac986fffe317095061f40"
            ),
            (
                "/ip4/127.0.0.1/udp/1234/ip4/127.0.0.1/tcp/4321",
                "047f000001910204d2047f0000010610e1"
            ),
            (
                "/ip4/127.0.0.1/tcp/4321/p2p/QmcgpsyWgH8Y8ajJz1Cu72KnS5uo2Aa2LpzU7kinSupNKC",
                "047f0000010610e1a503221220d52ebb89d85b02a284948203a62ff28389c57c9f42beec4ec20db76a"
                    + "68911c0b"
            ),
            ("/dns4/example.com/tcp/443/wss", "360b6578616d706c652e636f6d0601bbde03"),
            ("/ip4/1.2.3.4/udp/4001/quic-v1", "04010203049102" + "0fa1" + "cd03"),
        ])
    func vectors(text: String, bytes: String) throws {
        let address = try Multiaddr(text)
        #expect(Hexadecimal.encode(address.bytes) == bytes)
        #expect(address.description == text)
        #expect(try Multiaddr(hex(bytes)) == address)
    }

    @Test(
        "what is no address is refused",
        arguments: [
            "", "/", "ip4/1.2.3.4", "/ip4", "/ip4/1.2.3", "/ip4/1.2.3.256", "/ip4/01.2.3.4",
            "/ip6/::1::", "/ip6/1:2:3:4:5:6:7:8:9", "/ip6/12345::", "/tcp/65536", "/tcp/-1",
            "/tcp/+1", "/tcp", "/p2p/Qm", "/dns/", "/dns/a b",
        ])
    func refused(text: String) {
        #expect(throws: WireFailure.self) { try Multiaddr(text) }
    }

    @Test("a protocol that is not known here is refused by its name or its code")
    func unknown() {
        #expect(throws: WireFailure.unknownProtocolName("onion3")) {
            try Multiaddr("/onion3/abc:1")
        }
        #expect(throws: WireFailure.unknownProtocolCode(465)) { try Multiaddr(hex("d103")) }
    }

    @Test(
        "IPv6 texts are written as RFC 5952 says",
        arguments: [
            ("::", "::"), ("::1", "::1"), ("1::", "1::"),
            ("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
            ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("::ffff:1.2.3.4", "::ffff:1.2.3.4"),
            ("1:0:0:2:0:0:0:3", "1:0:0:2::3"),
        ])
    func ip6(text: String, canonical: String) throws {
        #expect(IPText.text(ip6: must(IPText.ip6(text))) == canonical)
    }

    @Test("an address of a TCP port is an endpoint and back, with or without a peer")
    func endpoints() throws {
        let peer = Persons.peer(1)
        for (host, name) in [("192.0.2.1", "ip4"), ("2001:db8::1", "ip6"), ("a.example", "dns")] {
            let endpoint = Endpoint(host: host, port: 4_001)
            let address = Multiaddr(endpoint, peer: peer)
            #expect(address.description == "/\(name)/\(host)/tcp/4001/p2p/\(peer)")
            #expect(address.endpoint == endpoint)
            #expect(address.peer == peer)
            #expect(address.withoutPeer.with(peer: peer) == address)
        }
        #expect(try Multiaddr("/ip4/1.2.3.4/udp/4001/quic-v1").endpoint == nil)
        #expect(try Multiaddr("/ip4/1.2.3.4/tcp/4001/ws").endpoint == nil)
    }

    @Test("an address through a relay has the relay's address before the circuit")
    func relays() throws {
        let relay = try Multiaddr("/ip4/1.2.3.4/tcp/4001").with(peer: Persons.peer(1))
        let address = relay.through(to: Persons.peer(2))
        #expect(address.relay == relay)
        #expect(address.peer == Persons.peer(2))
        #expect(address.endpoint == nil)
        #expect(relay.relay == nil)
    }

    @Test("addresses survive any bytes, and those that are read are written alike")
    func fuzz() throws {
        var numbers = SeededNumbers(7)
        let seeds = try [
            "/ip4/1.2.3.4/tcp/4001", "/dns4/example.com/tcp/443/wss", "/ip6/::1/udp/1/quic-v1",
        ].map { try Multiaddr($0).with(peer: Persons.peer(3)) }
        for index in 0..<4_000 {
            let bytes = numbers.mutated(seeds[index % seeds.count].bytes)
            guard let address = try? Multiaddr(bytes) else { continue }
            #expect((try? Multiaddr(address.description)) == address)
        }
        for index in 0..<4_000 {
            let text = Array(seeds[index % seeds.count].description.utf8)
            _ = try? Multiaddr(String(decoding: numbers.mutated(text), as: UTF8.self))
        }
    }
}
