// SPDX-License-Identifier: Apache-2.0
public import JSONText

/// An image of the store: what its name leads to, and its documents for one platform.
public struct StoredImage: Sendable {
    /// What the name leads to: a manifest, or an index.
    public let root: Descriptor
    /// The platform's manifest.
    public let manifest: Descriptor
    /// The manifest's document.
    public let documents: ImageManifest
    /// How the image is run.
    public let configuration: ImageConfiguration

    /// Reads its documents.
    ///
    /// - Throws: ``ImageFailure``.
    public init(
        _ root: Descriptor, in store: ContentStore, platform: Platform
    ) throws(ImageFailure) {
        var current = root
        var depth = 0
        while MediaType.isIndex(current.mediaType) {
            guard depth < ImageLimits.indexDepthMax else {
                throw .tooLarge(
                    "indexes inside one another", limit: Int64(ImageLimits.indexDepthMax))
            }
            depth += 1
            let bytes = try store.read(current.digest, bytesMax: ImageLimits.manifestBytesMax)
            current = try ImageIndex(bytes: bytes, mediaType: current.mediaType)
                .manifest(for: platform)
        }
        let bytes = try store.read(current.digest, bytesMax: ImageLimits.manifestBytesMax)
        self.root = root
        manifest = current
        documents = try ImageManifest(bytes: bytes, mediaType: current.mediaType)
        configuration = try ImageConfiguration(
            bytes: store.read(
                documents.configuration.digest,
                bytesMax: ImageLimits.configurationBytesMax))
    }

    /// The bytes of its layers as they are stored.
    public var bytes: Int64 { documents.layers.reduce(0) { $0 + $1.size } }

    /// What machines read of it.
    public func json(name: String) -> JSON {
        [
            "name": JSON(name), "digest": JSON(root.digest.description),
            "manifest": JSON(manifest.digest.description),
            "id": JSON(documents.configuration.digest.description),
            "platform": JSON(configuration.platform.description), "bytes": JSON(bytes),
            "layers": .array(documents.layers.map { JSON($0.digest.description) }),
            "diffIDs": .array(configuration.layers.map { JSON($0.description) }),
            "config": configuration.json["config"] ?? [:],
        ]
    }
}
