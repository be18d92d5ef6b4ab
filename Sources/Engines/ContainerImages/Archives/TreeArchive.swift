// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// What takes an archive's bytes as they are made.
protocol ArchiveSink: AnyObject {
    /// Takes the next bytes.
    func take(_ bytes: [UInt8]) throws(ImageFailure)
}

/// Writes files as an archive (tar).
///
/// Entries come in order of their paths, so the same files give the same bytes. Overlay's marks
/// become whiteouts, hard links stay links, sockets are left out.
struct TreeArchive: ~Copyable {
    private let sink: any ArchiveSink
    private let privilege: UnpackingOptions.Privilege
    private var writer = TarWriter()
    private var entries = 0
    // The first path of each file that has several.
    private var links: [FileName: [UInt8]] = [:]

    private struct FileName: Hashable {
        let device: UInt
        let number: UInt
    }

    init(_ sink: any ArchiveSink, privilege: UnpackingOptions.Privilege) {
        self.sink = sink
        self.privilege = privilege
    }

    /// Writes the end.
    ///
    /// - Returns: How many entries there are.
    mutating func finish() throws(ImageFailure) -> Int {
        writer.finish()
        try flush()
        return entries
    }

    // MARK: - Files

    /// Adds an open folder itself and what is in it, under a name.
    mutating func addRoot(_ folder: Int32, named name: [UInt8]) throws(ImageFailure) {
        var status = stat()
        guard fstat(folder, &status) == 0 else {
            throw .fromSystem(String(decoding: name, as: UTF8.self))
        }
        var entry = Self.entry(status, path: name + [0x2F])
        entry.kind = .folder
        entry.attributes = Self.attributes(folder)
        try add(entry)
        try addFolder(folder, path: name)
    }

    private static func entry(_ status: stat, path: [UInt8]) -> TarEntry {
        TarEntry(
            kind: .file, path: path, mode: status.st_mode & 0o7777, user: status.st_uid,
            group: status.st_gid,
            modified: TarEntry.Moment(
                seconds: Int64(status.st_mtim.tv_sec), nanoseconds: Int64(status.st_mtim.tv_nsec)))
    }

    /// Adds what is in an open folder, each under the path and its name.
    mutating func addFolder(_ folder: Int32, path: [UInt8]) throws(ImageFailure) {
        if isOpaque(folder), !path.isEmpty {
            try add(
                TarEntry(
                    kind: .file, path: path + [0x2F] + LayerPath.opaque, mode: 0))
        }
        for name in try Self.names(folder) {
            try addFile(name, in: folder, path: path.isEmpty ? name : path + [0x2F] + name)
        }
    }

    /// Adds what a name of an open folder leads to, links not followed, under another path.
    mutating func addFile(
        _ name: [UInt8], in folder: Int32, path: [UInt8]
    ) throws(ImageFailure) {
        let text = name.map { CChar(bitPattern: $0) } + [0]
        var status = stat()
        guard fstatat(folder, text, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            throw .fromSystem(String(decoding: path, as: UTF8.self))
        }
        var entry = Self.entry(status, path: path)
        switch status.st_mode & S_IFMT {
        case S_IFREG: try addRegular(&entry, text, in: folder, status)
        case S_IFDIR: try addSubfolder(&entry, text, in: folder)
        case S_IFLNK:
            entry.kind = .symbolicLink
            entry.target = try Self.target(text, in: folder, path)
            try add(entry)
        case S_IFIFO:
            entry.kind = .pipe
            try add(entry)
        case S_IFCHR: try addDevice(&entry, name, status)
        case S_IFBLK:
            entry.kind = .blockDevice(
                major: atoll_major(status.st_rdev), minor: atoll_minor(status.st_rdev))
            try add(entry)
        default: break
        }
    }

    private mutating func addRegular(
        _ entry: inout TarEntry, _ name: [CChar], in folder: Int32, _ status: stat
    ) throws(ImageFailure) {
        if status.st_nlink > 1 {
            let file = FileName(device: UInt(status.st_dev), number: UInt(status.st_ino))
            if let first = links[file] {
                entry.kind = .hardLink
                entry.target = first
                return try add(entry)
            }
            links[file] = entry.path
        }
        let number = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard number >= 0 else { throw .fromSystem(entry.text) }
        let file = SystemFile(taking: number, path: entry.text)
        entry.size = Int64(status.st_size)
        entry.attributes = Self.attributes(number)
        try add(entry)
        try addContent(of: file, count: entry.size)
    }

    private mutating func addSubfolder(
        _ entry: inout TarEntry, _ name: [CChar], in folder: Int32
    ) throws(ImageFailure) {
        let number = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard number >= 0 else { throw .fromSystem(entry.text) }
        let inner = SystemFile(taking: number, path: entry.text)
        let path = entry.path
        entry.kind = .folder
        entry.path.append(0x2F)
        entry.attributes = Self.attributes(number)
        try add(entry)
        try addFolder(inner.number, path: path)
    }

    private mutating func addDevice(
        _ entry: inout TarEntry, _ name: [UInt8], _ status: stat
    ) throws(ImageFailure) {
        if status.st_rdev == 0 {
            entry = TarEntry(
                kind: .file, path: entry.path.dropLast(name.count) + LayerPath.whiteout + name,
                mode: 0)
        } else {
            entry.kind = .characterDevice(
                major: atoll_major(status.st_rdev), minor: atoll_minor(status.st_rdev))
        }
        try add(entry)
    }

    // A file that shrank since its header was written is filled up with zeros, one that grew is
    // cut: the archive stays readable, and whoever packs changing files is not told otherwise.
    private mutating func addContent(
        of file: borrowing SystemFile, count: Int64
    ) throws(ImageFailure) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
        defer { buffer.deallocate() }
        var rest = count
        while rest > 0 {
            let room = Int(min(rest, Int64(buffer.count)))
            var step = try file.read(UnsafeMutableRawBufferPointer(rebasing: buffer[..<room]))
            if step == 0 {
                UnsafeMutableRawBufferPointer(rebasing: buffer[..<room]).initializeMemory(
                    as: UInt8.self, repeating: 0)
                step = room
            }
            writer.append(UnsafeRawBufferPointer(rebasing: buffer[..<step]))
            rest -= Int64(step)
            try flush()
        }
    }

    private mutating func add(_ entry: TarEntry) throws(ImageFailure) {
        entries += 1
        writer.begin(entry)
        try flush()
    }

    private mutating func flush() throws(ImageFailure) {
        let bytes = writer.take()
        try sink.take(bytes)
    }

    private func isOpaque(_ folder: Int32) -> Bool {
        let name = privilege == .root ? "trusted.overlay.opaque" : "user.overlay.opaque"
        var value: UInt8 = 0
        return fgetxattr(folder, name, &value, 1) == 1 && value == UInt8(ascii: "y")
    }

    private static func names(_ folder: Int32) throws(ImageFailure) -> [[UInt8]] {
        let copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0, let list = fdopendir(copy) else { throw .fromSystem("") }
        defer { closedir(list) }
        var names: [[UInt8]] = []
        while let entry = readdir(list) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            if !name.elementsEqual(".".utf8), !name.elementsEqual("..".utf8) { names.append(name) }
        }
        return names.sorted { $0.lexicographicallyPrecedes($1) }
    }

    private static func target(
        _ name: [CChar], in folder: Int32, _ path: [UInt8]
    ) throws(ImageFailure) -> [UInt8] {
        var buffer = [CChar](repeating: 0, count: ImageLimits.pathBytesMax + 1)
        let count = readlinkat(folder, name, &buffer, buffer.count)
        guard count >= 0 else { throw .fromSystem(String(decoding: path, as: UTF8.self)) }
        return buffer[..<count].map { UInt8(bitPattern: $0) }
    }

    // Overlay's marks are not the image's.
    private static func attributes(_ file: Int32) -> [(name: [UInt8], value: [UInt8])] {
        var list = [CChar](repeating: 0, count: ImageLimits.attributeBytesMax)
        let count = flistxattr(file, &list, list.count)
        guard count > 0 else { return [] }
        let names = list[..<count].split(separator: 0).map { $0.map { UInt8(bitPattern: $0) } }
        return names.sorted { $0.lexicographicallyPrecedes($1) }.compactMap {
            name -> (name: [UInt8], value: [UInt8])? in
            let text = String(decoding: name, as: UTF8.self)
            guard text == "security.capability" || text.hasPrefix("user."),
                !text.hasPrefix("user.overlay.")
            else { return nil }
            var value = [UInt8](repeating: 0, count: ImageLimits.attributeBytesMax)
            let length = fgetxattr(file, text, &value, value.count)
            return length >= 0 ? (name, Array(value[..<length])) : nil
        }
    }
}
