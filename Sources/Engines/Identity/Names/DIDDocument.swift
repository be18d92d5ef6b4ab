// SPDX-License-Identifier: Apache-2.0
public import JSONText

/// What a key of a document may be used for (DID core 1.0 §5.3).
public enum Relationship: String, CaseIterable, Hashable, Sendable {
    /// To show that one is the subject.
    case authentication
    /// To attest: credentials are signed with these.
    case assertionMethod
    /// To agree on secrets.
    case keyAgreement
    /// To use a capability.
    case capabilityInvocation
    /// To pass a capability on.
    case capabilityDelegation
}

/// A key of a document.
public struct VerificationMethod: Hashable, Sendable {
    /// Its name.
    public let id: DIDURL
    /// Who may change it.
    public let controller: DID
    /// The key, or nothing for a kind that is not understood.
    public let key: VerificationKey?

    /// Names a key.
    public init(id: DIDURL, controller: DID, key: VerificationKey?) {
        self.id = id
        self.controller = controller
        self.key = key
    }
}

/// Where the subject can be reached, or what it offers.
public struct ServiceEndpoint: Hashable, Sendable {
    /// Its name, a URL.
    public let id: String
    /// What kind of service it is.
    public let type: String
    /// Its addresses.
    public let addresses: [String]

    /// Names a service.
    public init(id: String, type: String, addresses: [String]) {
        self.id = id
        self.type = type
        self.addresses = addresses
    }
}

/// What is known of a DID: its keys, what each is for, and its services (IDENTITY-5).
public struct DIDDocument: Hashable, Sendable {
    /// The most keys of one document, and the most services: a machine has a handful.
    public static let partsMax = 64

    /// Whom it is about.
    public let id: DID
    /// Other names of the same subject.
    public var alsoKnownAs: [String] = []
    /// Who else may change it.
    public var controllers: [DID] = []
    /// The keys, in their order.
    public var methods: [VerificationMethod] = []
    /// The names of the keys for each use.
    public var relationships: [Relationship: [DIDURL]] = [:]
    /// The services, in their order.
    public var services: [ServiceEndpoint] = []

    /// A document that says nothing yet.
    public init(id: DID) { self.id = id }

    /// Adds a key for some uses.
    public mutating func add(_ method: VerificationMethod, for uses: [Relationship]) {
        methods.append(method)
        for use in uses { relationships[use, default: []].append(method.id) }
    }

    /// The key of this name if the document allows this use, or nothing.
    public func key(named id: DIDURL, for use: Relationship) -> VerificationKey? {
        guard relationships[use]?.contains(id) ?? false else { return nil }
        return methods.first { $0.id == id }?.key
    }
}

extension DIDDocument {
    /// The document with its keys as Multikey (DID core 1.0 §6, Controlled Identifiers 1.0 §2.2.2).
    public var json: JSON {
        var members: [JSON.Member] = [
            JSON.Member(
                "@context",
                ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]),
            JSON.Member("id", .string(id.description)),
        ]
        func add(_ name: String, _ values: [JSON]) {
            if !values.isEmpty { members.append(JSON.Member(name, .array(values))) }
        }
        add("alsoKnownAs", alsoKnownAs.map { .string($0) })
        add("controller", controllers.map { .string($0.description) })
        add("verificationMethod", methods.compactMap(Self.json(of:)))
        for use in Relationship.allCases {
            add(use.rawValue, (relationships[use] ?? []).map { .string($0.description) })
        }
        add("service", services.map(Self.json(of:)))
        return .object(members)
    }

    private static func json(of method: VerificationMethod) -> JSON? {
        guard let key = method.key else { return nil }
        return [
            "id": .string(method.id.description), "type": "Multikey",
            "controller": .string(method.controller.description),
            "publicKeyMultibase": .string(key.multibase),
        ]
    }

    private static func json(of service: ServiceEndpoint) -> JSON {
        let addresses = service.addresses.map { JSON.string($0) }
        return [
            "id": .string(service.id), "type": .string(service.type),
            "serviceEndpoint": addresses.count == 1 ? addresses[0] : .array(addresses),
        ]
    }
}
