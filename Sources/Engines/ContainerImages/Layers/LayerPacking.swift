// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Glibc

/// A layer made from a folder.
public struct PackedLayer: Hashable, Sendable {
    /// Where its compressed bytes are in the store.
    public let descriptor: Descriptor
    /// The name of the archive before compression, for the configuration.
    public let digest: ContentDigest
    /// How many entries it has.
    public let entries: Int

    /// Joins what is known of a layer.
    public init(descriptor: Descriptor, digest: ContentDigest, entries: Int) {
        self.descriptor = descriptor
        self.digest = digest
        self.entries = entries
    }
}

/// How a folder becomes a layer.
public struct PackingOptions: Sendable {
    /// Whose marks of overlay are read.
    public var privilege: UnpackingOptions.Privilege
    /// The time of every entry, in seconds since 1970; nil for the files' own (BUILDER-8).
    public var modified: Int64?
    /// Paths that are passed over with all below them, without a slash at their beginning: what the
    /// machine and not the program put there.
    public var leavesOut: Set<String> = []
    /// Folders that are passed over when nothing in them is left and they are as a machine makes
    /// them: root's, with mode 755.
    public var leavesOutEmpty: Set<String> = []

    /// The usual: as root if the process is, everything, with its own times.
    public init(privilege: UnpackingOptions.Privilege? = nil, modified: Int64? = nil) {
        self.privilege = privilege ?? (geteuid() == 0 ? .root : .user)
        self.modified = modified
    }
}

/// Makes a layer of a folder, as overlay's upper folder or a whole tree (IMAGE-10).
///
/// The same files give the same bytes (``TreeArchive``).
public enum LayerPacking {
    /// Packs a folder into a store, compressed with gzip.
    ///
    /// - Throws: ``ImageFailure/full(path:)``, ``ImageFailure/failed(path:errno:message:)``.
    public static func pack(
        _ folder: String, into store: ContentStore, options: PackingOptions = PackingOptions()
    ) throws(ImageFailure) -> PackedLayer {
        let sink = LayerSink(try LayerOutput(store))
        let root = try SystemFile(folder, O_RDONLY | O_DIRECTORY)
        let leavesOut = Set(options.leavesOut.map { Array($0.utf8) })
        let leavesOutEmpty = Set(options.leavesOutEmpty.map { Array($0.utf8) })
        let archive = TreeArchive(
            sink,
            TreeWalk.Options(
                marks: options.privilege, leavesOut: { leavesOut.contains($0) },
                passesOver: { entry in
                    entry.kind == .folder && leavesOutEmpty.contains(entry.path)
                        && entry.mode == 0o755 && entry.user == 0 && entry.group == 0
                }), modified: options.modified)
        try archive.addFolder(root.number, path: [])
        let entries = try archive.finish()
        return try sink.finish(entries: entries)
    }
}

/// Compresses an archive into a store, and takes its name before and after.
private final class LayerSink: ArchiveSink {
    private var plain = SHA256()
    private let output: LayerOutput

    init(_ output: LayerOutput) { self.output = output }

    func take(_ bytes: [UInt8]) throws(ImageFailure) {
        plain.update(bytes)
        try output.append(bytes)
    }

    func finish(entries: Int) throws(ImageFailure) -> PackedLayer {
        // What is stored cannot be consumed; an empty hash takes its place.
        var ended = SHA256()
        swap(&ended, &plain)
        return PackedLayer(
            descriptor: try output.finish(), digest: ContentDigest(ended.finish()),
            entries: entries)
    }
}
