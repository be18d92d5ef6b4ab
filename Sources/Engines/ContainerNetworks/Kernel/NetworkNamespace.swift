// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// A network namespace that stays open as long as its last owner.
public final class NetworkNamespace: Sendable {
    /// The number of its open file.
    let file: Int32
    /// What tells it from all others that exist at the same time.
    public let identity: UInt64

    /// CLONE_NEWNET of linux/sched.h.
    private static let kind: UInt64 = 0x4000_0000

    /// Opens the namespace at a path, such as `/proc/1/ns/net`.
    ///
    /// - Throws: ``WiringFailure/kernel(_:_:words:)``.
    public init(_ path: String) throws(WiringFailure) {
        let opened = open(path, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else { throw .fromSystem("open \(path)") }
        var found = stat()
        guard fstat(opened, &found) == 0 else {
            let failure = WiringFailure.fromSystem("look at \(path)")
            close(opened)
            throw failure
        }
        file = opened
        identity = UInt64(found.st_ino)
    }

    deinit { close(file) }

    /// The namespace of a process.
    ///
    /// - Throws: ``WiringFailure/kernel(_:_:words:)``.
    public convenience init(of process: Int64) throws(WiringFailure) {
        try self.init("/proc/\(process)/ns/net")
    }

    /// The namespace of this program.
    ///
    /// - Throws: ``WiringFailure/kernel(_:_:words:)``.
    public static func own() throws(WiringFailure) -> NetworkNamespace {
        try NetworkNamespace("/proc/self/ns/net")
    }

    /// Does something in it. The calling thread is there meanwhile, and no other is; so nothing may
    /// be awaited.
    ///
    /// - Throws: ``WiringFailure``, and what `body` throws.
    public func inside<Value>(
        _ body: () throws(WiringFailure) -> Value
    ) throws(WiringFailure) -> Value {
        let origin = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)
        guard origin >= 0 else { throw .fromSystem("open the own network namespace") }
        defer { close(origin) }
        guard atoll_setns(file, Self.kind) == 0 else {
            throw .fromSystem("enter a network namespace")
        }
        defer {
            // A thread that stayed would do others' work in a container's network.
            let isBack = atoll_setns(origin, Self.kind) == 0
            precondition(isBack, "a thread gets back to its own network")
        }
        return try body()
    }
}
