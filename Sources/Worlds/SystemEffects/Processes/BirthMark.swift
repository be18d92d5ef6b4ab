// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Tells one life of a process number from a later one.
enum BirthMark {
    /// When the process started, in clock ticks since boot; nil when it does not run.
    ///
    /// Field 22 of `/proc/PID/stat` (proc(5)). The second field is the program's name in brackets
    /// and may hold anything, so fields are counted from the last closing bracket.
    static func start(of pid: Int32) -> UInt64? {
        guard pid > 0, let line = text(of: "/proc/\(pid)/stat") else { return nil }
        guard let bracket = line.lastIndex(of: ")") else { return nil }
        let fields = line[line.index(after: bracket)...].split(separator: " ")
        let stateField = 0
        let startField = 19
        guard fields.count > startField, fields[stateField] != "Z", fields[stateField] != "X"
        else { return nil }
        return UInt64(fields[startField])
    }

    /// The start together with the machine's boot, as text.
    static func mark(of pid: Int32) -> String? {
        guard let start = start(of: pid) else { return nil }
        let boot = text(of: "/proc/sys/kernel/random/boot_id") ?? "unknown"
        return "\(boot.prefix { $0 != "\n" })/\(start)"
    }

    /// The first 4 KiB of a file of the kernel's, which are made in memory and never block.
    private static func text(of path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        let bytesMax = 4096
        let bytes = [UInt8](unsafeUninitializedCapacity: bytesMax) { buffer, filled in
            filled = max(0, read(descriptor, buffer.baseAddress, bytesMax))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
