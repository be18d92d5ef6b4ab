// SPDX-License-Identifier: Apache-2.0
import CShims
import Effects
import Glibc

/// An open network namespace of this machine, in which sockets can be made (EFFECTS-35).
final class NamespaceFile: Sendable {
    private let descriptor: Int32

    /// CLONE_NEWNET of linux/sched.h.
    private static let kind: UInt64 = 0x4000_0000

    /// Opens the namespace at a path.
    init(_ path: String) throws(NetworkFailure) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .fromSystem() }
    }

    deinit { close(descriptor) }

    /// Makes something there: the calling thread enters, calls and returns, and nothing else runs
    /// on it meanwhile.
    ///
    /// - Returns: What the call returned, with its `errno`.
    func inside(_ make: () -> Int32) throws(NetworkFailure) -> Int32 {
        let origin = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)
        guard origin >= 0 else { throw .fromSystem() }
        defer { close(origin) }
        guard atoll_setns(descriptor, Self.kind) == 0 else { throw .fromSystem() }
        let made = make()
        let number = errno
        // A thread that stayed would do others' work in that namespace.
        let isBack = atoll_setns(origin, Self.kind) == 0
        precondition(isBack, "a thread gets back to its own network")
        errno = number
        return made
    }
}
