// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// Holds a folder for one program, until this value is gone or the program ends.
public final class FolderLock: Sendable {
    private let number: Int32

    /// Takes the folder.
    ///
    /// - Throws: ``ImageFailure/busy(path:)`` while another program holds it.
    public init(_ folder: String) throws(ImageFailure) {
        let path = "\(folder)/lock"
        let number = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard number >= 0 else { throw .fromSystem(path) }
        guard atoll_lock_exclusively(number) == 0 else {
            let failure = ImageFailure.fromSystem(path)
            close(number)
            throw failure
        }
        self.number = number
    }

    deinit { close(number) }
}
