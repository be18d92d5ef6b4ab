// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Glibc
import Vocabulary

/// What copies of files get that their originals do not have.
public struct CopyOptions: Sendable {
    /// Whose they are; nil for the originals' owner.
    public var owner: Owner?
    /// Their mode, folders' too; nil for the originals'.
    public var mode: UInt32?
    /// Paths of the source that are passed over unless something below them is not.
    public var isIgnored: (@Sendable ([UInt8]) -> Bool)?

    /// A user and a group, by number.
    public struct Owner: Hashable, Sendable {
        /// The user.
        public let user: UInt32
        /// The group.
        public let group: UInt32
        /// Joins them.
        public init(user: UInt32, group: UInt32) {
            self.user = user
            self.group = group
        }
    }

    /// As the originals are.
    public init() {}
}

extension FileTree {
    /// Copies a file, or what is in a folder, to a path of another tree. A folder that is there
    /// takes what comes; a link to a folder is gone through; anything else gives way.
    ///
    /// - Parameters:
    ///   - path: What is copied; a link is followed, those within a folder stay links.
    ///   - target: The copy's path, of a folder that of the folder.
    /// - Throws: ``ImageFailure/notFound(_:)``, ``ImageFailure/full(path:)``,
    ///   ``ImageFailure/badLayer(entry:reason:)`` for devices.
    public func copy(
        _ path: String, to tree: FileTree, at target: String, options: CopyOptions
    ) throws(ImageFailure) {
        let folder = try LayerFolder(tree.root, isOwner: geteuid() == 0)
        let base = try Self.parts(target)
        var times: [(path: [[UInt8]], moment: TarEntry.Moment)] = []
        if try kind(of: path) == .folder {
            _ = try folder.parent(base)
        }
        try visit(path, options) { (entry, file) throws(ImageFailure) in
            do throws(ImageFailure) {
                let parts = base + (try LayerPath.parts(entry.path))
                try tree.place(Self.changed(entry, options), at: parts, base, file, in: folder)
                if entry.kind == .folder { times.append((parts, entry.modified)) }
            } catch {
                throw error.naming(entry: entry.text)
            }
        }
        for entry in times.reversed() { try folder.setTime(of: entry.path, entry.moment) }
    }

    /// What copies of a path would be made of: names, modes, links and contents, not times; owners
    /// only where they are kept (BUILDER-7).
    public func digest(of path: String, options: CopyOptions) throws(ImageFailure) -> ContentDigest
    {
        let hashing = TreeHashing()
        try visit(path, options) { (entry, file) throws(ImageFailure) in
            try hashing.add(Self.changed(entry, options), file)
        }
        return hashing.finish()
    }

    private func visit(
        _ path: String, _ options: CopyOptions, _ visit: @escaping TreeWalk.Visit
    ) throws(ImageFailure) {
        let file = try open(path, O_RDONLY | O_NONBLOCK)
        let status = try Self.status(file.number, path)
        switch Self.kind(status) {
        case .folder:
            let prefix = LayerPath.joined(try Self.parts(path))
            let isIgnored = options.isIgnored
            let walk = TreeWalk(
                TreeWalk.Options(
                    passesOver: isIgnored.map { isIgnored in
                        { isIgnored(prefix.isEmpty ? $0.path : prefix + [0x2F] + $0.path) }
                    }), visit)
            try walk.walk(file.number)
        case .file:
            var entry = TreeWalk.entry(of: status, path: [])
            entry.size = Int64(status.st_size)
            entry.attributes = TreeWalk.attributes(file.number)
            try visit(entry, file.number)
        case .other:
            throw .badLayer(entry: path, reason: "neither a file nor a folder")
        }
    }

    private static func changed(_ entry: TarEntry, _ options: CopyOptions) -> TarEntry {
        var entry = entry
        if let owner = options.owner { (entry.user, entry.group) = (owner.user, owner.group) }
        if let mode = options.mode, entry.kind != .symbolicLink { entry.mode = mode }
        return entry
    }

    private func place(
        _ entry: TarEntry, at path: [[UInt8]], _ base: [[UInt8]], _ file: Int32,
        in folder: LayerFolder
    ) throws(ImageFailure) {
        guard let name = path.last else {
            throw .badLayer(entry: entry.text, reason: "a file in the place of the root")
        }
        let parent = Array(path.dropLast())
        switch entry.kind {
        case .folder:
            // A link to a folder: what is copied lands where it leads, as with `cp -r` to it.
            guard !(try folder.isLinkToFolder(name, in: parent)) else { return }
            try folder.makeFolder(entry, name, in: parent)
        case .file:
            let made = try folder.makeFile(entry, name, in: parent)
            try Self.copyContent(of: file, count: entry.size, to: made)
            try folder.describe(made.number, entry)
        case .symbolicLink: try folder.makeSymbolicLink(entry, name, in: parent)
        case .hardLink:
            try folder.makeHardLink(
                to: base + (try LayerPath.parts(entry.target)), name, in: parent)
        case .pipe: try folder.makeNode(entry, name, in: parent, S_IFIFO, 0)
        case .characterDevice, .blockDevice:
            throw .badLayer(entry: entry.text, reason: "a device, which is not copied")
        }
    }

    private static func copyContent(
        of file: Int32, count: Int64, to made: borrowing SystemFile
    ) throws(ImageFailure) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
        defer { buffer.deallocate() }
        var rest = count
        while rest > 0 {
            let room = Int(min(rest, Int64(buffer.count)))
            let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[..<room])
            let step = try SystemFile.read(file, piece, path: made.path)
            guard step > 0 else { return }
            try made.write(UnsafeRawBufferPointer(rebasing: buffer[..<step]))
            rest -= Int64(step)
        }
    }
}

/// Hashes entries so that no two lists of them give the same bytes: every part has its length
/// before it.
private final class TreeHashing {
    private var hasher = SHA256()

    func add(_ entry: TarEntry, _ file: Int32) throws(ImageFailure) {
        part(entry.path)
        part(Array("\(entry.kind) \(entry.mode) \(entry.user) \(entry.group) \(entry.size)".utf8))
        part(entry.target)
        for attribute in entry.attributes {
            part(attribute.name)
            part(attribute.value)
        }
        guard file >= 0 else { return }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let step = try SystemFile.read(file, buffer, path: entry.text)
            guard step > 0 else { break }
            hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<step]))
        }
        // The copy reads it again from its beginning.
        lseek(file, 0, SEEK_SET)
    }

    func finish() -> ContentDigest {
        var ended = SHA256()
        swap(&ended, &hasher)
        return ContentDigest(ended.finish())
    }

    private func part(_ bytes: [UInt8]) {
        hasher.update(Array("\(bytes.count):".utf8))
        hasher.update(bytes)
    }
}
