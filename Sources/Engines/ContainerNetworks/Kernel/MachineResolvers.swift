// SPDX-License-Identifier: Apache-2.0
import Glibc

extension ResolverFile {
    /// What the machine's own `/etc/resolv.conf` says now; nothing where there is none.
    public static func ofMachine() -> ResolverFile {
        let file = open("/etc/resolv.conf", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return ResolverFile() }
        defer { close(file) }
        var room = [UInt8](repeating: 0, count: bytesMax)
        let count = read(file, &room, room.count)
        return ResolverFile(String(decoding: room[..<max(count, 0)], as: UTF8.self))
    }
}
