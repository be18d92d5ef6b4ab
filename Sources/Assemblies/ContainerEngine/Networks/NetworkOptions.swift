// SPDX-License-Identifier: Apache-2.0
import ContainerNetworks
import HTTPServer
import JSONText

/// What a client says of a network beyond its addresses: `Options`.
struct NetworkOptions: Sendable {
    var bridge: InterfaceName?
    var mtu: UInt32?
    var masquerades = true
    var rates = Rates()

    /// The most that may pass in and out of one container in a second.
    struct Rates: Hashable, Sendable {
        static let names = ["atoll.bandwidth.in", "atoll.bandwidth.out"]

        var incoming: TrafficRate?
        var outgoing: TrafficRate?

        init() {}

        /// Those of options, of which others are not looked at.
        init(_ options: JSON?) {
            incoming = options?[Self.names[0]]?.text.flatMap { TrafficRate($0) }
            outgoing = options?[Self.names[1]]?.text.flatMap { TrafficRate($0) }
        }

        /// Refuses what is no rate.
        static func check(_ options: JSON?) throws(EngineFailure) {
            for name in names {
                guard let text = options?[name]?.text, TrafficRate(text) == nil else { continue }
                throw EngineFailure(
                    .badRequest, "\(name): '\(text)' is no rate, such as 10mbit")
            }
        }
    }

    private static let bridgeName = "com.docker.network.bridge.name"
    private static let masquerade = "com.docker.network.bridge.enable_ip_masquerade"
    private static let mtuName = "com.docker.network.driver.mtu"
    /// Options with the one value that is what this engine does anyway.
    private static let fixed = [
        "com.docker.network.bridge.enable_icc": "true",
        "com.docker.network.bridge.default_bridge": "false",
        "com.docker.network.bridge.host_binding_ipv4": "0.0.0.0",
    ]

    /// Options that were checked when the network was made.
    init(known options: JSON?) {
        bridge = options?[Self.bridgeName]?.text.flatMap { InterfaceName($0) }
        mtu = options?[Self.mtuName]?.text.flatMap { UInt32($0) }
        masquerades = options?[Self.masquerade]?.text != "false"
        rates = Rates(options)
    }

    /// Refuses what is not known and what cannot be.
    static func check(_ options: JSON?) throws(EngineFailure) {
        let known = Rates.names + [bridgeName, masquerade, mtuName]
        for option in options?.members ?? [] where !known.contains(option.name) {
            guard let value = fixed[option.name], option.value.text == value else {
                throw .unsupported("the network option \(option.name)")
            }
        }
        try Rates.check(options)
        if let text = options?[bridgeName]?.text, InterfaceName(text) == nil {
            throw EngineFailure(.badRequest, "'\(text)' cannot be the name of an interface")
        }
        if let text = options?[mtuName]?.text {
            guard let mtu = UInt32(text), BridgePlan.mtuRange.contains(mtu) else {
                throw EngineFailure(.badRequest, "'\(text)' cannot be the mtu of a bridge")
            }
        }
    }
}
