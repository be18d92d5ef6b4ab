// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Glibc
import JSONText

/// An image that came in an archive.
public struct LoadedImage: Hashable, Sendable {
    /// Its manifest, in the store under no name yet.
    public let manifest: Descriptor
    /// Its configuration's digest.
    public let configuration: ContentDigest
    /// What the archive calls it.
    public let names: [ImageReference]
}

extension ImageArchive {
    /// The most images of an archive: 1,024.
    public static let imagesMax = 1_024

    /// Takes the images of an unpacked archive into a store: one of Docker's, or an OCI image
    /// layout (IMAGE-12). Paths are walked within the archive alone. Calls block.
    ///
    /// - Throws: ``ImageFailure``; content that came whole stays until the next collection.
    public static func load(
        _ archive: FileTree, into store: ContentStore
    ) throws(ImageFailure) -> [LoadedImage] {
        if try archive.kind(of: "manifest.json") == .file {
            return try loadDocker(archive, into: store)
        }
        guard try archive.kind(of: "index.json") == .file else {
            throw .badDocument("archive", reason: "neither manifest.json nor index.json is in it")
        }
        return try loadLayout(archive, into: store)
    }

    // MARK: Docker's

    private static func loadDocker(
        _ archive: FileTree, into store: ContentStore
    ) throws(ImageFailure) -> [LoadedImage] {
        let bytes = try archive.read("manifest.json", bytesMax: ImageLimits.manifestBytesMax)
        let json = try JSON.document(
            bytes, "manifest.json", bytesMax: ImageLimits.manifestBytesMax)
        guard let entries = json.elements, entries.count <= imagesMax else {
            throw .badDocument("manifest.json", reason: "no list of \(imagesMax) images or fewer")
        }
        var loaded: [LoadedImage] = []
        for entry in entries {
            guard let path = entry["Config"]?.text, let layers = entry["Layers"]?.elements else {
                throw .badDocument("manifest.json", reason: "Config or Layers is missing")
            }
            let document = try archive.read(path, bytesMax: ImageLimits.configurationBytesMax)
            let configuration = try ImageConfiguration(bytes: document)
            guard layers.count == configuration.layers.count else {
                throw .badDocument(
                    "manifest.json", reason: "other layers than the configuration lists")
            }
            var stored: [Descriptor] = []
            for (layer, digest) in zip(layers, configuration.layers) {
                guard let path = layer.text else {
                    throw .badDocument("manifest.json", reason: "Layers are texts")
                }
                stored.append(try takeLayer(path, digest, of: archive, into: store))
            }
            let described = try store.put(document, mediaType: MediaType.configuration)
            let manifest = try store.put(
                ImageManifest(configuration: described, layers: stored).bytes,
                mediaType: MediaType.manifest)
            var names: [ImageReference] = []
            for name in entry["RepoTags"]?.elements ?? [] {
                if let text = name.text { names.append(try ImageReference(text)) }
            }
            loaded.append(
                LoadedImage(manifest: manifest, configuration: described.digest, names: names))
        }
        return loaded
    }

    /// Compressed layers stay as they are; others are compressed.
    private static func takeLayer(
        _ path: String, _ expected: ContentDigest, of archive: FileTree,
        into store: ContentStore
    ) throws(ImageFailure) -> Descriptor {
        let file = try archive.open(path, O_RDONLY | O_NONBLOCK)
        guard FileTree.kind(try FileTree.status(file.number, path)) == .file else {
            throw .badDocument("manifest.json", reason: "'\(path)' is no file")
        }
        let place = "/proc/self/fd/\(file.number)"
        let stream = try LayerStream(place, limits: ImageLimits())
        let found = try stream.finish()
        guard found == expected else { throw .wrongDigest(expected: expected, found: found) }
        let magic = try SystemFile(place, O_RDONLY).bytes(upTo: 4)
        let type: String
        if magic.starts(with: [0x1F, 0x8B]) {
            type = MediaType.layer + "+gzip"
        } else if magic == [0x28, 0xB5, 0x2F, 0xFD] {
            type = MediaType.layer + "+zstd"
        } else {
            let layer = try LayerImport(into: store)
            let plain = try SystemFile(place, O_RDONLY)
            while true {
                let bytes = try plain.bytes(upTo: 1 << 20)
                if bytes.isEmpty { break }
                try layer.append(bytes)
            }
            return try layer.finish().stored
        }
        let size = try file.count()
        let descriptor = Descriptor(mediaType: type, digest: try hash(place), size: size)
        try take(place, as: descriptor, into: store)
        return descriptor
    }

    // MARK: OCI's

    private static func loadLayout(
        _ archive: FileTree, into store: ContentStore
    ) throws(ImageFailure) -> [LoadedImage] {
        let bytes = try archive.read("index.json", bytesMax: ImageLimits.manifestBytesMax)
        let index = try ImageIndex(bytes: bytes)
        guard index.manifests.count <= imagesMax else {
            throw .tooLarge("images of an archive", limit: Int64(imagesMax))
        }
        var loaded: [LoadedImage] = []
        for entry in index.manifests {
            let root = Descriptor(
                mediaType: entry.mediaType, digest: entry.digest, size: entry.size)
            try takeAll(root, of: archive, into: store)
            let image = try StoredImage(root, in: store, platform: .current)
            var names: [ImageReference] = []
            let text =
                entry.annotations[ContentStore.nameAnnotation]
                ?? entry.annotations[ContentStore.tagAnnotation]
            // A tag alone names nothing.
            if let text, text.contains(":") || text.contains("/") {
                names.append(try ImageReference(text))
            }
            let digest = image.documents.configuration.digest
            if let known = loaded.firstIndex(where: { $0.manifest == root }) {
                loaded[known] = LoadedImage(
                    manifest: root, configuration: digest, names: loaded[known].names + names)
            } else {
                loaded.append(LoadedImage(manifest: root, configuration: digest, names: names))
            }
        }
        return loaded
    }

    /// Everything a manifest or an index names, each once, as far as the archive has it.
    private static func takeAll(
        _ root: Descriptor, of archive: FileTree, into store: ContentStore
    ) throws(ImageFailure) {
        var waiting = [(descriptor: root, depth: 0, isNeeded: true)]
        var seen: Set<ContentDigest> = []
        while let next = waiting.popLast() {
            guard seen.insert(next.descriptor.digest).inserted else { continue }
            guard next.depth <= ImageLimits.indexDepthMax else {
                throw .tooLarge(
                    "indexes inside one another", limit: Int64(ImageLimits.indexDepthMax))
            }
            let path = Self.path(next.descriptor.digest)
            if try archive.kind(of: path) != .file {
                // Other platforms' manifests of an index are often left out.
                guard next.isNeeded else { continue }
                throw .notFound("'\(path)' in the archive")
            }
            let file = try archive.open(path, O_RDONLY | O_NONBLOCK)
            try take("/proc/self/fd/\(file.number)", as: next.descriptor, into: store)
            let isIndex = MediaType.isIndex(next.descriptor.mediaType)
            for child in try store.children(of: next.descriptor) {
                waiting.append((child, next.depth + (isIndex ? 1 : 0), !isIndex))
            }
        }
    }

    // MARK: Content

    private static func take(
        _ path: String, as descriptor: Descriptor, into store: ContentStore
    ) throws(ImageFailure) {
        if store.size(of: descriptor.digest) == descriptor.size { return }
        let writer = try ContentWriter(into: store, descriptor, isResumed: false)
        let file = try SystemFile(path, O_RDONLY)
        while true {
            let bytes = try file.bytes(upTo: 1 << 20)
            if bytes.isEmpty { break }
            try writer.append(bytes)
        }
        try writer.finish()
    }

    private static func hash(_ path: String) throws(ImageFailure) -> ContentDigest {
        let file = try SystemFile(path, O_RDONLY)
        var hasher = SHA256()
        while true {
            let bytes = try file.bytes(upTo: 1 << 20)
            if bytes.isEmpty { break }
            hasher.update(bytes)
        }
        return ContentDigest(hasher.finish())
    }
}
