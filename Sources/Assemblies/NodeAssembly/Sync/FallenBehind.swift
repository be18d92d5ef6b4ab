// SPDX-License-Identifier: Apache-2.0
import Effects

/// The mark of a node that needs blocks which no peer of it keeps: its next start takes a snapshot
/// in the place of what it has (SYNC-16).
struct FallenBehind {
    let disk: any Disk
    /// The node's data folder.
    let folder: String

    private static let name = "behind"

    /// Leaves the mark; without it the next start only asks again.
    func set() async { try? await disk.replace("\(folder)/\(Self.name)", with: Array("1".utf8)) }

    /// Whether it was left.
    func isSet() async throws(DiskFailure) -> Bool {
        do throws(DiskFailure) {
            return try await disk.list(folder).contains(Self.name)
        } catch .notFound {
            return false
        }
    }

    /// Takes it away; one that stays leads to being asked again, to nothing worse.
    func remove() async {
        guard (try? await isSet()) == true else { return }
        try? await disk.remove("\(folder)/\(Self.name)")
    }
}
