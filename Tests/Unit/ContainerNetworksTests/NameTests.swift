// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ContainerNetworks

@Suite("Names")
struct NameTests {
    static func question(_ name: String, _ kind: UInt16, id: UInt16 = 0x1234) -> [UInt8] {
        let labels = name.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
        return id.networkBytes + [1, 0, 0, 1, 0, 0, 0, 0, 0, 0] + labels + [0]
            + kind.networkBytes + [0, 1]
    }

    private static func query(_ name: String, _ kind: UInt16) throws -> NameQuery {
        try #require(NameQuery(question(name, kind)))
    }

    private static func address(_ text: String) throws -> IPAddress {
        try #require(IPAddress(text))
    }

    private static func book() throws -> NameBook {
        NameBook([
            .init(
                container: "1", network: "Front", hasNames: true, isInternal: false,
                names: ["web", "www"], addresses: [try address("10.0.0.2"), try address("fd::2")]),
            .init(
                container: "2", network: "Front", hasNames: true, isInternal: false,
                names: ["other", "WWW"], addresses: [try address("10.0.0.3")]),
            .init(
                container: "3", network: "back", hasNames: true, isInternal: true,
                names: ["data"], addresses: [try address("10.0.1.2")]),
            .init(
                container: "1", network: "back", hasNames: true, isInternal: true,
                names: ["web"], addresses: [try address("10.0.1.3")]),
            .init(
                container: "4", network: "bridge", hasNames: false, isInternal: false,
                names: ["lone"], addresses: [try address("10.0.2.2")]),
        ])
    }

    @Test("a question is read whatever the case of its letters, and answered as it was asked")
    func questions() throws {
        let query = try Self.query("WeB.Front", 1)
        #expect(query.name == "web.front" && query.kind == 1 && query.wantsRecursion)
        let answer = NameAnswer.addresses([try Self.address("10.0.0.2")])
            .encoded(to: query, isDatagram: true)
        #expect(answer.prefix(12) == [0x12, 0x34, 0x85, 0x80, 0, 1, 0, 1, 0, 0, 0, 0])
        #expect(answer.dropFirst(12).prefix(query.question.count) == query.question[...])
        #expect(answer.suffix(16) == [0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 5, 0, 4, 10, 0, 0, 2])
        #expect(
            NameAnswer.unknown.encoded(to: query, isDatagram: true)[3] == 0x83, "no such name")
    }

    @Test("an answer too long for a datagram says that there is more over TCP")
    func cut() throws {
        let query = try Self.query("web", 28)
        let many = NameAnswer.addresses((0..<100).map { IPAddress(.six, UInt128($0)) })
        let datagram = many.encoded(to: query, isDatagram: true)
        #expect(datagram.count == 12 + query.question.count && datagram[2] & 2 != 0)
        let whole = many.encoded(to: query, isDatagram: false)
        #expect(whole.count == 12 + query.question.count + 28 * NameAnswer.addressesMax)
        #expect(whole[2] & 2 == 0)
    }

    @Test("who shares a network has a name for the others there, and nobody else (NETWORKS-7)")
    func networks() throws {
        let book = try Self.book()
        func asked(_ name: String, _ kind: UInt16, _ container: String) throws -> NameAnswer? {
            book.answer(to: try Self.query(name, kind), from: container)
        }
        #expect(try asked("web", 1, "2") == .addresses([try Self.address("10.0.0.2")]))
        #expect(try asked("web", 28, "2") == .addresses([try Self.address("fd::2")]))
        #expect(try asked("other", 28, "1") == .addresses([]), "there, without IPv6")
        #expect(
            try asked("www", 1, "1")
                == .addresses([try Self.address("10.0.0.2"), try Self.address("10.0.0.3")]))
        #expect(try asked("web.back", 1, "3") == .addresses([try Self.address("10.0.1.3")]))
        #expect(try asked("data", 1, "1") == .addresses([try Self.address("10.0.1.2")]))
        #expect(try asked("data", 1, "2") == nil, "others may know that name")
        #expect(try asked("other", 1, "3") == .refused, "nothing is asked from within")
        #expect(try asked("lone", 1, "4") == nil, "the first network has no names")
        #expect(try asked("web", 1, "9") == .refused, "a stranger")
    }

    @Test("an address has its container's name")
    func pointers() throws {
        let book = try Self.book()
        func asked(_ name: String, _ container: String) throws -> NameAnswer? {
            book.answer(to: try Self.query(name, 12), from: container)
        }
        #expect(try asked("2.0.0.10.in-addr.arpa", "2") == .pointer("web.Front"))
        #expect(try asked("2.1.0.10.in-addr.arpa", "2") == nil)
        let six =
            String(
                IPAddress(.six, try Self.address("fd::2").value).bytes.flatMap {
                    [String($0 >> 4, radix: 16), String($0 & 15, radix: 16)]
                }.reversed().joined(separator: ".")) + ".ip6.arpa"
        #expect(try asked(six, "2") == .pointer("web.Front"))
        #expect(try Self.query("x.0.0.10.in-addr.arpa", 12).pointedAddress == nil)
    }

    @Test("what is no question is none")
    func nonsense() throws {
        let bytes = Self.question("web", 1)
        var answer = bytes
        answer[2] |= 0x80
        #expect(NameQuery(answer) == nil)
        var two = bytes
        two[5] = 2
        #expect(NameQuery(two) == nil)
        var loop = Array(bytes.prefix(12)) + [0xC0, 12, 0, 1, 0, 1]
        #expect(NameQuery(loop) == nil)
        loop[12] = 64
        #expect(NameQuery(loop) == nil)
        for count in 0..<bytes.count { #expect(NameQuery(Array(bytes.prefix(count))) == nil) }
        let long = Array(repeating: "abcdefgh", count: 29).joined(separator: ".")
        #expect(NameQuery(Self.question(long, 1)) == nil)
    }

    @Test("whatever comes as a question, it is answered or passed over")
    func mutations() throws {
        let book = try Self.book()
        let samples = [
            Self.question("web.front", 1), Self.question("2.0.0.10.in-addr.arpa", 12),
            Self.question(String(repeating: "0.", count: 32) + "ip6.arpa", 12),
        ]
        var numbers = Mutation(seed: 5)
        for round in 0..<20_000 {
            guard let query = NameQuery(numbers.mutated(samples[round % 3])) else { continue }
            let answer = book.answer(to: query, from: "1") ?? .failed
            let bytes = answer.encoded(to: query, isDatagram: true)
            #expect(bytes.count <= 12 + 300 + NameAnswer.datagramBytesMax)
            #expect(bytes[0] == UInt8(query.id >> 8))
        }
    }

    @Test("a resolvers' file is read as the C library reads it, and written again")
    func resolvers() throws {
        let file = ResolverFile(
            """
            # nameserver 9.9.9.9
            nameserver 10.0.0.53
            nameserver fe80::1%eth0
            nameserver nonsense
            search a.example b.example
            options ndots:2 edns0
            sortlist 1.2.3.4
            """)
        #expect(file.servers.map(\.description) == ["10.0.0.53", "fe80::1"])
        #expect(file.search == ["a.example", "b.example"])
        #expect(file.options == ["ndots:2", "edns0"])
        #expect(ResolverFile(file.text) == file)
        let many = (0..<100).map { "nameserver 10.0.0.\($0)\n" }.joined()
        #expect(ResolverFile(many).servers.count == ResolverFile.listMax)
    }

    @Test("a container's hosts say its name at its addresses")
    func hosts() throws {
        let own = [try Self.address("10.0.0.2")]
        let text = HostsFile.text(
            own: own, hostname: "web", more: [(try Self.address("10.0.0.9"), "db")])
        #expect(text.contains("10.0.0.2\tweb\n") && text.contains("10.0.0.9\tdb\n"))
        #expect(text.hasPrefix("127.0.0.1\tlocalhost\n"))
        #expect(HostsFile.text(own: [], hostname: "web").contains("127.0.1.1\tweb\n"))
    }
}
