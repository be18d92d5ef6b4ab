// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// What a ledger is asked for: one group of resources and the manifest that they are for
/// (DEPLOY-8).
public struct ResourceOrder: Hashable, Sendable {
    /// The group.
    public let group: String
    /// What the provider must announce.
    public let attributes: [NamedText]
    /// Its services, each with how many copies run and what one of them is promised; sorted by
    /// name.
    public let parts: [Part]
    /// The sum over all copies of all its services.
    public let resources: Resources
    /// The sum of the volumes that its services use, each once.
    public let volumeBytes: UInt64
    /// How many copies run in all.
    public let copies: UInt32
    /// The manifest.
    public let manifest: Digest

    /// One service of a group.
    public struct Part: Hashable, Sendable {
        /// The service.
        public let service: String
        /// How many copies run.
        public let copies: UInt32
        /// What each is promised.
        public let each: Resources
    }
}

extension Deployment {
    /// One order a group, in the order of the groups.
    public var orders: [ResourceOrder] {
        let manifest = digest
        return groups.map { group in
            let members = services.filter { $0.group == group.name }
            let used = Set(members.flatMap { $0.mounts.compactMap(\.volume) })
            return ResourceOrder(
                group: group.name, attributes: group.attributes,
                parts: members.map {
                    ResourceOrder.Part(
                        service: $0.name, copies: $0.replicas, each: $0.resources)
                },
                resources: members.reduce(.none) { $0.adding($1.resources, copies: $1.replicas) },
                volumeBytes: volumes.filter { used.contains($0.name) }.reduce(0) {
                    $0 &+ $1.bytesMax
                },
                copies: members.reduce(0) { $0 + $1.replicas }, manifest: manifest)
        }
    }
}
