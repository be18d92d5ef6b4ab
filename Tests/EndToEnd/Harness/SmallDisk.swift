// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc

/// A small file system in memory, mounted over a folder; only the superuser can make one.
struct SmallDisk {
    let folder: String

    /// Whether this user may mount file systems.
    static let isAllowed: Bool = {
        guard let folder = try? Scratch.folder("mount"),
            let disk = try? SmallDisk(over: folder, bytes: 1 << 20)
        else { return false }
        disk.remove()
        return true
    }()

    /// Mounts a file system of so many bytes over a folder and copies what the folder held into it.
    init(over folder: String, bytes: Int) throws {
        self.folder = folder
        let aside = try Scratch.path("aside")
        try FileManager.default.copyItem(atPath: folder, toPath: aside)
        guard mount("tmpfs", folder, "tmpfs", 0, "size=\(bytes),mode=0700") == 0 else {
            throw HarnessFailure("mount: error \(errno)")
        }
        for name in try FileManager.default.contentsOfDirectory(atPath: aside) {
            try FileManager.default.copyItem(
                atPath: "\(aside)/\(name)", toPath: "\(folder)/\(name)")
        }
    }

    /// Takes it away; what it held is gone.
    func remove() { umount2(folder, Int32(MNT_DETACH)) }

    /// Uses up all space that is left.
    func fill() throws {
        let descriptor = open("\(folder)/filler", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        guard descriptor >= 0 else { throw HarnessFailure("the filler: error \(errno)") }
        defer { close(descriptor) }
        for size in [65_536, 4_096] {
            let piece = [UInt8](repeating: 1, count: size)
            while write(descriptor, piece, size) > 0 {}
        }
    }

    /// Gives the space back.
    func makeRoom() { unlink("\(folder)/filler") }
}
