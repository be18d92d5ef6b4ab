// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A folder in which every path is walked as if it were the root of all files: no link in it and
/// no `..` leads out of it (BUILDER-5).
public struct FileTree: Sendable {
    /// What a path leads to.
    public enum Kind: Hashable, Sendable {
        /// A folder.
        case folder
        /// A file with content.
        case file
        /// A device, pipe or socket.
        case other
    }

    /// The most names that one pattern is held against: 262,144, some seconds of them.
    public static let matchedNamesMax = 262_144

    /// The folder.
    public let root: String

    /// Names a folder.
    public init(_ root: String) { self.root = root }

    /// What a path leads to, links followed; nil for nothing.
    ///
    /// - Throws: ``ImageFailure/badLayer(entry:reason:)`` for paths that climb or are too long,
    ///   ``ImageFailure/failed(path:errno:message:)``.
    public func kind(of path: String) throws(ImageFailure) -> Kind? {
        do throws(ImageFailure) {
            let file = try open(path, InsideRoot.placeOnly)
            return try Self.kind(Self.status(file.number, path))
        } catch ImageFailure.notFound {
            return nil
        } catch {
            throw error
        }
    }

    /// A small file.
    ///
    /// - Throws: ``ImageFailure/notFound(_:)``, ``ImageFailure/tooLarge(_:limit:)``.
    public func read(_ path: String, bytesMax: Int) throws(ImageFailure) -> [UInt8] {
        let file = try open(path, O_RDONLY | O_NONBLOCK)
        let status = try Self.status(file.number, path)
        guard Self.kind(status) == .file else {
            throw .failed(path: path, errno: EINVAL, message: "not a file")
        }
        guard status.st_size <= bytesMax else { throw .tooLarge(path, limit: Int64(bytesMax)) }
        return try file.bytes(upTo: Int(status.st_size))
    }

    /// Makes a folder and its parents where they are missing.
    ///
    /// - Returns: Whether anything was made.
    @discardableResult
    public func makeFolder(_ path: String) throws(ImageFailure) -> Bool {
        switch try kind(of: path) {
        case .folder: return false
        case .file, .other:
            throw .badLayer(entry: path, reason: "it is there and is not a folder")
        case nil: break
        }
        let folder = try LayerFolder(root, isOwner: geteuid() == 0)
        _ = try folder.parent(Self.parts(path))
        return true
    }

    /// The paths that a pattern means, in order of their bytes; the pattern itself when nothing in
    /// it stands for something else. Without a slash at their beginning.
    ///
    /// - Returns: Nil when the pattern is none.
    public func paths(matching pattern: String) throws(ImageFailure) -> [String]? {
        var found: [[[UInt8]]] = [[]]
        var names = 0
        for part in try Self.parts(pattern) {
            guard let wanted = PathPattern(part) else { return nil }
            if wanted.isPlain {
                let plain = Self.unescaped(part)
                found = found.map { $0 + [plain] }
                continue
            }
            var next: [[[UInt8]]] = []
            for folder in found {
                let text = Self.text(folder)
                guard try kind(of: text) == .folder else { continue }
                let open = try open(text, O_RDONLY | O_DIRECTORY)
                for name in try TreeWalk.names(open.number) {
                    names += 1
                    guard names <= Self.matchedNamesMax else {
                        throw .tooLarge("names for a pattern", limit: Int64(Self.matchedNamesMax))
                    }
                    if wanted.matches(name) { next.append(folder + [name]) }
                }
            }
            found = next
        }
        return found.map(Self.text)
    }

    // MARK: Inside

    func open(_ path: String, _ flags: Int32) throws(ImageFailure) -> SystemFile {
        let inner = Self.text(try Self.parts(path))
        return try InsideRoot(folder: root).open(inner, flags)
    }

    static func status(_ file: Int32, _ path: String) throws(ImageFailure) -> stat {
        var status = stat()
        guard fstat(file, &status) == 0 else { throw .fromSystem(path) }
        return status
    }

    static func kind(_ status: stat) -> Kind {
        switch status.st_mode & S_IFMT {
        case S_IFDIR: .folder
        case S_IFREG: .file
        default: .other
        }
    }

    static func parts(_ path: String) throws(ImageFailure) -> [[UInt8]] {
        do throws(ImageFailure) {
            return try LayerPath.parts(Array(path.utf8))
        } catch {
            throw error.naming(entry: path)
        }
    }

    // A name that is no text comes back with marks in the place of its odd bytes, and is then not
    // found: patterns are texts.
    private static func text(_ parts: [[UInt8]]) -> String {
        parts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "/")
    }

    private static func unescaped(_ part: [UInt8]) -> [UInt8] {
        var plain: [UInt8] = []
        var isEscaped = false
        for byte in part {
            if byte == UInt8(ascii: "\\"), !isEscaped {
                isEscaped = true
            } else {
                plain.append(byte)
                isEscaped = false
            }
        }
        return plain
    }
}
