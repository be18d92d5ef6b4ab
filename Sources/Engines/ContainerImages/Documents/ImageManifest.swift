// SPDX-License-Identifier: Apache-2.0
import JSONText

/// What an image is made of: a configuration and layers, the lowest first.
///
/// Source: OCI image specification 1.1, manifest.md; Docker's image manifest version 2, schema 2.
public struct ImageManifest: Hashable, Sendable {
    /// OCI's media type or Docker's.
    public var mediaType: String
    /// Where the configuration is.
    public var configuration: Descriptor
    /// Where the layers are, the lowest first.
    public var layers: [Descriptor]
    /// Free notes.
    public var annotations: [String: String]

    /// Joins configuration and layers.
    public init(
        mediaType: String = MediaType.manifest, configuration: Descriptor, layers: [Descriptor],
        annotations: [String: String] = [:]
    ) {
        self.mediaType = mediaType
        self.configuration = configuration
        self.layers = layers
        self.annotations = annotations
    }

    /// Reads a manifest.
    ///
    /// - Throws: ``ImageFailure/badDocument(_:reason:)``, ``ImageFailure/badDigest(_:)``,
    ///   ``ImageFailure/tooLarge(_:limit:)``.
    public init(bytes: [UInt8], mediaType said: String? = nil) throws(ImageFailure) {
        let json = try JSON.document(
            bytes, "manifest", bytesMax: ImageLimits.manifestBytesMax)
        let type = json["mediaType"]?.text ?? said ?? MediaType.manifest
        guard MediaType.isManifest(type), json["schemaVersion"]?.unsigned == 2 else {
            throw .badDocument("manifest", reason: "neither OCI's nor Docker's schema 2")
        }
        if let said, said != type {
            throw .badDocument("manifest", reason: "it says \(type), and was called \(said)")
        }
        // A document that is both would be read as one by some and as the other by others.
        guard json["manifests"] == nil else {
            throw .badDocument("manifest", reason: "it has the list of an index too")
        }
        guard let configuration = json["config"], let layers = json["layers"]?.elements else {
            throw .badDocument("manifest", reason: "config or layers is missing")
        }
        guard layers.count <= ImageLimits.layersMax else {
            throw .tooLarge("layers", limit: Int64(ImageLimits.layersMax))
        }
        mediaType = type
        self.configuration = try Descriptor(configuration)
        self.layers = []
        for layer in layers { self.layers.append(try Descriptor(layer)) }
        annotations = [:]
        for note in json["annotations"]?.members ?? [] {
            if let text = note.value.text { annotations[note.name] = text }
        }
    }

    /// The manifest as it is stored and sent.
    public var bytes: [UInt8] {
        var members = [
            JSON.Member("schemaVersion", 2), JSON.Member("mediaType", JSON(mediaType)),
            JSON.Member("config", configuration.json),
            JSON.Member("layers", .array(layers.map(\.json))),
        ]
        if !annotations.isEmpty { members.append(JSON.Member("annotations", .notes(annotations))) }
        var writer = JSONWriter()
        writer.value(.object(members))
        return writer.bytes
    }
}

/// A list of manifests, one for each platform, or of further lists (OCI image-index.md).
public struct ImageIndex: Hashable, Sendable {
    /// OCI's media type or Docker's.
    public var mediaType: String
    /// Where the manifests are.
    public var manifests: [Descriptor]

    /// Lists manifests.
    public init(mediaType: String = MediaType.index, manifests: [Descriptor]) {
        self.mediaType = mediaType
        self.manifests = manifests
    }

    /// Reads an index.
    ///
    /// - Throws: As ``ImageManifest/init(bytes:mediaType:)``.
    public init(bytes: [UInt8], mediaType said: String? = nil) throws(ImageFailure) {
        let json = try JSON.document(bytes, "index", bytesMax: ImageLimits.manifestBytesMax)
        let type = json["mediaType"]?.text ?? said ?? MediaType.index
        guard MediaType.isIndex(type), json["schemaVersion"]?.unsigned == 2 else {
            throw .badDocument("index", reason: "neither OCI's nor Docker's list")
        }
        if let said, said != type {
            throw .badDocument("index", reason: "it says \(type), and was called \(said)")
        }
        guard json["layers"] == nil, json["config"] == nil else {
            throw .badDocument("index", reason: "it has the members of a manifest too")
        }
        guard let manifests = json["manifests"]?.elements else {
            throw .badDocument("index", reason: "manifests is missing")
        }
        guard manifests.count <= ImageLimits.manifestsMax else {
            throw .tooLarge("manifests", limit: Int64(ImageLimits.manifestsMax))
        }
        mediaType = type
        self.manifests = []
        for manifest in manifests { self.manifests.append(try Descriptor(manifest)) }
    }

    /// The first that runs on a platform; without platforms in it, the first of all.
    ///
    /// - Throws: ``ImageFailure/noPlatform(_:offered:)``.
    public func manifest(for platform: Platform) throws(ImageFailure) -> Descriptor {
        let images = manifests.filter {
            MediaType.isManifest($0.mediaType) || MediaType.isIndex($0.mediaType)
        }
        if let found = images.first(where: { $0.platform.map(platform.runs) ?? false }) {
            return found
        }
        // An index inside an index often says nothing of platforms itself.
        if let first = images.first(where: { $0.platform == nil }) { return first }
        throw .noPlatform(platform, offered: images.compactMap(\.platform))
    }

    /// The index as it is stored and sent.
    public var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.value([
            "schemaVersion": 2, "mediaType": JSON(mediaType),
            "manifests": .array(manifests.map(\.json)),
        ])
        return writer.bytes
    }
}

extension JSON {
    /// Reads a document of an image within its limit.
    static func document(
        _ bytes: [UInt8], _ name: String, bytesMax: Int
    ) throws(ImageFailure) -> JSON {
        guard bytes.count <= bytesMax else { throw .tooLarge(name, limit: Int64(bytesMax)) }
        do throws(JSONFailure) {
            return try JSON(parsing: bytes, limits: JSONLimits(bytes: bytesMax, depth: 32))
        } catch {
            throw .badDocument(name, reason: error.description)
        }
    }
}
