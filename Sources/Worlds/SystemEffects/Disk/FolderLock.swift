// SPDX-License-Identifier: Apache-2.0
import CShims
import Effects
import Glibc

/// Keeps a folder for one holder, in this process and among all, until it is forgotten or the
/// process ends.
final class FolderLock: Sendable {
    private let file: OpenFile

    /// Takes the lock.
    ///
    /// - Throws: ``DiskFailure/busy(path:)`` when another holds it.
    init(_ folder: DiskPath) throws(DiskFailure) {
        file = try OpenFile(folder.appending("lock"), O_RDWR | O_CREAT)
        guard atoll_lock_exclusively(file.descriptor) == 0 else {
            throw .fromSystem(path: folder.relative)
        }
    }

    /// Keeps a folder from being taken for as long as it is looked at; changes nothing in it.
    ///
    /// - Returns: Nothing when no holder has ever made a lock there.
    /// - Throws: ``DiskFailure/busy(path:)`` when a holder has it.
    init?(lookingAt folder: DiskPath) throws(DiskFailure) {
        do throws(DiskFailure) {
            file = try OpenFile(folder.appending("lock"), O_RDONLY)
        } catch .notFound {
            return nil
        }
        guard atoll_lock_shared(file.descriptor) == 0 else {
            throw .fromSystem(path: folder.relative)
        }
    }

    /// Closing alone would not do: a process that is being started holds a copy of every
    /// descriptor for a moment, and the lock with it.
    deinit { _ = atoll_unlock(file.descriptor) }
}
