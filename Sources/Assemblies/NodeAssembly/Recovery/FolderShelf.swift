// SPDX-License-Identifier: Apache-2.0
import Effects

/// Puts parts of a node's folder aside, where they are out of the way and not lost.
struct FolderShelf {
    let disk: any Disk
    let folder: String

    /// Moves `name` to `name.aside-N` with the first number that is free.
    ///
    /// - Returns: The new name.
    func setAside(_ name: String) async throws(DiskFailure) -> String {
        let target = try await freeName("\(name).aside")
        try await disk.move("\(folder)/\(name)", to: "\(folder)/\(target)")
        return target
    }

    /// The first of `stem-1`, `stem-2` and so on that is free.
    func freeName(_ stem: String) async throws(DiskFailure) -> String {
        let names = try await disk.list(folder)
        var number = 1
        while names.contains("\(stem)-\(number)") { number += 1 }
        return "\(stem)-\(number)"
    }
}
