// SPDX-License-Identifier: Apache-2.0
import ContainerNetworks
import HTTPServer
import JSONText

/// What a client wants of ports: `ExposedPorts`, `PortBindings`, `PublishAllPorts`.
struct PortOptions {
    let wishes: [PortWish]
    /// What is exposed and not published.
    let exposed: [ContainerPort]

    /// The most ports of one container, published and exposed: as many sockets and two rules each.
    static let countMax = 1_024

    init(_ body: JSON) throws(EngineFailure) {
        var known: Set<ContainerPort> = []
        for member in body["ExposedPorts"]?.members ?? [] {
            known.insert(try Self.port(member.name))
        }
        let host = body["HostConfig"]
        var wishes: [PortWish] = []
        for member in host?["PortBindings"]?.members ?? [] {
            let port = try Self.port(member.name)
            for binding in member.value.elements ?? [] {
                let address = binding["HostIp"]?.text ?? ""
                let hostPort = binding["HostPort"]?.text ?? ""
                guard let wish = PortWish(port, host: address, hostPort: hostPort) else {
                    throw EngineFailure(
                        .badRequest, "invalid port specification: \"\(address):\(hostPort)\"")
                }
                wishes.append(wish)
            }
        }
        let bound = Set(wishes.map(\.port))
        let rest = known.subtracting(bound).sorted()
        let publishesAll = host?["PublishAllPorts"]?.flag ?? false
        self.wishes = wishes + (publishesAll ? rest.map { PortWish($0) } : [])
        exposed = publishesAll ? [] : rest
        guard self.wishes.count + exposed.count <= Self.countMax else {
            throw EngineFailure(.badRequest, "more than \(Self.countMax) ports")
        }
    }

    private static func port(_ text: String) throws(EngineFailure) -> ContainerPort {
        guard let port = ContainerPort(text) else {
            throw EngineFailure(.badRequest, "invalid port specification: \"\(text)\"")
        }
        return port
    }
}
