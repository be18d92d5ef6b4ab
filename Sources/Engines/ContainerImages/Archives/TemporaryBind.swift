// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// Puts files of the machine at a place of somebody's files, until these are unmounted.
public enum TemporaryBind {
    /// `OPEN_TREE_CLONE`, `OPEN_TREE_CLOEXEC` and `AT_RECURSIVE` of linux/mount.h and fcntl.h.
    private static let wholeCopy: UInt32 = 0x1 | UInt32(O_CLOEXEC) | 0x8000
    /// `MOUNT_ATTR_RDONLY`.
    private static let readOnly: UInt64 = 0x1
    /// `MS_PRIVATE`.
    private static let isolated: UInt64 = 1 << 18

    /// Mounts a folder or a file; the folder of the place is made where it is missing, and a file
    /// without a place is passed over.
    ///
    /// - Throws: ``ImageFailure/notFound(_:)``, ``ImageFailure/failed(path:errno:message:)``.
    public static func mount(
        _ source: String, in root: InsideRoot, at path: String, isWritable: Bool
    ) throws(ImageFailure) {
        let number = atoll_open_tree(AT_FDCWD, source, wholeCopy)
        guard number >= 0 else { throw .fromSystem(source) }
        let tree = SystemFile(taking: number, path: source)
        let only = isWritable ? 0 : readOnly
        guard atoll_mount_setattr(tree.number, 1, only, 0, isolated, -1) == 0 else {
            throw .fromSystem(source)
        }
        var status = stat()
        guard fstat(tree.number, &status) == 0 else { throw .fromSystem(source) }
        let place: SystemFile
        if status.st_mode & S_IFMT == S_IFDIR {
            _ = try LayerFolder(root, keepsKinds: true).parent(LayerPath.parts(Array(path.utf8)))
            place = try root.open(path, O_RDONLY | O_DIRECTORY)
        } else if (try? root.status(path)) != nil {
            place = try root.open(path, InsideRoot.placeOnly)
        } else {
            return
        }
        guard atoll_move_mount(tree.number, place.number) == 0 else { throw .fromSystem(path) }
    }
}
