// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Deployments
import Vocabulary

/// One copy of a service as it is to run.
struct CopyPlan: Hashable {
    let service: Service
    /// 1 for the first.
    let number: UInt32
    /// What the engine calls it.
    let name: String
    /// Changes with everything that makes another container necessary (HOST-3).
    let fingerprint: String

    /// What makes a fingerprint differ from other hashes.
    private static let domain = "atoll/deployment-copy/1"

    /// - Parameter configs: The configs of the manifest: a copy has their bytes as files.
    init(_ service: Service, _ number: UInt32, lease: LeaseName, configs: [ConfigFile]) {
        self.service = service
        self.number = number
        name = lease.copy(service.name, number)
        var encoder = CanonicalEncoder()
        var single = service
        // How many others there are is no reason to begin anew.
        single.replicas = 1
        single.encode(to: &encoder)
        for grant in service.configs {
            configs.first { $0.name == grant.name }?.encode(to: &encoder)
        }
        let digest = SHA256.hash(Array(Self.domain.utf8) + [0] + encoder.bytes)
        fingerprint = String("\(digest)".prefix(32))
    }
}

/// All that is to run of a group of a deployment, in an order in which nothing comes before what it
/// waits for.
struct DesiredState {
    let lease: LeaseName
    let deployment: Deployment
    let copies: [CopyPlan]
    let networks: [DeploymentNetwork]
    let volumes: [Volume]

    init(_ deployment: Deployment, group: String, lease: LeaseName) {
        self.lease = lease
        self.deployment = deployment
        let members = Self.ordered(deployment.services.filter { $0.group == group })
        copies = members.flatMap { service in
            (1...max(1, service.replicas)).prefix(Int(service.replicas)).map {
                CopyPlan(service, $0, lease: lease, configs: deployment.configs)
            }
        }
        let usedNetworks = Set(members.flatMap { $0.networks.map(\.network) })
        networks = deployment.networks.filter { usedNetworks.contains($0.name) }
        let usedVolumes = Set(members.flatMap { $0.mounts.compactMap(\.volume) })
        volumes = deployment.volumes.filter { usedVolumes.contains($0.name) }
    }

    /// Services with those first that others wait for; a manifest has no rings (DEPLOY-2).
    private static func ordered(_ services: [Service]) -> [Service] {
        var sorted: [Service] = []
        var rest = services
        while !rest.isEmpty {
            let waiting = Set(rest.map(\.name))
            let ready = rest.filter { service in
                !service.dependencies.contains { waiting.contains($0.service) }
            }
            // Whoever waits for another group waits for nothing here.
            guard !ready.isEmpty else { return sorted + rest }
            sorted += ready
            rest.removeAll { service in ready.contains { $0.name == service.name } }
        }
        return sorted
    }
}
