// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// Walks a folder's files in order of their paths, following no link: what packs, copies and hashes
/// them sees the same files in the same order (IMAGE-10).
final class TreeWalk {
    /// Takes an entry; of a file with content also its descriptor, which stays the walk's.
    typealias Visit = (TarEntry, Int32) throws(ImageFailure) -> Void

    struct Options {
        /// By whose marks of overlay files are hidden; nil where such marks mean nothing.
        var marks: UnpackingOptions.Privilege?
        /// What is passed over, with all below it.
        var leavesOut: (([UInt8]) -> Bool)?
        /// What is passed over unless something below it is not.
        var passesOver: ((TarEntry) -> Bool)?
    }

    private struct FileName: Hashable {
        let device: UInt
        let number: UInt
    }

    private let options: Options
    private let visit: Visit
    // The first path of each file that has several.
    private var links: [FileName: [UInt8]] = [:]
    // Folders on the way here that go along only when something in them does.
    private var held: [TarEntry] = []

    init(_ options: Options = Options(), _ visit: @escaping Visit) {
        self.options = options
        self.visit = visit
    }

    /// Walks what is below an open folder.
    func walk(_ folder: Int32, path: [UInt8] = []) throws(ImageFailure) {
        if isOpaque(folder), !path.isEmpty {
            try give(TarEntry(kind: .file, path: path + [0x2F] + LayerPath.opaque, mode: 0))
        }
        for name in try Self.names(folder) {
            let inner = path.isEmpty ? name : path + [0x2F] + name
            if options.leavesOut?(inner) ?? false { continue }
            try walk(name, in: folder, path: inner)
        }
    }

    /// What an open file or folder is, under a path.
    static func entry(of status: stat, path: [UInt8]) -> TarEntry {
        TarEntry(
            kind: .file, path: path, mode: status.st_mode & 0o7777, user: status.st_uid,
            group: status.st_gid,
            modified: TarEntry.Moment(
                seconds: Int64(status.st_mtim.tv_sec), nanoseconds: Int64(status.st_mtim.tv_nsec)))
    }

    /// Walks what a name of an open folder leads to, links not followed, under another path.
    func walk(
        _ name: [UInt8], in folder: Int32, path: [UInt8]
    ) throws(ImageFailure) {
        let text = name.map { CChar(bitPattern: $0) } + [0]
        var status = stat()
        guard fstatat(folder, text, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            throw .fromSystem(String(decoding: path, as: UTF8.self))
        }
        var entry = Self.entry(of: status, path: path)
        switch status.st_mode & S_IFMT {
        case S_IFREG: try walkFile(&entry, text, in: folder, status)
        case S_IFDIR: try walkFolder(&entry, text, in: folder)
        case S_IFLNK:
            entry.kind = .symbolicLink
            entry.target = try Self.target(text, in: folder, path)
            try give(entry)
        case S_IFIFO:
            entry.kind = .pipe
            try give(entry)
        case S_IFCHR: try walkDevice(&entry, name, status)
        case S_IFBLK:
            entry.kind = .blockDevice(
                major: atoll_major(status.st_rdev), minor: atoll_minor(status.st_rdev))
            try give(entry)
        default: break
        }
    }

    private func walkFile(
        _ entry: inout TarEntry, _ name: [CChar], in folder: Int32, _ status: stat
    ) throws(ImageFailure) {
        if options.passesOver?(entry) ?? false { return }
        if status.st_nlink > 1 {
            let file = FileName(device: UInt(status.st_dev), number: UInt(status.st_ino))
            if let first = links[file] {
                entry.kind = .hardLink
                entry.target = first
                return try give(entry)
            }
            links[file] = entry.path
        }
        let number = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard number >= 0 else { throw .fromSystem(entry.text) }
        let file = SystemFile(taking: number, path: entry.text)
        entry.size = Int64(status.st_size)
        entry.attributes = Self.attributes(number)
        try give(entry, file.number)
    }

    private func walkFolder(
        _ entry: inout TarEntry, _ name: [CChar], in folder: Int32
    ) throws(ImageFailure) {
        let number = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard number >= 0 else { throw .fromSystem(entry.text) }
        let inner = SystemFile(taking: number, path: entry.text)
        let path = entry.path
        entry.kind = .folder
        entry.attributes = Self.attributes(number)
        let depth = held.count
        let isHeld = options.passesOver?(entry) ?? false
        entry.path.append(0x2F)
        if isHeld { held.append(entry) } else { try give(entry) }
        try walk(inner.number, path: path)
        if held.count > depth { held.removeLast(held.count - depth) }
    }

    private func walkDevice(
        _ entry: inout TarEntry, _ name: [UInt8], _ status: stat
    ) throws(ImageFailure) {
        if options.marks != nil, status.st_rdev == 0 {
            entry = TarEntry(
                kind: .file, path: entry.path.dropLast(name.count) + LayerPath.whiteout + name,
                mode: 0)
        } else {
            entry.kind = .characterDevice(
                major: atoll_major(status.st_rdev), minor: atoll_minor(status.st_rdev))
        }
        try give(entry)
    }

    private func give(_ entry: TarEntry, _ file: Int32 = -1) throws(ImageFailure) {
        if file < 0, entry.kind != .folder, options.passesOver?(entry) ?? false { return }
        let folders = held
        held = []
        for folder in folders { try visit(folder, -1) }
        try visit(entry, file)
    }

    private func isOpaque(_ folder: Int32) -> Bool {
        guard let marks = options.marks else { return false }
        let name = marks == .root ? "trusted.overlay.opaque" : "user.overlay.opaque"
        var value: UInt8 = 0
        return fgetxattr(folder, name, &value, 1) == 1 && value == UInt8(ascii: "y")
    }

    /// The names in an open folder, in order of their bytes.
    static func names(_ folder: Int32) throws(ImageFailure) -> [[UInt8]] {
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

    /// The attributes that belong to a file rather than to its machine: overlay's marks do not.
    static func attributes(_ file: Int32) -> [(name: [UInt8], value: [UInt8])] {
        let room = flistxattr(file, nil, 0)
        guard room > 0, room <= ImageLimits.attributeBytesMax else { return [] }
        var list = [CChar](repeating: 0, count: room)
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
