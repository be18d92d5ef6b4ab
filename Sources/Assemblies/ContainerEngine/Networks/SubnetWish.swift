// SPDX-License-Identifier: Apache-2.0
import ContainerNetworks
import HTTPServer
import JSONText

/// What a client wants of a network's addresses: `IPAM` and `EnableIPv6`.
struct SubnetWish {
    /// Subnets that it names.
    private(set) var named: [EngineNetwork.Subnet] = []
    let wantsSix: Bool

    init(_ body: JSON) throws(EngineFailure) {
        let own = body["IPAM"]
        if let driver = own?["Driver"]?.text, !["", "default"].contains(driver) {
            throw .unsupported("the IPAM driver '\(driver)'")
        }
        for entry in own?["Config"]?.elements ?? [] {
            for name in ["AuxiliaryAddresses"] where !(entry[name]?.members ?? []).isEmpty {
                throw .unsupported("IPAM.Config.\(name)")
            }
            guard let text = entry["Subnet"]?.text, !text.isEmpty else { continue }
            let subnet = try Self.read(text, "subnet") { IPSubnet($0) }
            let range = try Self.read(entry["IPRange"]?.text, "range") { IPSubnet($0) }
            let gateway = try Self.read(entry["Gateway"]?.text, "gateway") { IPAddress($0) }
            guard let subnet else { continue }
            do throws(AddressRefusal) {
                let pool = try AddressPool(subnet, range: range, gateway: gateway)
                named.append(
                    EngineNetwork.Subnet(subnet: subnet, range: range, gateway: pool.gateway))
            } catch {
                throw EngineFailure(.badRequest, "\(error)")
            }
        }
        for family in [IPAddress.Family.four, .six]
        where named.filter({ $0.subnet.family == family }).count > 1 {
            throw .unsupported("more than one subnet of IPv\(family.rawValue)")
        }
        wantsSix =
            body["EnableIPv6"]?.flag ?? false || named.contains { $0.subnet.family == .six }
    }

    private static func read<Value>(
        _ text: String?, _ what: String, _ read: (String) -> Value?
    ) throws(EngineFailure) -> Value? {
        guard let text, !text.isEmpty else { return nil }
        guard let value = read(text) else {
            throw EngineFailure(.badRequest, "invalid \(what) \(text)")
        }
        return value
    }
}
