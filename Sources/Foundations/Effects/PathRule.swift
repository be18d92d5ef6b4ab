// SPDX-License-Identifier: Apache-2.0

/// Which paths a ``Disk`` takes, the same in every world (EFFECTS-10).
package enum PathRule {
    /// The longest relative path; with a root of up to 3,071 bytes it stays below the 4,096 that
    /// Linux takes.
    package static let pathBytesMax = 1024
    /// The longest name of one part, as on all of Linux's usual file systems.
    package static let nameBytesMax = 255
    /// How the names of unfinished files begin, which no path may use.
    package static let reservedPrefix = ".partial-"

    /// Whether a path is relative, short enough, and has no empty, `.` or `..` part and no zero
    /// byte.
    package static func isAllowed(_ path: String) -> Bool {
        guard !path.isEmpty, path.utf8.count <= pathBytesMax, !path.utf8.contains(0) else {
            return false
        }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        return parts.allSatisfy {
            !$0.isEmpty && $0 != "." && $0 != ".." && $0.utf8.count <= nameBytesMax
                && !$0.hasPrefix(reservedPrefix)
        }
    }
}

/// Limits of logs and stores that hold in every world.
package enum StorageLimit {
    /// The longest record of a log: 72 MiB, a block with 64 MiB of batches.
    package static let recordBytesMax = 75_497_472
    /// The longest key of a store.
    package static let keyBytesMax = 511

    /// Whether a store takes a key: one to ``keyBytesMax`` bytes.
    package static func isKey(_ key: [UInt8]) -> Bool { !key.isEmpty && key.count <= keyBytesMax }
}
