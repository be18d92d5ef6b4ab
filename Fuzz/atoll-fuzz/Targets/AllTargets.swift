// SPDX-License-Identifier: Apache-2.0

extension FuzzTarget {
    /// Every target, in the order of their names.
    static let all: [FuzzTarget] = [
        consensus, ledger, doors, inner, discovery, peers, containers, builds, deployments,
        snapshots, leases, web, [identities], PaperTargets.all,
    ].flatMap { $0 }.sorted { $0.name < $1.name }

    /// The target of a name.
    static func named(_ name: String) -> FuzzTarget? { all.first { $0.name == name } }
}
