// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Layers on top of one another, as one folder that can be written to (overlay file system).
public enum LayerMount {
    /// Joins layers.
    ///
    /// - Parameters:
    ///   - layers: Their folders, the lowest first; at least one.
    ///   - upper: An empty folder that takes what is written.
    ///   - work: An empty folder beside it, for the kernel.
    ///   - target: The folder where all appears.
    /// - Throws: ``ImageFailure/failed(path:errno:message:)``.
    public static func mount(
        layers: [String], upper: String, work: String, at target: String
    ) throws(ImageFailure) {
        // What mount(2) is told fits into one page: 127 open folders by number do, their paths
        // would not.
        var folders: [Int32] = []
        defer { for folder in folders { close(folder) } }
        for layer in layers.reversed() {
            let folder = open(layer, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard folder >= 0 else { throw .fromSystem(layer) }
            folders.append(folder)
        }
        let lower = folders.map { "/proc/self/fd/\($0)" }.joined(separator: ":")
        // A folder that moves and an owner that changes are written out, never noted in marks that
        // other machines do not read: what is in the upper folder can be packed.
        let data =
            "lowerdir=\(lower),upperdir=\(upper),workdir=\(work),redirect_dir=off,metacopy=off"
        guard Glibc.mount("overlay", target, "overlay", UInt(MS_NODEV), data) == 0 else {
            throw .fromSystem(target)
        }
    }

    /// Makes a folder for a mount; one that is there is fine.
    public static func makeFolder(_ path: String) throws(ImageFailure) {
        guard mkdir(path, 0o755) != 0, errno != EEXIST else { return }
        throw .fromSystem(path)
    }

    /// Takes the folder away; one that is none is fine.
    public static func unmount(_ target: String) throws(ImageFailure) {
        guard umount2(target, Int32(MNT_DETACH)) != 0 else { return }
        guard errno == EINVAL || errno == ENOENT else { throw .fromSystem(target) }
    }
}
