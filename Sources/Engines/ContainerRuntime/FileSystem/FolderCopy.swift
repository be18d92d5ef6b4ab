// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// Copies what lies in a folder of an image into a fresh tmpfs that will hide it.
enum FolderCopy {
    /// How deep folders may lie in one another; each level holds two open files, and a process may
    /// have 1,024.
    private static let depthMax = 128

    /// - Throws: ENOSPC when the tmpfs is too small, ELOOP beyond 128 levels.
    static func copy(from: OpenFile, to: OpenFile) throws(RuntimeFailure) {
        let source = try from.open(".", O_RDONLY | O_DIRECTORY)
        let target = try to.open(".", O_RDONLY | O_DIRECTORY)
        try copyStatus(try source.status(), to: target)
        try copy(source, target, depth: 0)
    }

    private static func copy(
        _ from: OpenFile, _ to: OpenFile, depth: Int
    ) throws(RuntimeFailure) {
        guard depth < depthMax else { throw .kernel("copy a folder", ELOOP) }
        for name in try names(in: from) {
            var found = stat()
            try asking("stat \(name)") {
                fstatat(from.number, name, &found, AT_SYMLINK_NOFOLLOW)
            }
            switch found.st_mode & S_IFMT {
            case S_IFDIR:
                try asking("mkdir \(name)") { mkdirat(to.number, name, found.st_mode & 0o7777) }
                let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW
                let inner = try to.open(name, flags)
                try copy(try from.open(name, flags), inner, depth: depth + 1)
                try copyStatus(found, to: inner)
            case S_IFREG:
                let copy = try to.open(name, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
                try copyBytes(try from.open(name, O_RDONLY | O_NOFOLLOW), copy)
                try copyStatus(found, to: copy)
            case S_IFLNK: try copyLink(name, from, to, found)
            default:
                try asking("mknod \(name)") {
                    mknodat(to.number, name, found.st_mode, found.st_rdev)
                }
            }
        }
    }

    private static func copyStatus(_ status: stat, to file: OpenFile) throws(RuntimeFailure) {
        try asking("chown a copy") { fchown(file.number, status.st_uid, status.st_gid) }
        try asking("chmod a copy") { fchmod(file.number, status.st_mode & 0o7777) }
    }

    private static func copyBytes(_ from: OpenFile, _ to: OpenFile) throws(RuntimeFailure) {
        var room = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = try asking("read") { read(from.number, &room, room.count) }
            if count == 0 { return }
            try to.writeAll(Array(room[..<count]))
        }
    }

    private static func copyLink(
        _ name: String, _ from: OpenFile, _ to: OpenFile, _ status: stat
    ) throws(RuntimeFailure) {
        var target = [CChar](repeating: 0, count: RuntimeLimits.pathBytesMax + 1)
        try asking("readlink \(name)") {
            readlinkat(from.number, name, &target, RuntimeLimits.pathBytesMax)
        }
        try asking("symlink \(name)") { symlinkat(target, to.number, name) }
        try asking("chown \(name)") {
            fchownat(to.number, name, status.st_uid, status.st_gid, AT_SYMLINK_NOFOLLOW)
        }
    }

    private static func names(in folder: OpenFile) throws(RuntimeFailure) -> [String] {
        let copy = try asking("dup") { dup(folder.number) }
        guard let stream = fdopendir(copy) else { throw .kernel("read a folder", errno) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
