// SPDX-License-Identifier: Apache-2.0
import ContainerNetworks
import Effects
import HTTPServer
import JSONText

/// What a client wants of names in a container: `Dns`, `DnsSearch`, `DnsOptions`, `ExtraHosts`.
struct NameOptions: Sendable {
    /// Who is asked in place of the machine's resolvers.
    let servers: [IPAddress]
    let search: [String]
    let options: [String]
    /// Names with addresses that the client chose; nil for the machine's own.
    let hosts: [(name: String, address: IPAddress?)]

    /// The most entries of each.
    static let countMax = 256
    /// The port of the domain name system.
    static let port: UInt16 = 53

    init(_ host: JSON?) throws(EngineFailure) {
        var servers: [IPAddress] = []
        for text in try Self.texts(host, "Dns") {
            guard let address = IPAddress(text) else {
                throw EngineFailure(.badRequest, "invalid IP address in Dns: '\(text)'")
            }
            servers.append(address)
        }
        self.servers = servers
        search = try Self.texts(host, "DnsSearch")
        options = try Self.texts(host, "DnsOptions")
        var hosts: [(name: String, address: IPAddress?)] = []
        for text in try Self.texts(host, "ExtraHosts") {
            let colon = text.firstIndex { $0 == ":" || $0 == "=" }
            let name = String(text[..<(colon ?? text.endIndex)])
            let value = colon.map { String(text[text.index(after: $0)...]) } ?? ""
            guard !name.isEmpty, value == Self.gateway || IPAddress(value) != nil else {
                throw EngineFailure(.badRequest, "invalid ExtraHosts: '\(text)'")
            }
            hosts.append((name, IPAddress(value)))
        }
        self.hosts = hosts
    }

    private static let gateway = "host-gateway"

    private static func texts(_ host: JSON?, _ name: String) throws(EngineFailure) -> [String] {
        let texts = ContainerOptions.texts(host?[name]) ?? []
        guard texts.count <= countMax, texts.allSatisfy(isLine) else {
            throw EngineFailure(.badRequest, "invalid \(name)")
        }
        return texts
    }

    /// What goes into a file of lines and words.
    private static func isLine(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    /// Where the servers are asked.
    var endpoints: [Endpoint] { Self.endpoints(servers) }

    static func endpoints(_ servers: [IPAddress]) -> [Endpoint] {
        servers.map { Endpoint(host: $0.description, port: port) }
    }
}
