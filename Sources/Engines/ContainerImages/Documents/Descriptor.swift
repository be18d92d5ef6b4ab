// SPDX-License-Identifier: Apache-2.0
public import JSONText

/// A pointer to content: its kind, name and size (OCI image specification 1.1, descriptor.md).
public struct Descriptor: Hashable, Sendable {
    /// What the bytes are.
    public var mediaType: String
    /// The bytes' name.
    public var digest: ContentDigest
    /// How many bytes there are, 0 or more.
    public var size: Int64
    /// What it runs on, in an index.
    public var platform: Platform?
    /// Free notes, sorted by name.
    public var annotations: [String: String]

    /// Points to content.
    public init(
        mediaType: String, digest: ContentDigest, size: Int64, platform: Platform? = nil,
        annotations: [String: String] = [:]
    ) {
        self.mediaType = mediaType
        self.digest = digest
        self.size = size
        self.platform = platform
        self.annotations = annotations
    }

    /// Points to these bytes.
    public init(mediaType: String, of bytes: [UInt8]) {
        self.init(
            mediaType: mediaType, digest: ContentDigest(of: bytes), size: Int64(bytes.count))
    }

    /// Reads one.
    ///
    /// - Throws: ``ImageFailure/badDocument(_:reason:)``, ``ImageFailure/badDigest(_:)``.
    public init(_ json: JSON) throws(ImageFailure) {
        guard let mediaType = json["mediaType"]?.text, mediaType.utf8.count <= 255 else {
            throw .badDocument("descriptor", reason: "mediaType is missing")
        }
        guard let digest = json["digest"]?.text else {
            throw .badDocument("descriptor", reason: "digest is missing")
        }
        guard let size = json["size"]?.signed, size >= 0 else {
            throw .badDocument("descriptor", reason: "size is not a number of bytes")
        }
        self.init(mediaType: mediaType, digest: try ContentDigest(digest), size: size)
        if let platform = json["platform"] { self.platform = Platform(platform) }
        for note in json["annotations"]?.members ?? [] {
            if let text = note.value.text { annotations[note.name] = text }
        }
    }

    /// The same with OCI's name of its kind: Docker's names of layers stand in Docker's manifests.
    public var inOCIWords: Descriptor {
        var copy = self
        if mediaType == MediaType.dockerLayer { copy.mediaType = MediaType.layer + "+gzip" }
        if mediaType == MediaType.dockerPlainLayer { copy.mediaType = MediaType.layer }
        return copy
    }

    /// The same as JSON, members in the specification's order.
    public var json: JSON {
        var members = [
            JSON.Member("mediaType", JSON(mediaType)),
            JSON.Member("digest", JSON(digest.description)), JSON.Member("size", JSON(size)),
        ]
        if let platform { members.append(JSON.Member("platform", platform.json)) }
        if !annotations.isEmpty { members.append(JSON.Member("annotations", .notes(annotations))) }
        return .object(members)
    }
}

extension JSON {
    /// An object of texts, sorted by name.
    static func notes(_ notes: [String: String]) -> JSON {
        .object(notes.sorted { $0.key < $1.key }.map { Member($0.key, JSON($0.value)) })
    }
}

/// The kinds of content this house knows, OCI's and Docker's names of the same things.
public enum MediaType {
    /// OCI's manifest.
    public static let manifest = "application/vnd.oci.image.manifest.v1+json"
    /// OCI's index.
    public static let index = "application/vnd.oci.image.index.v1+json"
    /// OCI's configuration.
    public static let configuration = "application/vnd.oci.image.config.v1+json"
    /// A layer, not compressed; compressed ones have `+gzip` or `+zstd` after it.
    public static let layer = "application/vnd.oci.image.layer.v1.tar"
    /// Docker's manifest.
    public static let dockerManifest = "application/vnd.docker.distribution.manifest.v2+json"
    /// Docker's index.
    public static let dockerIndex = "application/vnd.docker.distribution.manifest.list.v2+json"
    /// Docker's configuration.
    public static let dockerConfiguration = "application/vnd.docker.container.image.v1+json"
    /// Docker's layer, always in gzip.
    public static let dockerLayer = "application/vnd.docker.image.rootfs.diff.tar.gzip"

    /// Docker's layer, not compressed.
    public static let dockerPlainLayer = "application/vnd.docker.image.rootfs.diff.tar"

    /// Whether it is a manifest of one image.
    public static func isManifest(_ type: String) -> Bool {
        type == manifest || type == dockerManifest
    }
    /// Whether it is a list of manifests.
    public static func isIndex(_ type: String) -> Bool { type == index || type == dockerIndex }
    /// Whether it is a layer that can be unpacked here.
    public static func isLayer(_ type: String) -> Bool {
        type == dockerLayer || type == dockerPlainLayer
            || type == layer || type == layer + "+gzip" || type == layer + "+zstd"
    }
    /// What a client of registries says that it takes.
    public static let accepted = [manifest, index, dockerManifest, dockerIndex]
}
