// SPDX-License-Identifier: Apache-2.0

/// One difference between two manifests of a deployment, and what it takes (DEPLOY-11).
public struct DeploymentChange: Hashable, Sendable {
    /// What a change takes, from the least to the most.
    public enum Consequence: String, Sendable, CaseIterable, Comparable {
        /// Copies are replaced, one after the other, within the lease.
        case replaces
        /// The lease may become smaller.
        case shrinks
        /// The lease must become larger.
        case grows
        /// Another lease is needed: the provider may not be one that is asked for.
        case renews
        /// A volume is removed or made anew, and what it holds is lost.
        case losesData = "loses-data"

        /// Compares by how much it takes.
        public static func < (left: Self, right: Self) -> Bool {
            left.rank < right.rank
        }

        private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    /// What differs, such as `service web` or `volume data`.
    public let subject: String
    /// Which part of it, such as `image`; empty when it is new or gone.
    public let part: String
    /// What the change takes.
    public let consequence: Consequence
    /// How it differs, without values that may be secret: of variables the names alone.
    public let detail: String
}

extension Deployment {
    /// What it takes to get from this to another manifest of the same deployment; empty when they
    /// are equal. In the order of subjects.
    public func changes(to other: Deployment) -> [DeploymentChange] {
        DeploymentComparison(self, other).changes
    }
}

/// The comparison of two manifests.
struct DeploymentComparison {
    private let old: Deployment
    private let new: Deployment

    init(_ old: Deployment, _ new: Deployment) {
        self.old = old
        self.new = new
    }

    var changes: [DeploymentChange] {
        groupChanges + serviceChanges + volumeChanges + networkChanges + fileChanges
    }

    private var groupChanges: [DeploymentChange] {
        Self.pairs(old.groups, new.groups, \.name).compactMap { name, before, after in
            guard before != after else { return nil }
            let subject = "group \(name)"
            switch (before, after) {
            case (nil, _): return change(subject, "", .renews, "is new")
            case (_, nil): return change(subject, "", .shrinks, "is gone: its lease ends")
            default: return change(subject, "attributes", .renews, "asks for another provider")
            }
        }
    }

    private var serviceChanges: [DeploymentChange] {
        Self.pairs(old.services, new.services, \.name).flatMap { name, before, after in
            let subject = "service \(name)"
            guard let before else { return [change(subject, "", .grows, "is new")] }
            guard let after else { return [change(subject, "", .shrinks, "is gone")] }
            return promises(subject, before, after) + parts(subject, before, after)
        }
    }

    private func promises(
        _ subject: String, _ before: Service, _ after: Service
    ) -> [DeploymentChange] {
        var found: [DeploymentChange] = []
        if before.group != after.group {
            found.append(
                change(subject, "group", .renews, "\(before.group) becomes \(after.group)"))
        }
        let figures: [(String, UInt64, UInt64)] = [
            ("replicas", UInt64(before.replicas), UInt64(after.replicas)),
            (
                "milli-processors", before.resources.milliProcessors,
                after.resources.milliProcessors
            ),
            ("memory", before.resources.memoryBytes, after.resources.memoryBytes),
            ("disk", before.resources.diskBytes, after.resources.diskBytes),
        ]
        for (part, from, to) in figures where from != to {
            found.append(
                change(subject, part, to > from ? .grows : .shrinks, "\(from) becomes \(to)"))
        }
        return found
    }

    private func parts(
        _ subject: String, _ before: Service, _ after: Service
    ) -> [DeploymentChange] {
        var found: [DeploymentChange] = []
        if before.image != after.image {
            found.append(
                change(subject, "image", .replaces, "\(before.image) becomes \(after.image)"))
        }
        if let names = Self.changedNames(before.environment, after.environment) {
            found.append(change(subject, "environment", .replaces, names))
        }
        if let names = Self.changedNames(before.labels, after.labels) {
            found.append(change(subject, "labels", .replaces, names))
        }
        for facet in ServiceFacet.all where facet.differs(before, after) {
            found.append(change(subject, facet.name, .replaces, "changes"))
        }
        return found
    }

    private var volumeChanges: [DeploymentChange] {
        Self.pairs(old.volumes, new.volumes, \.name).flatMap { name, before, after in
            let subject = "volume \(name)"
            guard let before else { return [change(subject, "", .grows, "is new")] }
            guard let after else {
                return [change(subject, "", .losesData, "is gone with its data")]
            }
            var found: [DeploymentChange] = []
            if before.bytesMax != after.bytesMax {
                let isLarger = after.bytesMax > before.bytesMax
                found.append(
                    change(
                        subject, "size", isLarger ? .grows : .losesData,
                        "\(before.bytesMax) becomes \(after.bytesMax) bytes"
                            + (isLarger ? "" : ": it is made anew, its data is lost")))
            }
            if before.labels != after.labels {
                found.append(change(subject, "labels", .replaces, "change"))
            }
            return found
        }
    }

    private var networkChanges: [DeploymentChange] {
        Self.pairs(old.networks, new.networks, \.name).compactMap { name, before, after in
            guard before != after else { return nil }
            let words = before == nil ? "is new" : after == nil ? "is gone" : "changes"
            return change("network \(name)", "", .replaces, words)
        }
    }

    private var fileChanges: [DeploymentChange] {
        let configs = Self.pairs(old.configs, new.configs, \.name).compactMap {
            name, before, after -> DeploymentChange? in
            guard before != after else { return nil }
            let words = before == nil ? "is new" : after == nil ? "is gone" : "changes"
            return change("config \(name)", "", .replaces, words)
        }
        let secrets = Self.pairs(old.secrets, new.secrets, \.self).compactMap {
            name, before, after -> DeploymentChange? in
            guard before != after else { return nil }
            return change("secret \(name)", "", .replaces, before == nil ? "is new" : "is gone")
        }
        return configs + secrets
    }

    private func change(
        _ subject: String, _ part: String, _ consequence: DeploymentChange.Consequence,
        _ detail: String
    ) -> DeploymentChange {
        DeploymentChange(subject: subject, part: part, consequence: consequence, detail: detail)
    }

    /// What stands on one or both sides, by name, in the order of the names.
    private static func pairs<Part>(
        _ old: [Part], _ new: [Part], _ name: (Part) -> String
    ) -> [(name: String, before: Part?, after: Part?)] {
        let names = Set(old.map(name)).union(new.map(name)).sorted {
            $0.utf8.lexicographicallyPrecedes($1.utf8)
        }
        return names.map { wanted in
            (wanted, old.first { name($0) == wanted }, new.first { name($0) == wanted })
        }
    }

    /// The names that are new, gone or have other values, or nothing.
    private static func changedNames(_ old: [NamedText], _ new: [NamedText]) -> String? {
        let words = pairs(old, new, \.name).compactMap { name, before, after -> String? in
            guard before != after else { return nil }
            return (before == nil ? "+" : after == nil ? "-" : "~") + name
        }
        return words.isEmpty ? nil : words.joined(separator: " ")
    }
}

/// A part of a service that changes as a whole.
private struct ServiceFacet: Sendable {
    let name: String
    let differs: @Sendable (Service, Service) -> Bool

    private init<Value: Equatable & SendableMetatype>(
        _ name: String, _ value: @escaping @Sendable (Service) -> Value
    ) {
        self.name = name
        differs = { value($0) != value($1) }
    }

    static let all: [ServiceFacet] = [
        ServiceFacet("command") { $0.command }, ServiceFacet("entrypoint") { $0.entrypoint },
        ServiceFacet("user") { [$0.user ?? ""] + $0.groups },
        ServiceFacet("working_dir") { $0.workingDirectory },
        ServiceFacet("hostname") { $0.hostname }, ServiceFacet("extra_hosts") { $0.extraHosts },
        ServiceFacet("platform") { $0.platform }, ServiceFacet("ports") { $0.ports },
        ServiceFacet("networks") { $0.networks }, ServiceFacet("volumes") { $0.mounts },
        ServiceFacet("secrets") { $0.secrets }, ServiceFacet("configs") { $0.configs },
        ServiceFacet("depends_on") { $0.dependencies },
        ServiceFacet("healthcheck") { $0.healthCheck }, ServiceFacet("restart") { $0.restart },
        ServiceFacet("stop_grace_period") { $0.stopMilliseconds },
        ServiceFacet("stop_signal") { $0.stopSignal },
        ServiceFacet("flags") {
            [$0.isReadOnly, $0.hasInit, $0.hasTerminal, $0.keepsInput, $0.pullsAlways]
        },
        ServiceFacet("capabilities") { [$0.addedCapabilities, $0.droppedCapabilities] },
        ServiceFacet("ulimits") { $0.processLimits },
        ServiceFacet("pids_limit") { $0.processesMax },
        ServiceFacet("shm_size") { $0.sharedMemoryBytes }, ServiceFacet("logging") { $0.log },
    ]
}
