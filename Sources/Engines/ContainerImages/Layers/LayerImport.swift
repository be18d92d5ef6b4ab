// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Vocabulary

/// An archive that comes from somewhere else, compressed into a store as one layer.
///
/// Whether it is an archive is found out when it is unpacked.
public final class LayerImport {
    private let output: LayerOutput
    private var plain = SHA256()
    private var count: Int64 = 0
    private let limits: ImageLimits

    /// Begins.
    public init(
        into store: ContentStore, limits: ImageLimits = ImageLimits()
    ) throws(ImageFailure) {
        output = try LayerOutput(store)
        self.limits = limits
    }

    /// Adds bytes of the archive.
    ///
    /// - Throws: ``ImageFailure/tooLarge(_:limit:)``, ``ImageFailure/full(path:)``.
    public func append(_ bytes: [UInt8]) throws(ImageFailure) {
        count += Int64(bytes.count)
        guard count <= limits.layerBytes else {
            throw .tooLarge("bytes of a layer", limit: limits.layerBytes)
        }
        plain.update(bytes)
        try output.append(bytes)
    }

    /// Puts the layer into its place. Afterwards this is not used again.
    ///
    /// - Returns: The layer as it is stored, and its name before compression.
    public func finish() throws(ImageFailure) -> (stored: Descriptor, digest: ContentDigest) {
        let stored = try output.finish()
        var ended = SHA256()
        swap(&ended, &plain)
        return (stored, ContentDigest(ended.finish()))
    }
}
