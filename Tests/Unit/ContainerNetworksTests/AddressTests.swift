// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ContainerNetworks

@Suite("Addresses")
struct AddressTests {
    @Test(
        "addresses are read and written as people write them",
        arguments: [
            "0.0.0.0", "192.0.2.1", "255.255.255.255", "::", "::1", "2001:db8::1", "fe80::",
            "1:2:3:4:5:6:7:8", "1:0:0:2::3", "1::2:0:0:3:4",
        ])
    func texts(text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == text)
        #expect(IPAddress(bytes: address.bytes) == address)
    }

    @Test("other ways to write an address mean the same")
    func otherTexts() {
        #expect(IPAddress("2001:DB8:0:0::1") == IPAddress("2001:db8::1"))
        #expect(IPAddress("::ffff:192.0.2.1")?.description == "::ffff:c000:201")
        #expect(IPAddress("1:2:3:4:5:6:192.0.2.1")?.description == "1:2:3:4:5:6:c000:201")
    }

    @Test(
        "what is no address is none",
        arguments: [
            "", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.-4", "1.2.3.4 ", "a.b.c.d",
            ":", ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "g::",
            "1:2:3:4:5:6:7:8::", "1.2.3.4::", "::1%eth0", "1:2:3:4:5:6:7:1.2.3.4",
        ])
    func nonsense(text: String) { #expect(IPAddress(text) == nil) }

    @Test("a subnet holds the addresses that begin as it does")
    func subnets() throws {
        let subnet = try #require(IPSubnet("10.1.2.3/16"))
        #expect(subnet.description == "10.1.0.0/16" && subnet.last.description == "10.1.255.255")
        #expect(subnet.contains(try #require(IPAddress("10.1.9.9"))))
        #expect(!subnet.contains(try #require(IPAddress("10.2.0.0"))))
        #expect(subnet.overlaps(try #require(IPSubnet("10.0.0.0/8"))))
        #expect(!subnet.overlaps(try #require(IPSubnet("10.2.0.0/16"))))
        #expect(!subnet.overlaps(try #require(IPSubnet("::/0"))))
        #expect(try #require(IPSubnet("::/0")).last.description.hasPrefix("ffff:ffff"))
        for text in ["10.0.0.0", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "x/8", "10.0.0.0/8/8"] {
            #expect(IPSubnet(text) == nil)
        }
    }

    @Test("a pool gives each address to one at a time, and one given back last (NETWORKS-3)")
    func pool() throws {
        var pool = try AddressPool(try #require(IPSubnet("10.0.0.0/29")))
        #expect(pool.gateway.description == "10.0.0.1")
        var given: [IPAddress] = []
        for _ in 0..<5 { given.append(try pool.take()) }
        #expect(given.map(\.description) == (2...6).map { "10.0.0.\($0)" })
        #expect(throws: AddressRefusal.exhausted(pool.range)) { try pool.take() }
        pool.giveBack(given[1])
        pool.giveBack(given[3])
        #expect(try pool.take() == given[1])
        #expect(throws: AddressRefusal.inUse(given[0])) { try pool.take(given[0]) }
        try pool.take(given[3])
        #expect(throws: AddressRefusal.exhausted(pool.range)) { try pool.take() }
    }

    @Test("neither the gateway's address nor the network's nor a stranger's is given")
    func reserved() throws {
        let subnet = try #require(IPSubnet("10.0.0.0/24"))
        let gateway = try #require(IPAddress("10.0.0.254"))
        let range = try #require(IPSubnet("10.0.0.248/29"))
        var pool = try AddressPool(subnet, range: range, gateway: gateway)
        #expect(try pool.take().description == "10.0.0.248")
        for last in [0, 254, 255] {
            let address = try #require(IPAddress("10.0.0.\(last)"))
            #expect(throws: AddressRefusal.reserved(address)) { try pool.take(address) }
        }
        let stranger = try #require(IPAddress("10.0.1.1"))
        #expect(throws: AddressRefusal.outside(stranger, subnet)) { try pool.take(stranger) }
        #expect(throws: AddressRefusal.self) { try AddressPool(subnet, gateway: stranger) }
        let small = try #require(IPSubnet("10.0.0.0/31"))
        #expect(throws: AddressRefusal.tooSmall(small)) { try AddressPool(small) }
    }

    @Test("a subnet that is chosen shares no address with any that is known")
    func choice() throws {
        var known = try [#require(IPSubnet("172.16.0.0/13")), #require(IPSubnet("172.24.0.0/14"))]
        known.append(try #require(IPSubnet("172.28.16.0/21")))
        for _ in 0..<70 {
            let chosen = try SubnetChoice.four(avoiding: known)
            #expect(!known.contains { $0.overlaps(chosen) })
            known.append(chosen)
        }
        #expect(known.last?.base.description.hasPrefix("192.168.") == true)
        #expect(throws: AddressRefusal.noSubnet) {
            try SubnetChoice.four(avoiding: known + [try #require(IPSubnet("0.0.0.0/0"))])
        }
        let six = try SubnetChoice.six(site: 0x12_3456_789A, avoiding: [])
        #expect(six.description == "fd12:3456:789a::/64")
        #expect(
            try SubnetChoice.six(site: 0x12_3456_789A, avoiding: [six]).description
                == "fd12:3456:789a:1::/64")
    }
}
