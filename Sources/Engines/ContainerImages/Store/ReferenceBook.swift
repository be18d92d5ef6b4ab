// SPDX-License-Identifier: Apache-2.0
import Glibc
import JSONText

/// The names of a store's images: `index.json` of the layout, each manifest with its reference in
/// the annotation that skopeo, umoci and containerd read.
extension ContentStore {
    /// The annotation that names a manifest: the whole reference.
    public static let nameAnnotation = "io.containerd.image.name"
    /// The annotation of OCI's layout; tools look for the tag or the whole reference there.
    public static let tagAnnotation = "org.opencontainers.image.ref.name"
    /// The most references of a store: 16,384, some 8 MiB of names.
    public static let referencesMax = 16_384

    /// The images by name, in order of names.
    public func references() throws(ImageFailure) -> [(name: String, target: Descriptor)] {
        try entries().map { (name: $0.name, target: $0.target) }
    }

    /// What a name points to.
    public func target(of name: String) throws(ImageFailure) -> Descriptor? {
        try entries().first { $0.name == name }?.target
    }

    /// Points a name to a manifest, or takes the name away.
    ///
    /// Others that set names at the same time wait; the file is wholly old or wholly new.
    public func setTarget(of name: String, to target: Descriptor?) throws(ImageFailure) {
        let lock = try SystemFile("\(root)/index.lock", O_RDWR | O_CREAT)
        while flock(lock.number, LOCK_EX) != 0 {
            guard errno == EINTR else { throw .fromSystem(lock.path) }
        }
        var entries = try entries().filter { $0.name != name }
        if let target {
            guard entries.count < Self.referencesMax else {
                throw .tooLarge("references", limit: Int64(Self.referencesMax))
            }
            entries.append((name, target))
        }
        let index = ImageIndex(
            manifests: entries.sorted { $0.name < $1.name }.map { entry in
                var target = entry.target
                target.annotations[Self.nameAnnotation] = entry.name
                target.annotations[Self.tagAnnotation] = entry.name
                return target
            })
        try Self.replace("\(root)/index.json", with: index.bytes)
    }

    private func entries() throws(ImageFailure) -> [(name: String, target: Descriptor)] {
        let bytes: [UInt8]
        do throws(ImageFailure) {
            bytes = try Self.read("\(root)/index.json", bytesMax: 16 << 20)
        } catch ImageFailure.notFound {
            return []
        }
        let json = try JSON.document(bytes, "index.json", bytesMax: 16 << 20)
        var entries: [(name: String, target: Descriptor)] = []
        for element in json["manifests"]?.elements ?? [] {
            var target = try Descriptor(element)
            let name =
                target.annotations[Self.nameAnnotation] ?? target.annotations[Self.tagAnnotation]
                ?? target.digest.description
            target.annotations[Self.nameAnnotation] = nil
            target.annotations[Self.tagAnnotation] = nil
            entries.append((name, target))
        }
        return entries
    }
}
