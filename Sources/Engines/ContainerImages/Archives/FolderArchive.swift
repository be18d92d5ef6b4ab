// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Archives of files that lie inside a root: made of a path, put at a path.
public enum FolderArchive {
    /// What putting an archive somewhere may do.
    public struct Placing: Sendable {
        /// Whether a folder stays a folder and a file stays none: otherwise it is refused.
        public var keepsKinds = false
        /// Whether the archive's own root says what the folder's owner and mode are.
        public var setsRoot = false

        /// Nothing of it.
        public init() {}
    }

    /// Writes what stands at a path as an archive, not compressed.
    ///
    /// A link at the path's end is not followed, unless the path ends with `/` or `/.`; the files
    /// of a folder whose path ends with `/.` stand under `.`, all others under the last name.
    ///
    /// - Parameter file: The archive, made by this.
    /// - Throws: ``ImageFailure/notFound(_:)``, ``ImageFailure/full(path:)``.
    public static func write(
        _ path: String, in root: InsideRoot, to file: String
    ) throws(ImageFailure) {
        let sink = try FileSink(file)
        let archive = TreeArchive(sink, TreeWalk.Options(marks: .root))
        let status = try root.status(path)
        let isWhole = path.hasSuffix("/.") || status.name == "/"
        if status.isFolder {
            let folder = try root.open(path, O_RDONLY | O_DIRECTORY)
            try archive.addRoot(
                folder.number, named: isWhole ? Array(".".utf8) : Array(status.name.utf8))
        } else {
            let parent = try root.open(Self.parent(path), O_RDONLY | O_DIRECTORY)
            let name = Array(status.name.utf8)
            try archive.addFile(name, in: parent.number, path: name)
        }
        _ = try archive.finish()
    }

    /// Writes all files of a root as an archive, not compressed.
    ///
    /// - Parameter file: The archive, made by this.
    /// - Throws: ``ImageFailure/full(path:)``, ``ImageFailure/tooLarge(_:limit:)``.
    public static func writeAll(_ root: InsideRoot, to file: String) throws(ImageFailure) {
        let archive = TreeArchive(try FileSink(file), TreeWalk.Options(marks: .root))
        let folder = try root.open("/", O_RDONLY | O_DIRECTORY)
        try archive.addFolder(folder.number, path: [])
        _ = try archive.finish()
    }

    /// The path without its last name.
    private static func parent(_ path: String) -> String {
        let parts = path.split(separator: "/").filter { $0 != "." }.dropLast()
        return parts.isEmpty ? "/" : "/" + parts.joined(separator: "/")
    }

    /// Puts an archive's files into a folder that stands at a path.
    ///
    /// - Parameter file: The archive; gzip and zstd are taken as well.
    /// - Throws: ``ImageFailure/badLayer(entry:reason:)``, ``ImageFailure/tooLarge(_:limit:)``,
    ///   ``ImageFailure/full(path:)``.
    public static func place(
        _ file: String, in root: InsideRoot, at path: String, _ placing: Placing = Placing()
    ) throws(ImageFailure) {
        try LayerUnpacking.place(file, in: root, at: LayerPath.parts(Array(path.utf8)), placing)
    }
}

/// Writes an archive into a file.
private final class FileSink: ArchiveSink {
    private let file: SystemFile
    private var bytes: Int64 = 0

    init(_ path: String) throws(ImageFailure) {
        file = try SystemFile(path, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o600)
    }

    func take(_ bytes: [UInt8]) throws(ImageFailure) {
        self.bytes += Int64(bytes.count)
        // Holes count: whoever made the files may have said any size.
        let limit = ImageLimits().layerBytes
        guard self.bytes <= limit else { throw .tooLarge("bytes of an archive", limit: limit) }
        try bytes.span.withUnsafeBytes { (bytes) throws(ImageFailure) in try file.write(bytes) }
    }
}
