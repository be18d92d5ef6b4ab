// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

extension FileMoment {
    init(_ time: timespec) {
        self.init(
            seconds: Int64(time.tv_sec), nanoseconds: UInt32(truncatingIfNeeded: time.tv_nsec))
    }

    /// As the system takes it.
    var time: timespec { timespec(tv_sec: Int(seconds), tv_nsec: Int(nanoseconds)) }
}

/// What the system knows about files beside their bytes.
enum FileFacts {
    /// The names in a folder in the order of their bytes.
    static func names(in folder: OpenFile) throws(SnapshotFailure) -> [[UInt8]] {
        let copy = openat(folder.number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0 else { throw .fromSystem(folder.path) }
        guard let list = fdopendir(copy) else {
            close(copy)
            throw .fromSystem(folder.path)
        }
        defer { closedir(list) }
        var names: [[UInt8]] = []
        while let entry = readdir(list) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            if !name.elementsEqual(".".utf8), !name.elementsEqual("..".utf8) { names.append(name) }
        }
        return names.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// What the system says about a name; nothing when it is gone.
    static func status(
        _ name: [UInt8], in folder: OpenFile
    ) throws(SnapshotFailure) -> stat? {
        var status = stat()
        let result = name.withName { fstatat(folder.number, $0, &status, AT_SYMLINK_NOFOLLOW) }
        guard result == 0 else {
            guard errno == ENOENT else { throw .fromSystem(folder.path) }
            return nil
        }
        return status
    }

    /// Where a link leads.
    static func target(
        _ name: [UInt8], in folder: OpenFile
    ) throws(SnapshotFailure) -> [UInt8] {
        var buffer = [CChar](repeating: 0, count: SnapshotLimits.targetBytesMax + 1)
        let count = name.withName { readlinkat(folder.number, $0, &buffer, buffer.count) }
        guard count >= 0 else { throw .fromSystem(folder.path) }
        return buffer[..<count].map { UInt8(bitPattern: $0) }
    }

    /// Whether an attribute belongs to a file's content rather than to the machine it lies on.
    static func isKept(_ attribute: [UInt8]) -> Bool {
        let name = String(decoding: attribute, as: UTF8.self)
        return name.hasPrefix("user.") || name == "security.capability"
            || name == "system.posix_acl_access" || name == "system.posix_acl_default"
    }

    /// Whether an attribute lends rights, so that only root may set it.
    static func needsRoot(_ attribute: [UInt8]) -> Bool {
        String(decoding: attribute, as: UTF8.self) == "security.capability"
    }

    /// The attributes of an open file that are kept, sorted by name.
    static func attributes(_ file: OpenFile) throws(SnapshotFailure) -> [FileAttribute] {
        var list = [CChar](repeating: 0, count: SnapshotLimits.attributeBytesMax)
        let count = flistxattr(file.number, &list, list.count)
        // File systems without attributes say so.
        guard count > 0 else { return [] }
        let names = list[..<count].split(separator: 0).map { $0.map { UInt8(bitPattern: $0) } }
            .filter(isKept).sorted { $0.lexicographicallyPrecedes($1) }
        guard names.count <= SnapshotLimits.attributesMax else {
            throw .tooLarge("attributes", limit: UInt64(SnapshotLimits.attributesMax))
        }
        return names.compactMap { name in
            var value = [UInt8](repeating: 0, count: SnapshotLimits.attributeBytesMax)
            let length = name.withName { fgetxattr(file.number, $0, &value, value.count) }
            // One that went away meanwhile is not there.
            return length >= 0 ? FileAttribute(name, Array(value[..<length])) : nil
        }
    }

    // SEEK_DATA and SEEK_HOLE of linux/fs.h, which the C library's module does not carry.
    private static let seekData: Int32 = 3
    private static let seekHole: Int32 = 4

    /// Where an open file has data; the whole of it when it is not sparse, or in too many pieces.
    static func runs(_ file: OpenFile, _ status: stat) -> [FileRun] {
        let size = UInt64(status.st_size)
        guard size > 0 else { return [] }
        let whole = [FileRun(offset: 0, count: size)]
        guard UInt64(status.st_blocks) * 512 < size else { return whole }
        var runs: [FileRun] = []
        var place: off_t = 0
        while place < status.st_size {
            let start = lseek(file.number, place, seekData)
            guard start >= 0 else { return errno == ENXIO ? runs : whole }
            let end = lseek(file.number, start, seekHole)
            guard end > start, runs.count < SnapshotLimits.runsMax else { return whole }
            let last = min(end, status.st_size)
            // Written behind the end since it was looked at.
            guard start < last else { return runs }
            runs.append(FileRun(offset: UInt64(start), count: UInt64(last - start)))
            place = end
        }
        return runs
    }
}
