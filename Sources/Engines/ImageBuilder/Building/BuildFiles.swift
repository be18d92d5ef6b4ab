// SPDX-License-Identifier: Apache-2.0
public import ContainerImages
import Effects

/// Where a build reads and writes.
public struct BuildPlaces: Sendable {
    /// Content of images.
    public let content: ContentStore
    /// Unpacked layers.
    public let layers: LayerStore
    /// Results of steps.
    public let cache: BuildCache
    /// A folder for mounts, absolute, that is there; empty between builds.
    public let scratch: String

    /// Joins them.
    public init(
        content: ContentStore, layers: LayerStore, cache: BuildCache, scratch: String
    ) {
        self.content = content
        self.layers = layers
        self.cache = cache
        self.scratch = scratch
    }
}

/// Layers as one tree that can be written to, until ``end()``.
struct MountedLayers: Sendable {
    private let folder: String

    /// All files.
    var tree: FileTree { FileTree("\(folder)/rootfs") }
    /// The folder of what was written.
    var upper: String { "\(folder)/upper" }

    /// Mounts layers in a folder of their own. Calls block.
    init(
        _ digests: [ContentDigest], _ stored: [Descriptor], in places: BuildPlaces, name: String
    ) throws(ImageFailure) {
        folder = "\(places.scratch)/\(name)"
        for path in [folder, "\(folder)/none", upper, "\(folder)/work", "\(folder)/rootfs"] {
            try LayerMount.makeFolder(path)
        }
        do throws(ImageFailure) {
            var folders: [String] = []
            for (digest, layer) in zip(digests, stored) {
                folders.append(
                    try places.layers.unpack(places.content.path(of: layer.digest), as: digest))
            }
            // Nothing has an empty folder below it: overlay wants one.
            try LayerMount.mount(
                layers: folders.isEmpty ? ["\(folder)/none"] : folders, upper: upper,
                work: "\(folder)/work", at: "\(folder)/rootfs")
        } catch {
            try? FolderRemoval.remove(folder)
            throw error
        }
    }

    /// Takes the mount and all that was written away.
    func end() throws(ImageFailure) {
        try LayerMount.unmount("\(folder)/rootfs")
        try FolderRemoval.remove(folder)
    }
}

extension Effects {
    /// Does what blocks on a thread that may.
    func blocking<Value: Sendable>(
        line: Int? = nil, _ body: @escaping @Sendable () throws(ImageFailure) -> Value
    ) async throws(BuildFailure) -> Value {
        let result = await workers.run { () -> Result<Value, ImageFailure> in
            do throws(ImageFailure) {
                return .success(try body())
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(let value): return value
        case .failure(let failure): throw BuildFailure(line: line, failure)
        }
    }
}
