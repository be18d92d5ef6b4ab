// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// What an overlay's upper folder changes of the layers below it.
public enum LayerChanges {
    /// How a file differs.
    public enum Kind: Int, Sendable {
        /// It is another, or files in it are.
        case modified = 0
        /// It was not there.
        case added = 1
        /// It is not there any more.
        case deleted = 2
    }

    /// A file that differs.
    public struct Change: Hashable, Sendable {
        /// Absolute, as in a container.
        public let path: String
        /// How.
        public let kind: Kind
    }

    /// The most changes that are listed: as many as a layer has entries.
    public static let changesMax = 2_000_000

    /// Lists the changes in order of their paths.
    ///
    /// - Parameters:
    ///   - upper: The folder that takes what is written; none is fine.
    ///   - lower: The folders of the layers, the lowest first.
    ///   - places: Paths that are left out when they are empty, with folders that hold nothing
    ///     else: where mounts lie.
    /// - Throws: ``ImageFailure/tooLarge(_:limit:)``, ``ImageFailure/failed(path:errno:message:)``.
    public static func list(
        upper: String, lower: [String], without places: Set<String>
    ) throws(ImageFailure) -> [Change] {
        var changes: [Change] = []
        _ = try add(upper, "", lower.reversed(), places, &changes)
        return changes.sorted { $0.path < $1.path }
    }

    /// - Returns: Whether the folder holds anything that counts.
    private static func add(
        _ upper: String, _ path: String, _ lower: [String], _ places: Set<String>,
        _ changes: inout [Change]
    ) throws(ImageFailure) -> Bool {
        var counts = false
        for name in try SystemFolder.names(upper + path) {
            guard changes.count < changesMax else {
                throw .tooLarge("changed files", limit: Int64(changesMax))
            }
            let inner = "\(path)/\(name)"
            var status = stat()
            guard lstat(upper + inner, &status) == 0 else { continue }
            let type = status.st_mode & S_IFMT
            if type == S_IFCHR, status.st_rdev == 0 {
                changes.append(Change(path: inner, kind: .deleted))
                counts = true
                continue
            }
            let wasThere = isThere(inner, in: lower)
            let place = changes.count
            if type == S_IFDIR {
                let holds = try add(upper, inner, lower, places, &changes)
                let isGiven =
                    !holds
                    && (places.contains(inner) || places.contains { $0.hasPrefix(inner + "/") })
                if isGiven { continue }
            } else if places.contains(inner), status.st_size == 0 {
                continue
            }
            changes.insert(
                Change(path: inner, kind: wasThere ? .modified : .added), at: place)
            counts = true
        }
        return counts
    }

    /// Whether a path is in the layers, the highest first, and no higher one hides it.
    private static func isThere(_ path: String, in lower: [String]) -> Bool {
        for layer in lower {
            let (isHidden, isReached) = way(to: path, in: layer)
            var status = stat()
            if isReached, lstat(layer + path, &status) == 0 {
                return !(status.st_mode & S_IFMT == S_IFCHR && status.st_rdev == 0)
            }
            if isHidden { return false }
        }
        return false
    }

    /// Whether a layer takes away a folder on the way or all that lower layers have in it, and
    /// whether all of the way are its own folders: no link is followed.
    private static func way(
        to path: String, in layer: String
    ) -> (isHidden: Bool, isReached: Bool) {
        var isHidden = false
        var folder = ""
        for part in path.split(separator: "/").dropLast() {
            folder += "/\(part)"
            var status = stat()
            guard lstat(layer + folder, &status) == 0 else { return (isHidden, false) }
            if status.st_mode & S_IFMT != S_IFDIR { return (true, false) }
            var value: UInt8 = 0
            if lgetxattr(layer + folder, "trusted.overlay.opaque", &value, 1) == 1,
                value == UInt8(ascii: "y")
            {
                isHidden = true
            }
        }
        return (isHidden, true)
    }
}
