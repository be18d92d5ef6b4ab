// SPDX-License-Identifier: Apache-2.0
import Glibc

extension FileTree {
    /// How compressed files begin that are no layers: bzip2, xz.
    private static let unknown: [(name: String, magic: [UInt8])] = [
        ("bzip2", Array("BZh".utf8)), ("xz", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]),
    ]

    /// Whether a file is an archive: tar, as it is or in gzip or zstd.
    ///
    /// - Throws: ``ImageFailure/badLayer(entry:reason:)`` for compression that is not read here.
    public func isArchive(_ path: String) throws(ImageFailure) -> Bool {
        let file = try open(path, O_RDONLY | O_NONBLOCK)
        let head = try file.bytes(upTo: 8)
        for (name, magic) in Self.unknown where head.starts(with: magic) {
            throw .badLayer(entry: path, reason: "\(name) is not read here: gzip and zstd are")
        }
        guard
            let stream = try? LayerStream(
                "/proc/self/fd/\(file.number)", limits: ImageLimits())
        else { return false }
        var reader = TarReader(stream)
        return ((try? reader.next()) ?? nil) != nil
    }

    /// Unpacks an archive into a folder of another tree, which is made when missing. What is there
    /// stays unless an entry takes its place.
    ///
    /// - Throws: ``ImageFailure``, with the entry's name.
    public func unpackArchive(
        _ path: String, to tree: FileTree, at target: String
    ) throws(ImageFailure) {
        let file = try open(path, O_RDONLY)
        try tree.makeFolder(target)
        // By its descriptor: the path would be walked anew, from the machine's root.
        try FolderArchive.place(
            "/proc/self/fd/\(file.number)", in: InsideRoot(folder: tree.root), at: target)
    }
}
