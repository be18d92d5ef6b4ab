// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// Owners, modes, attributes and times.
extension LayerFolder {
    /// Gives an open file what its entry says. The owner comes first: a change of it clears the
    /// set-user bit and the capabilities.
    func describe(_ number: Int32, _ entry: TarEntry) throws(ImageFailure) {
        if isRoot, fchown(number, entry.user, entry.group) != 0 { throw .fromSystem(entry.text) }
        for attribute in entry.attributes { try set(attribute, on: number, entry) }
        guard fchmod(number, entry.mode) == 0 else { throw .fromSystem(entry.text) }
        var times = Self.times(entry.modified)
        guard futimens(number, &times) == 0 else { throw .fromSystem(entry.text) }
    }

    /// Gives a link, device or pipe what its entry says.
    func describe(
        _ name: [UInt8], in parent: OpenFolder, _ entry: TarEntry
    ) throws(ImageFailure) {
        if isRoot {
            let done = self.name(name) {
                fchownat(parent.number, $0, entry.user, entry.group, AT_SYMLINK_NOFOLLOW)
            }
            guard done == 0 else { throw failure([name]) }
        }
        if entry.kind != .symbolicLink {
            guard self.name(name, { fchmodat(parent.number, $0, entry.mode, 0) }) == 0 else {
                throw failure([name])
            }
        }
        var times = Self.times(entry.modified)
        let done = self.name(name) {
            utimensat(parent.number, $0, &times, AT_SYMLINK_NOFOLLOW)
        }
        guard done == 0 else { throw failure([name]) }
    }

    /// Gives a folder that is there what its entry says; the root at an empty path.
    func describe(_ path: [[UInt8]], _ entry: TarEntry) throws(ImageFailure) {
        try describe(try parent(path).number, entry)
    }

    /// Sets the time of a folder, if it is still one.
    func setTime(of path: [[UInt8]], _ moment: TarEntry.Moment) throws(ImageFailure) {
        guard let name = path.last else { return }
        let parent = try parent(Array(path.dropLast()))
        var times = Self.times(moment)
        let done = self.name(name) {
            utimensat(parent.number, $0, &times, AT_SYMLINK_NOFOLLOW)
        }
        guard done == 0 || errno == ENOENT else { throw failure(path) }
    }

    // Overlay's own marks are written by this house alone; a user may set only a user's.
    private func set(
        _ attribute: (name: [UInt8], value: [UInt8]), on number: Int32, _ entry: TarEntry
    ) throws(ImageFailure) {
        let name = String(decoding: attribute.name, as: UTF8.self)
        guard !attribute.name.contains(0), !name.hasPrefix("trusted."),
            !name.hasPrefix("user.overlay.")
        else { throw .badLayer(entry: entry.text, reason: "the attribute \(name)") }
        guard isRoot || name.hasPrefix("user.") else { return }
        let done = attribute.value.withUnsafeBytes {
            fsetxattr(number, name, $0.baseAddress, $0.count, 0)
        }
        // A file system without such attributes loses them, as everywhere.
        guard done == 0 || errno == ENOTSUP else { throw .fromSystem(entry.text) }
    }

    private static func times(_ moment: TarEntry.Moment) -> [timespec] {
        let time = timespec(tv_sec: Int(moment.seconds), tv_nsec: Int(moment.nanoseconds))
        return [time, time]
    }
}
