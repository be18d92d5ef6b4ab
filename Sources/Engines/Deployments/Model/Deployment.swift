// SPDX-License-Identifier: Apache-2.0
import Cryptography
public import Vocabulary

/// The manifest: everything that a provider must know to run an application, and no secret
/// (DEPLOY-1).
///
/// Equal deployments have equal bytes, whatever file they were read from.
public struct Deployment: Hashable, Sendable {
    /// Its name.
    public var name: String
    /// What is leased together, sorted by name.
    public var groups: [DeploymentGroup]
    /// Services, sorted by name.
    public var services: [Service]
    /// Volumes, sorted by name.
    public var volumes: [Volume]
    /// Networks, sorted by name.
    public var networks: [DeploymentNetwork]
    /// Configs, sorted by name.
    public var configs: [ConfigFile]
    /// The names of secrets, sorted; their values travel sealed (DEPLOY-12).
    public var secrets: [String]

    /// What a digest of a manifest is made under.
    public static let domain = "atoll/deployment/1"

    /// A deployment with services in one group on one network.
    public init(
        _ name: String, services: [Service] = [], volumes: [Volume] = [],
        groups: [DeploymentGroup] = [DeploymentGroup()],
        networks: [DeploymentNetwork] = [DeploymentNetwork()],
        configs: [ConfigFile] = [], secrets: [String] = []
    ) {
        self.name = name
        self.services = services
        self.volumes = volumes
        self.groups = groups
        self.networks = networks
        self.configs = configs
        self.secrets = secrets
    }

    /// What the ledger knows of a manifest: the hash of its bytes under its domain.
    public var digest: Digest { digest(domain: Self.domain) }

    /// The service of a name.
    public func service(_ name: String) -> Service? { services.first { $0.name == name } }

    /// The volume of a name.
    public func volume(_ name: String) -> Volume? { volumes.first { $0.name == name } }
}

extension Deployment: CanonicalCodable {
    /// Appends the fields in the order of their declaration.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeText(name)
        encoder.writeList(groups)
        encoder.writeList(services)
        encoder.writeList(volumes)
        encoder.writeList(networks)
        encoder.writeList(configs)
        encoder.writeTexts(secrets)
    }

    /// Reads the fields in the order of their declaration, and checks what they say of each other.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        name = try decoder.readName()
        groups = try decoder.readList(limit: DeploymentLimits.partsMax)
        services = try decoder.readList(limit: DeploymentLimits.servicesMax)
        volumes = try decoder.readList(limit: DeploymentLimits.partsMax)
        networks = try decoder.readList(limit: DeploymentLimits.partsMax)
        configs = try decoder.readList(limit: DeploymentLimits.partsMax)
        secrets = try decoder.readTexts()
        guard firstFlaw == nil else { throw .outOfRange("Deployment") }
    }
}
