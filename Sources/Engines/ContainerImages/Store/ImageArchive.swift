// SPDX-License-Identifier: Apache-2.0
import Glibc
import JSONText

/// An image on its way into an archive, with the names it gets there.
public struct SavedImage: Sendable {
    /// The image.
    public let image: StoredImage
    /// Its names.
    public var names: [ImageReference]

    /// Joins them.
    public init(_ image: StoredImage, names: [ImageReference]) {
        self.image = image
        self.names = names
    }
}

/// Images as one archive that Docker, podman and skopeo load: an OCI image layout with Docker's
/// `manifest.json` beside it (IMAGE-12). Made piece by piece as it is asked for; the same images
/// give the same bytes.
public final class ImageArchive: @unchecked Sendable {
    // One reader at a time asks for the next piece: the only state is behind `next()`.
    private enum Entry {
        case folder(String)
        case document(String, [UInt8])
        case content(ContentDigest)
    }

    private let store: ContentStore
    private var entries: [Entry]
    private var place = 0
    private var writer = TarWriter()
    private var file: SystemFile?
    private var left: Int64 = 0
    private static let pieceBytes = 256 << 10

    /// Begins an archive.
    ///
    /// - Throws: ``ImageFailure/notFound(_:)`` when content of an image is not here.
    public init(_ images: [SavedImage], in store: ContentStore) throws(ImageFailure) {
        self.store = store
        entries = [.folder("blobs/"), .folder("blobs/\(ContentDigest.algorithm)/")]
        var content: Set<ContentDigest> = []
        var listed: [Descriptor] = []
        var manifests: [JSON] = []
        for saved in images {
            let documents = saved.image.documents
            content.insert(saved.image.manifest.digest)
            content.formUnion([documents.configuration.digest])
            content.formUnion(documents.layers.map(\.digest))
            manifests.append([
                "Config": JSON(Self.path(documents.configuration.digest)),
                "RepoTags": .array(saved.names.map { JSON($0.familiar) }),
                "Layers": .array(documents.layers.map { JSON(Self.path($0.digest)) }),
            ])
            var manifest = saved.image.manifest
            manifest.annotations = [:]
            if saved.names.isEmpty { listed.append(manifest) }
            for name in saved.names {
                manifest.annotations = [
                    ContentStore.nameAnnotation: name.description,
                    ContentStore.tagAnnotation: name.tag ?? name.description,
                ]
                listed.append(manifest)
            }
        }
        for digest in content.sorted() {
            guard store.size(of: digest) != nil else { throw .notFound(digest.description) }
            entries.append(.content(digest))
        }
        var json = JSONWriter()
        json.value(.array(manifests))
        entries.append(.document("index.json", ImageIndex(manifests: listed).bytes))
        entries.append(.document("manifest.json", json.bytes))
        entries.append(
            .document("oci-layout", Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8)))
    }

    /// Where content lies in an archive.
    static func path(_ digest: ContentDigest) -> String {
        "blobs/\(ContentDigest.algorithm)/\(digest.digits)"
    }

    /// The next piece; nil after the last. Calls block.
    public func next() throws(ImageFailure) -> [UInt8]? {
        while true {
            let bytes = writer.take()
            if !bytes.isEmpty { return bytes }
            if left > 0 {
                try addContent()
            } else if place < entries.count {
                try begin(entries[place])
                place += 1
            } else if place == entries.count {
                writer.finish()
                place += 1
            } else {
                return nil
            }
        }
    }

    private func begin(_ entry: Entry) throws(ImageFailure) {
        switch entry {
        case .folder(let path):
            writer.begin(TarEntry(kind: .folder, path: Array(path.utf8), mode: 0o755))
        case .document(let path, let bytes):
            var entry = TarEntry(kind: .file, path: Array(path.utf8), mode: 0o644)
            entry.size = Int64(bytes.count)
            writer.begin(entry)
            bytes.withUnsafeBytes { writer.append($0) }
        case .content(let digest):
            let opened = try SystemFile(store.path(of: digest), O_RDONLY)
            var entry = TarEntry(kind: .file, path: Array(Self.path(digest).utf8), mode: 0o644)
            entry.size = try opened.count()
            left = entry.size
            file = consume opened
            writer.begin(entry)
        }
    }

    private func addContent() throws(ImageFailure) {
        let piece = try file?.bytes(upTo: Int(min(left, Int64(Self.pieceBytes)))) ?? []
        guard !piece.isEmpty else { throw .badDocument("store", reason: "content became shorter") }
        left -= Int64(piece.count)
        piece.withUnsafeBytes { writer.append($0) }
    }
}
