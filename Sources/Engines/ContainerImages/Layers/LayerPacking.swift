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
}

/// Makes a layer of a folder, as overlay's upper folder or a whole tree (IMAGE-10).
///
/// The same files give the same bytes (``TreeArchive``).
public enum LayerPacking {
    /// Packs a folder into a store, compressed with gzip.
    ///
    /// - Throws: ``ImageFailure/full(path:)``, ``ImageFailure/failed(path:errno:message:)``.
    public static func pack(
        _ folder: String, into store: ContentStore, options: UnpackingOptions = UnpackingOptions()
    ) throws(ImageFailure) -> PackedLayer {
        let sink = LayerSink(try LayerOutput(store))
        let root = try SystemFile(folder, O_RDONLY | O_DIRECTORY)
        var archive = TreeArchive(sink, privilege: options.privilege)
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
