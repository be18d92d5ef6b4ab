// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc
import JSONText

/// Unpacked layers in a folder: each once, whatever images share it (IMAGE-9).
///
/// A layer lies at the digest of itself, so images that stack it elsewhere use the same files; the
/// order is the image's. It appears in one step, whole and checked. Calls block.
public struct LayerStore: Sendable {
    /// The folder.
    public let root: String
    private let options: UnpackingOptions

    /// Opens a folder, and makes what is missing of it.
    public init(
        opening root: String, options: UnpackingOptions = UnpackingOptions()
    ) throws(ImageFailure) {
        self.root = root
        self.options = options
        try SystemFolder.create("\(root)/whole")
        try SystemFolder.create("\(root)/coming")
    }

    /// Where an unpacked layer's files lie, if it is here.
    public func folder(of layer: ContentDigest) -> String? {
        let path = folderPath(layer)
        return access(path, F_OK) == 0 ? path : nil
    }

    /// Unpacks a layer if it is not here yet.
    ///
    /// Whoever else unpacks the same layer is waited for. What a killed process left is removed.
    ///
    /// - Parameters:
    ///   - file: The layer as it is stored.
    ///   - expected: Its digest in the image's configuration.
    /// - Returns: The folder with its files.
    /// - Throws: ``ImageFailure/wrongDigest(expected:found:)`` when the files are others than the
    ///   configuration names; nothing of them is kept.
    @discardableResult
    public func unpack(
        _ file: String, as expected: ContentDigest
    ) throws(ImageFailure) -> String {
        if let folder = folder(of: expected) { return folder }
        let coming = "\(root)/coming/\(expected.digits)"
        let lock = try SystemFile("\(coming).lock", O_RDWR | O_CREAT)
        while flock(lock.number, LOCK_EX) != 0 {
            guard errno == EINTR else { throw .fromSystem(lock.path) }
        }
        if let folder = folder(of: expected) { return folder }
        try FolderRemoval.remove(coming)
        try SystemFolder.create("\(coming)/diff")
        do throws(ImageFailure) {
            guard chmod("\(coming)/diff", 0o755) == 0 else { throw .fromSystem(coming) }
            let layer = try LayerUnpacking.unpack(file, into: "\(coming)/diff", options: options)
            guard layer.digest == expected else {
                throw .wrongDigest(expected: expected, found: layer.digest)
            }
            try note(layer, at: "\(coming)/layer.json")
            try SystemFolder.move(coming, to: "\(root)/whole/\(expected.digits)")
        } catch {
            try? FolderRemoval.remove(coming)
            throw error
        }
        return folderPath(expected)
    }

    /// The layers that are here, in order.
    public func layers() throws(ImageFailure) -> [UnpackedLayer] {
        var layers: [UnpackedLayer] = []
        for name in try SystemFolder.names("\(root)/whole") {
            let path = "\(root)/whole/\(name)/layer.json"
            let bytes = try ContentStore.read(path, bytesMax: 4_096)
            let json = try JSON.document(bytes, "layer.json", bytesMax: 4_096)
            layers.append(
                UnpackedLayer(
                    digest: try ContentDigest("\(ContentDigest.algorithm):\(name)"),
                    entries: Int(json["entries"]?.unsigned ?? 0),
                    bytes: json["bytes"]?.signed ?? 0))
        }
        return layers
    }

    /// Removes a layer that no image and no container uses; none is fine.
    public func remove(_ layer: ContentDigest) throws(ImageFailure) {
        let gone = "\(root)/coming/\(layer.digits).gone"
        try FolderRemoval.remove(gone)
        // In one step out of sight, so that a half-removed layer is never taken for a whole one.
        guard rename("\(root)/whole/\(layer.digits)", gone) == 0 else {
            if errno == ENOENT { return }
            throw .fromSystem(gone)
        }
        try FolderRemoval.remove(gone)
    }

    private func folderPath(_ layer: ContentDigest) -> String {
        "\(root)/whole/\(layer.digits)/diff"
    }

    private func note(_ layer: UnpackedLayer, at path: String) throws(ImageFailure) {
        var writer = JSONWriter()
        writer.value(["entries": JSON(layer.entries), "bytes": JSON(layer.bytes)])
        try ContentStore.replace(path, with: writer.bytes)
        // The files themselves: one call for the whole file system is cheaper than one a file.
        let folder = try SystemFile(root, O_RDONLY | O_DIRECTORY)
        guard atoll_syncfs(folder.number) == 0 else { throw .fromSystem(root) }
    }
}
