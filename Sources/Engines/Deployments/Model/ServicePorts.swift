// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// A protocol that a port speaks.
public enum PortProtocol: UInt8, Sendable, CaseIterable {
    /// TCP.
    case tcp = 0
    /// UDP.
    case udp = 1

    /// As files write it.
    public var name: String { self == .tcp ? "tcp" : "udp" }

    /// Reads what files write.
    public init?(name: String) {
        guard let found = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = found
    }
}

/// A port of a service (DEPLOY-9).
public struct ServicePort: Hashable, Sendable, CanonicalCodable {
    /// Where the program listens: 1 to 65,535.
    public var target: UInt16
    /// TCP or UDP.
    public var transport: PortProtocol
    /// Whether it can be reached from outside the deployment; otherwise by other services alone.
    public var isPublished: Bool
    /// The number asked for outside; nothing leaves the choice to the provider.
    public var published: UInt16?
    /// The names under which it is served to browsers; a provider routes by them.
    public var hosts: [String]

    /// Joins the fields.
    public init(
        _ target: UInt16, _ transport: PortProtocol = .tcp, isPublished: Bool = false,
        published: UInt16? = nil, hosts: [String] = []
    ) {
        self.target = target
        self.transport = transport
        self.isPublished = isPublished
        self.published = published
        self.hosts = hosts
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(target)
        encoder.write(transport.rawValue)
        encoder.write(isPublished)
        encoder.writeOptionalInteger(published)
        encoder.writeTexts(hosts)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        target = try decoder.read()
        let tag = try decoder.read(UInt8.self)
        guard let transport = PortProtocol(rawValue: tag) else { throw .unknownTag(UInt32(tag)) }
        self.transport = transport
        isPublished = try decoder.readFlag()
        published = try decoder.readOptionalInteger()
        hosts = try decoder.readTexts()
    }
}

/// A network that a service is on, and what it is called there beside its own name.
public struct NetworkAttachment: Hashable, Sendable, CanonicalCodable {
    /// The network.
    public var network: String
    /// Further names.
    public var aliases: [String]

    /// Joins the fields.
    public init(_ network: String, aliases: [String] = []) {
        self.network = network
        self.aliases = aliases
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeText(network)
        encoder.writeTexts(aliases)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        network = try decoder.readName()
        aliases = try decoder.readTexts()
    }
}
