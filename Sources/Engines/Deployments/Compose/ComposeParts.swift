// SPDX-License-Identifier: Apache-2.0

/// What a compose file declares beside its services; what they use of it becomes part of the
/// manifest.
struct ComposeParts {
    let volumes: [Volume]
    let networks: [DeploymentNetwork]
    let secrets: [SecretSource]
    let configs: [ConfigFile]

    /// Puts what is used beside the services and sorts everything. References to what is not
    /// declared were found where they stand or are found here.
    func complete(_ deployment: inout Deployment, _ book: FindingBook) {
        let services = deployment.services
        let used = Set(services.flatMap { $0.mounts.compactMap(\.volume) })
        deployment.volumes =
            volumes.filter { used.contains($0.name) } + anonymous(in: services)
        for volume in volumes where !used.contains(volume.name) {
            book.warn(.start, "volumes.\(volume.name)", "no service uses volume \(volume.name)")
        }
        let onNetworks = Set(services.flatMap { $0.networks.map(\.network) })
        deployment.networks = networks.filter { onNetworks.contains($0.name) }
        let read = Set(services.flatMap { $0.secrets.map(\.name) })
        deployment.secrets = secrets.map(\.name).filter(read.contains)
        let configured = Set(services.flatMap { $0.configs.map(\.name) })
        deployment.configs = configs.filter { configured.contains($0.name) }
        deployment.services.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        deployment.volumes.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        deployment.networks.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        deployment.secrets.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        deployment.configs.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        for index in deployment.services.indices { deployment.services[index].sortLists() }
    }

    private func anonymous(in services: [Service]) -> [Volume] {
        services.flatMap { service in
            service.mounts.compactMap(\.volume)
                .filter { ComposeStorage.isAnonymous($0, of: service.name) }.map { Volume($0) }
        }
    }
}
