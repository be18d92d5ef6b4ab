// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// A folder in which paths are walked as if it were the root of all files: links that lead up or
/// begin at the root stay inside it, by `openat2` with `RESOLVE_IN_ROOT`.
final class LayerFolder {
    private let root: SystemFile
    private let isOwner: Bool
    // Archives list a folder's files one after the other: the last parent is kept open.
    private var cached: (path: [[UInt8]], folder: OpenFolder)?

    /// A descriptor that closes when nobody holds it.
    final class OpenFolder {
        let file: SystemFile
        var number: Int32 { file.number }
        init(_ file: consuming SystemFile) { self.file = file }
    }

    /// Whether a folder never takes a file's place nor a file a folder's.
    private let keepsKinds: Bool

    init(_ path: String, isOwner: Bool) throws(ImageFailure) {
        root = try SystemFile(path, O_RDONLY | O_DIRECTORY)
        self.isOwner = isOwner
        keepsKinds = false
    }

    /// Files that somebody else may change meanwhile.
    init(_ inside: InsideRoot, keepsKinds: Bool) throws(ImageFailure) {
        root = try inside.open("/", O_RDONLY | O_DIRECTORY)
        isOwner = true
        self.keepsKinds = keepsKinds
    }

    // MARK: - Walking

    /// The folder of a path, made with its parents where it is missing.
    func parent(_ path: [[UInt8]]) throws(ImageFailure) -> OpenFolder {
        if let cached, cached.path == path { return cached.folder }
        let folder: OpenFolder
        do throws(ImageFailure) {
            folder = try open(path)
        } catch ImageFailure.notFound {
            folder = try make(path)
        } catch {
            throw error
        }
        cached = (path, folder)
        return folder
    }

    private func open(_ path: [[UInt8]]) throws(ImageFailure) -> OpenFolder {
        let number = LayerPath.join(path).withUnsafeBufferPointer {
            atoll_openat2(
                root.number, $0.baseAddress, UInt64(O_RDONLY | O_DIRECTORY | O_CLOEXEC), 0,
                InsideRoot.insideOnly)
        }
        guard number >= 0 else { throw failure(path) }
        return OpenFolder(SystemFile(taking: number, path: text(path)))
    }

    private func make(_ path: [[UInt8]]) throws(ImageFailure) -> OpenFolder {
        var depth = path.count - 1
        var folder = try open([])
        // From the deepest that is there.
        while depth > 0 {
            if let found = try? open(Array(path[..<depth])) {
                folder = found
                break
            }
            depth -= 1
        }
        for index in depth..<path.count {
            guard name(path[index], { mkdirat(folder.number, $0, 0o755) }) == 0 else {
                // A link that leads nowhere, or a file: neither can hold files.
                throw .badLayer(entry: "", reason: "a folder on the way is not a folder")
            }
            folder = try open(Array(path[...index]))
        }
        return folder
    }

    // MARK: - Making

    /// Makes a folder, or takes one that is there.
    func makeFolder(
        _ entry: TarEntry, _ name: [UInt8], in path: [[UInt8]]
    ) throws(ImageFailure) {
        let parent = try parent(path)
        var isHidden = false
        let found = try kind(of: name, in: parent)
        if found != S_IFDIR {
            try checkKind(found, isFolder: true, name)
            isHidden = try remove(name, in: parent) == .whiteout
            guard self.name(name, { mkdirat(parent.number, $0, 0o700) }) == 0 else {
                throw failure(path + [name])
            }
        }
        let number = self.name(name) {
            openat(parent.number, $0, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        }
        guard number >= 0 else { throw failure(path + [name]) }
        let folder = SystemFile(taking: number, path: text(path + [name]))
        try describe(folder.number, entry)
        if isHidden { try setOpaque(folder.number) }
    }

    /// Makes an empty file in the place of whatever was there.
    func makeFile(
        _ entry: TarEntry, _ name: [UInt8], in path: [[UInt8]]
    ) throws(ImageFailure) -> SystemFile {
        let parent = try parent(path)
        try checkKind(try kind(of: name, in: parent), isFolder: false, name)
        try remove(name, in: parent)
        let number = self.name(name) {
            openat(
                parent.number, $0, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        }
        guard number >= 0 else { throw failure(path + [name]) }
        return SystemFile(taking: number, path: text(path + [name]))
    }

    /// Makes a symbolic link; where it leads is not looked at.
    func makeSymbolicLink(
        _ entry: TarEntry, _ name: [UInt8], in path: [[UInt8]]
    ) throws(ImageFailure) {
        guard !entry.target.isEmpty, !entry.target.contains(0),
            entry.target.count <= ImageLimits.pathBytesMax
        else { throw .badLayer(entry: "", reason: "a link that leads nowhere") }
        let parent = try parent(path)
        try checkKind(try kind(of: name, in: parent), isFolder: false, name)
        try remove(name, in: parent)
        let target = entry.target.map { CChar(bitPattern: $0) } + [0]
        guard self.name(name, { symlinkat(target, parent.number, $0) }) == 0 else {
            throw failure(path + [name])
        }
        try describe(name, in: parent, entry)
    }

    /// Gives a file of the layer a second name.
    func makeHardLink(
        to target: [[UInt8]], _ name: [UInt8], in path: [[UInt8]]
    ) throws(ImageFailure) {
        guard let last = target.last else {
            throw .badLayer(entry: "", reason: "a hard link to a folder")
        }
        let source: OpenFolder
        do throws(ImageFailure) {
            source = try open(Array(target.dropLast()))
        } catch ImageFailure.notFound {
            throw .badLayer(entry: "", reason: "a hard link to nothing in this layer")
        } catch {
            throw error
        }
        switch try kind(of: last, in: source) {
        case 0: throw .badLayer(entry: "", reason: "a hard link to nothing in this layer")
        case S_IFDIR: throw .badLayer(entry: "", reason: "a hard link to a folder")
        default: break
        }
        let parent = try parent(path)
        guard !isSame(last, in: source, name, in: parent) else { return }
        try remove(name, in: parent)
        let done = self.name(last) { from in
            self.name(name) { linkat(source.number, from, parent.number, $0, 0) }
        }
        guard done == 0 else { throw failure(path + [name]) }
    }

    /// Makes a device or a pipe.
    func makeNode(
        _ entry: TarEntry, _ name: [UInt8], in path: [[UInt8]], _ type: mode_t, _ device: dev_t
    ) throws(ImageFailure) {
        let parent = try parent(path)
        try remove(name, in: parent)
        guard self.name(name, { mknodat(parent.number, $0, type | 0o600, device) }) == 0 else {
            throw failure(path + [name])
        }
        try describe(name, in: parent, entry)
    }

    // MARK: - Hiding

    /// Hides a name of lower layers; what this layer has under it stays.
    func hide(_ name: [UInt8], in path: [[UInt8]]) throws(ImageFailure) {
        let parent = try parent(path)
        switch try kind(of: name, in: parent) {
        case 0:
            guard self.name(name, { mknodat(parent.number, $0, S_IFCHR, 0) }) == 0 else {
                throw failure(path + [name])
            }
        case S_IFDIR: try setOpaque(path + [name])
        default: break
        }
    }

    /// Hides everything that lower layers have in a folder.
    func setOpaque(_ path: [[UInt8]]) throws(ImageFailure) {
        try setOpaque(try parent(path).number)
    }

    private func setOpaque(_ number: Int32) throws(ImageFailure) {
        let name = isOwner ? "trusted.overlay.opaque" : "user.overlay.opaque"
        guard fsetxattr(number, name, "y", 1, 0) == 0 else { throw .fromSystem(name) }
    }

    // MARK: - What is there

    enum Removed { case nothing, something, whiteout }

    /// Removes what a name leads to, folders with all that is in them.
    @discardableResult
    func remove(_ name: [UInt8], in parent: OpenFolder) throws(ImageFailure) -> Removed {
        let found = try kind(of: name, in: parent)
        if found == 0 { return .nothing }
        cached = nil
        let isWhiteout = found == S_IFCHR && isDeviceZero(name, in: parent)
        if found == S_IFDIR {
            try FolderRemoval.remove(name, in: parent.number)
        } else if self.name(name, { unlinkat(parent.number, $0, 0) }) != 0 {
            throw failure([name])
        }
        return isWhiteout ? .whiteout : .something
    }

    /// The type of what a name leads to, links not followed; 0 for nothing.
    private func kind(of name: [UInt8], in parent: OpenFolder) throws(ImageFailure) -> mode_t {
        guard let status = status(of: name, in: parent) else {
            guard errno == ENOENT else { throw failure([name]) }
            return 0
        }
        return status.st_mode & S_IFMT
    }

    private func checkKind(
        _ found: mode_t, isFolder: Bool, _ name: [UInt8]
    ) throws(ImageFailure) {
        guard keepsKinds, found != 0, isFolder != (found == S_IFDIR) else { return }
        throw .badLayer(
            entry: String(decoding: name, as: UTF8.self),
            reason: isFolder
                ? "cannot overwrite non-directory with directory"
                : "cannot overwrite directory with non-directory")
    }

    /// Whether a name is a link that leads to a folder of this root.
    func isLinkToFolder(_ name: [UInt8], in path: [[UInt8]]) throws(ImageFailure) -> Bool {
        guard try kind(of: name, in: parent(path)) == S_IFLNK else { return false }
        return (try? open(path + [name])) != nil
    }

    private func isDeviceZero(_ name: [UInt8], in parent: OpenFolder) -> Bool {
        status(of: name, in: parent)?.st_rdev == 0
    }

    private func isSame(
        _ name: [UInt8], in folder: OpenFolder, _ other: [UInt8], in second: OpenFolder
    ) -> Bool {
        guard let one = status(of: name, in: folder), let two = status(of: other, in: second) else {
            return false
        }
        return one.st_ino == two.st_ino && one.st_dev == two.st_dev
    }

    private func status(of name: [UInt8], in parent: OpenFolder) -> stat? {
        var status = stat()
        let done = self.name(name) {
            fstatat(parent.number, $0, &status, AT_SYMLINK_NOFOLLOW)
        }
        return done == 0 ? status : nil
    }

    func name<Result>(_ name: [UInt8], _ body: (UnsafePointer<CChar>) -> Result) -> Result {
        (name.map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer { text in
            // A non-empty array has an address.
            text.baseAddress.map(body) ?? body("")
        }
    }

    func failure(_ path: [[UInt8]]) -> ImageFailure {
        switch errno {
        case ELOOP: .badLayer(entry: "", reason: "links that lead round in a circle")
        case ENOTDIR: .badLayer(entry: "", reason: "a folder on the way is not a folder")
        case ENAMETOOLONG: .badLayer(entry: "", reason: "a name that is too long")
        default: .fromSystem(text(path))
        }
    }

    private func text(_ path: [[UInt8]]) -> String {
        path.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "/")
    }

    var isRoot: Bool { isOwner }
}
