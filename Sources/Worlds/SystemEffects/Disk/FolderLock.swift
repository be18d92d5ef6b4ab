// SPDX-License-Identifier: Apache-2.0
import Effects
import Glibc

/// Keeps a folder for one holder, in this process and among all.
enum FolderLock {
    /// Takes the lock; it is held until the file is forgotten, and ends with the process.
    ///
    /// - Throws: ``DiskFailure/busy(path:)`` when another holds it.
    static func take(_ folder: DiskPath) throws(DiskFailure) -> OpenFile {
        let file = try OpenFile(folder.appending("lock"), O_RDWR | O_CREAT)
        do throws(DiskFailure) {
            try file.lock()
        } catch {
            throw error.naming(folder.relative)
        }
        return file
    }
}
