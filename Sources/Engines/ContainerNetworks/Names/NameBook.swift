// SPDX-License-Identifier: Apache-2.0

/// Who is called what in which network (NETWORKS-7).
public struct NameBook: Hashable, Sendable {
    /// A container's place in a network.
    public struct Entry: Hashable, Sendable {
        /// The container.
        public var container: String
        /// The network's name.
        public var network: String
        /// Whether names are answered there; without, only others are asked.
        public var hasNames: Bool
        /// Whether others may be asked for who is in this network alone.
        public var isInternal: Bool
        /// The container's own name first, then what else it is called there.
        public var names: [String]
        /// Its addresses there.
        public var addresses: [IPAddress]

        /// Joins the parts.
        public init(
            container: String, network: String, hasNames: Bool, isInternal: Bool, names: [String],
            addresses: [IPAddress]
        ) {
            self.container = container
            self.network = network
            self.hasNames = hasNames
            self.isInternal = isInternal
            self.names = names.map { $0.lowercased() }
            self.addresses = addresses
        }
    }

    /// Everybody's places.
    public var entries: [Entry]

    /// Joins them.
    public init(_ entries: [Entry] = []) { self.entries = entries }

    /// What a container is answered; nil when others are to be asked.
    ///
    /// Only who is in one of its networks has a name for it.
    public func answer(to query: NameQuery, from container: String) -> NameAnswer? {
        let own = entries.filter { $0.container == container }
        let networks = Set(own.filter(\.hasNames).map(\.network))
        let near = entries.filter { networks.contains($0.network) }
        if let found = known(query, near) { return found }
        // A question to others would carry out what the network is to keep within.
        return own.allSatisfy(\.isInternal) ? .refused : nil
    }

    private func known(_ query: NameQuery, _ near: [Entry]) -> NameAnswer? {
        if let address = query.pointedAddress {
            let owner = near.first { $0.addresses.contains(address) }
            return owner.flatMap { owner in
                owner.names.first.map { .pointer("\($0).\(owner.network)") }
            }
        }
        guard let name = query.name, !name.isEmpty else { return nil }
        let found = near.filter { entry in
            entry.names.contains { $0 == name || "\($0).\(entry.network.lowercased())" == name }
        }
        guard !found.isEmpty else { return nil }
        let family: IPAddress.Family?
        switch query.kind {
        case NameQuery.Kind.four: family = .four
        case NameQuery.Kind.six: family = .six
        default: family = nil
        }
        return .addresses(found.flatMap(\.addresses).filter { $0.family == family }.sorted())
    }
}
