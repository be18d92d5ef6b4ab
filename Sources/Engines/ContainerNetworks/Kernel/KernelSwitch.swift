// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Settings of the kernel's networks, below `/proc/sys/net` of the calling thread's namespace.
enum KernelSwitch {
    /// The value; nil when there is no such setting.
    static func value(_ name: String) -> String? {
        let file = open("/proc/sys/net/\(name)", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var room = [UInt8](repeating: 0, count: 64)
        let count = read(file, &room, room.count)
        guard count > 0 else { return nil }
        return String(decoding: room[..<count].filter { $0 > 0x20 }, as: UTF8.self)
    }

    /// Sets it, unless it has that value already.
    static func set(_ name: String, _ text: String) throws(WiringFailure) {
        guard value(name) != text else { return }
        let file = open("/proc/sys/net/\(name)", O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { throw .fromSystem("set net/\(name)") }
        defer { close(file) }
        let bytes = Array(text.utf8)
        guard write(file, bytes, bytes.count) == bytes.count else {
            throw .fromSystem("set net/\(name) to \(text)")
        }
    }
}
