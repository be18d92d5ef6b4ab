// SPDX-License-Identifier: Apache-2.0

/// What may pass between networks, and where published ports lead (NETWORKS-4 to NETWORKS-6).
///
/// A value; ``text(table:)`` writes it for nftables.
public struct RuleSet: Hashable, Sendable {
    /// A network's bridge.
    public struct Bridge: Hashable, Sendable {
        /// Its interface.
        public var name: InterfaceName
        /// The network's addresses.
        public var subnets: [IPSubnet]
        /// Whether nothing passes between it and elsewhere.
        public var isInternal: Bool
        /// Whether what leaves it has the machine's address.
        public var masquerades: Bool

        /// Joins the parts.
        public init(
            name: InterfaceName, subnets: [IPSubnet], isInternal: Bool, masquerades: Bool
        ) {
            self.name = name
            self.subnets = subnets
            self.isInternal = isInternal
            self.masquerades = masquerades
        }
    }

    /// A port of the machine that leads to a container.
    public struct Publication: Hashable, Sendable {
        /// TCP or UDP.
        public var transport: PortTransport
        /// The machine's address that it is published at; nil for all.
        public var host: IPAddress?
        /// The machine's port.
        public var hostPort: UInt16
        /// The container's address.
        public var target: IPAddress
        /// The container's port.
        public var targetPort: UInt16

        /// Joins the parts.
        public init(
            transport: PortTransport, host: IPAddress?, hostPort: UInt16, target: IPAddress,
            targetPort: UInt16
        ) {
            self.transport = transport
            self.host = host
            self.hostPort = hostPort
            self.target = target
            self.targetPort = targetPort
        }
    }

    /// The bridges.
    public var bridges: [Bridge]
    /// The published ports.
    public var publications: [Publication]

    /// Joins both.
    public init(bridges: [Bridge] = [], publications: [Publication] = []) {
        self.bridges = bridges
        self.publications = publications
    }

    /// Whether there is nothing to rule.
    public var isEmpty: Bool { bridges.isEmpty && publications.isEmpty }

    // MARK: As nftables reads it

    /// A transaction that puts this in place of what the table said before.
    public func text(table: TableName) -> String {
        guard !isEmpty else { return Self.removal(of: table) }
        let chains = [
            Self.chain("raw", "filter hook prerouting priority -300", rawRules),
            Self.chain("prerouting", "nat hook prerouting priority -100", [Self.local]),
            Self.chain("output", "nat hook output priority -100", [Self.local]),
            Self.chain("postrouting", "nat hook postrouting priority 100", postroutingRules),
            Self.chain("forward", "filter hook forward priority 0", forwardRules),
        ]
        let ports =
            "  chain ports {\n" + publications.map { "    \(rule($0))\n" }.joined() + "  }\n"
        return Self.removal(of: table) + "table inet \(table) {\n\(ports)\(chains.joined())}\n"
    }

    /// A transaction that takes the table away, there or not.
    public static func removal(of table: TableName) -> String {
        "add table inet \(table)\ndelete table inet \(table)\n"
    }

    private static let local = "fib daddr type local jump ports"

    private static func chain(_ name: String, _ hook: String, _ rules: [String]) -> String {
        "  chain \(name) {\n    type \(hook); policy accept;\n"
            + rules.map { "    \($0)\n" }.joined() + "  }\n"
    }

    private func names(_ bridges: [Bridge]) -> String {
        "{ " + bridges.map { "\"\($0.name)\"" }.joined(separator: ", ") + " }"
    }

    /// What containers send to the machine's 127.0.0.0/8 would arrive where it alone speaks.
    private var rawRules: [String] {
        bridges.isEmpty ? [] : ["iifname \(names(bridges)) ip daddr 127.0.0.0/8 drop"]
    }

    private func rule(_ publication: Publication) -> String {
        let family = publication.target.family == .four ? "ip" : "ip6"
        let transport = publication.transport.rawValue
        let target =
            publication.target.family == .four
            ? "\(publication.target)" : "[\(publication.target)]"
        let place =
            publication.host.map { "\(family) daddr \($0) " }
            // From the machine's ::1 there is no way out of it.
            ?? (family == "ip6" ? "ip6 daddr != ::1 " : "")
        return "\(place)\(transport) dport \(publication.hostPort) "
            + "dnat \(family) to \(target):\(publication.targetPort)"
    }

    private var postroutingRules: [String] {
        var rules: [String] = []
        for bridge in bridges {
            let name = "\"\(bridge.name)\""
            for subnet in bridge.subnets {
                let family = subnet.family == .four ? "ip" : "ip6"
                if bridge.masquerades && !bridge.isInternal {
                    rules.append("\(family) saddr \(subnet) oifname != \(name) masquerade")
                }
                // To a published port of its own network: answers must come back this way.
                rules.append(
                    "\(family) saddr \(subnet) oifname \(name) ct status dnat masquerade")
            }
            rules.append("ip saddr 127.0.0.0/8 oifname \(name) masquerade")
        }
        return rules
    }

    private var forwardRules: [String] {
        guard !bridges.isEmpty else { return [] }
        let all = names(bridges)
        let own = bridges.map { "\"\($0.name)\" . \"\($0.name)\"" }.joined(separator: ", ")
        let internals = bridges.filter(\.isInternal)
        var rules = [
            "iifname != \(all) oifname != \(all) accept",
            "iifname . oifname { \(own) } accept",
        ]
        if !internals.isEmpty {
            rules += [
                "iifname \(names(internals)) drop", "oifname \(names(internals)) drop",
            ]
        }
        return rules + [
            "ct state established,related accept", "ct status dnat accept",
            // Neither from another network nor from outside but by a published port.
            "oifname \(all) drop",
        ]
    }
}

/// Which protocol a port is of.
public enum PortTransport: String, Hashable, Sendable, CaseIterable {
    /// TCP.
    case tcp
    /// UDP.
    case udp
}

/// The name of a table of nftables.
public struct TableName: Hashable, Sendable, CustomStringConvertible {
    /// As nftables reads it.
    public let text: String

    /// A name of small letters, digits and `_` that begins with a letter, at most 64; nil for any
    /// other.
    public init?(_ text: String) {
        let isPlain = text.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x5F
        }
        guard isPlain, let first = text.utf8.first, first >= 0x61, text.utf8.count <= 64 else {
            return nil
        }
        self.text = text
    }

    /// The name.
    public var description: String { text }
}
