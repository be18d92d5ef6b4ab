// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// How a layer's entries become files.
public struct UnpackingOptions: Sendable {
    /// What may be done that only root may do.
    public enum Privilege: Sendable {
        /// Owners, devices and overlay marks as root sets them.
        case root
        /// Everything belongs to the caller; overlay marks are those of a user's own mounts;
        /// devices are refused.
        case user
    }

    /// What may be done.
    public var privilege: Privilege
    /// How much is taken.
    public var limits: ImageLimits
    /// Whether names mean what they mean in layers: whiteouts hide files of lower ones. An archive
    /// of other things has such names as they are.
    public var isLayer = true
    /// Whether devices are made; refused by name otherwise.
    public var makesDevices = true

    /// The usual: as root if the process is, usual limits.
    public init(privilege: Privilege? = nil, limits: ImageLimits = ImageLimits()) {
        self.privilege = privilege ?? (geteuid() == 0 ? .root : .user)
        self.limits = limits
    }
}

/// What came of a layer.
public struct UnpackedLayer: Hashable, Sendable {
    /// The name of the archive before compression: what the configuration lists.
    public let digest: ContentDigest
    /// How many entries it had.
    public let entries: Int
    /// How many bytes its files have.
    public let bytes: Int64
}

/// Puts a layer's files into a folder of its own, as the upper folder of an overlay has them
/// (IMAGE-8).
///
/// Each path is walked by the system within the folder, as if it were the root of all files, so
/// neither `..` nor a link leads out of it, whatever changes meanwhile. A whiteout becomes the
/// device 0/0, an opaque folder gets overlay's attribute.
public struct LayerUnpacking {
    private let folder: LayerFolder
    private let options: UnpackingOptions
    /// Where its files go, below the folder.
    private var base: [[UInt8]] = []
    private var setsRoot = true
    private var entries = 0
    private var bytes: Int64 = 0
    // Writing into a folder changes its time, so times come last: the path and the time.
    private var times: [(path: [[UInt8]], moment: TarEntry.Moment)] = []

    private init(_ folder: LayerFolder, _ options: UnpackingOptions) {
        self.folder = folder
        self.options = options
    }

    /// Unpacks a layer's file into an empty folder.
    ///
    /// - Parameters:
    ///   - file: The layer as it is stored: tar, or tar in gzip or zstd.
    ///   - path: The folder. After a failure it holds a part, to be removed by the caller.
    /// - Throws: ``ImageFailure/badLayer(entry:reason:)`` for what cannot be unpacked,
    ///   ``ImageFailure/tooLarge(_:limit:)``, ``ImageFailure/full(path:)``.
    public static func unpack(
        _ file: String, into path: String, options: UnpackingOptions = UnpackingOptions()
    ) throws(ImageFailure) -> UnpackedLayer {
        var unpacking = LayerUnpacking(
            try LayerFolder(path, isOwner: options.privilege == .root), options)
        return try unpacking.take(file)
    }

    /// Puts an archive that is no layer into a folder of somebody's files.
    static func place(
        _ file: String, in root: InsideRoot, at base: [[UInt8]], _ placing: FolderArchive.Placing
    ) throws(ImageFailure) {
        let folder = try LayerFolder(root, keepsKinds: placing.keepsKinds)
        var options = UnpackingOptions(privilege: .root)
        options.isLayer = false
        var unpacking = LayerUnpacking(folder, options)
        unpacking.base = base
        unpacking.setsRoot = placing.setsRoot
        _ = try unpacking.take(file)
    }

    private mutating func take(_ file: String) throws(ImageFailure) -> UnpackedLayer {
        let stream = try LayerStream(file, limits: options.limits)
        var reader = TarReader(stream)
        while let entry = try reader.next() {
            do throws(ImageFailure) {
                try place(entry, &reader)
            } catch {
                throw error.naming(entry: entry.text)
            }
        }
        try setTimes()
        return UnpackedLayer(digest: try stream.finish(), entries: entries, bytes: bytes)
    }

    private mutating func place(
        _ entry: TarEntry, _ reader: inout TarReader
    ) throws(ImageFailure) {
        entries += 1
        guard entries <= options.limits.layerEntries else {
            throw .tooLarge("entries of a layer", limit: Int64(options.limits.layerEntries))
        }
        bytes += entry.size
        guard bytes <= options.limits.layerBytes else {
            throw .tooLarge("bytes of a layer", limit: options.limits.layerBytes)
        }
        let inner = try LayerPath.parts(entry.path)
        guard let name = inner.last else {
            // The root of all files: its mode and owner count, it is there already.
            if entry.kind == .folder, setsRoot { try folder.describe(base, entry) }
            return
        }
        let parts = base + inner
        let parent = Array(parts.dropLast())
        if options.isLayer, name.starts(with: LayerPath.whiteout) {
            return try whiteOut(name, in: parent)
        }
        try make(entry, name, in: parent, &reader)
        if entry.kind == .folder { times.append((parts, entry.modified)) }
    }

    private func whiteOut(_ name: [UInt8], in parent: [[UInt8]]) throws(ImageFailure) {
        if name == LayerPath.opaque { return try folder.setOpaque(parent) }
        // Further marks of aufs say nothing about files.
        guard !name.starts(with: LayerPath.whiteout + LayerPath.whiteout) else { return }
        let hidden = Array(name.dropFirst(LayerPath.whiteout.count))
        guard !hidden.isEmpty, hidden != Array(".".utf8), hidden != Array("..".utf8) else {
            throw .badLayer(entry: "", reason: "a whiteout of nothing")
        }
        try folder.hide(hidden, in: parent)
    }

    private func make(
        _ entry: TarEntry, _ name: [UInt8], in parent: [[UInt8]], _ reader: inout TarReader
    ) throws(ImageFailure) {
        switch entry.kind {
        case .folder: try folder.makeFolder(entry, name, in: parent)
        case .file:
            let file = try folder.makeFile(entry, name, in: parent)
            while true {
                let piece = try reader.read()
                if piece.isEmpty { break }
                try file.write(piece)
            }
            try folder.describe(file.number, entry)
        case .symbolicLink: try folder.makeSymbolicLink(entry, name, in: parent)
        case .hardLink:
            try folder.makeHardLink(
                to: base + LayerPath.parts(entry.target), name, in: parent)
        case .pipe: try folder.makeNode(entry, name, in: parent, S_IFIFO, 0)
        case .characterDevice(let major, let minor):
            try folder.makeNode(entry, name, in: parent, S_IFCHR, try device(major, minor))
        case .blockDevice(let major, let minor):
            try folder.makeNode(entry, name, in: parent, S_IFBLK, try device(major, minor))
        }
    }

    private func device(_ major: UInt32, _ minor: UInt32) throws(ImageFailure) -> dev_t {
        guard options.privilege == .root else {
            throw .badLayer(entry: "", reason: "a device, which only root may make")
        }
        guard options.makesDevices else { throw .badLayer(entry: "", reason: "a device") }
        // Overlay reads this device as a whiteout: no archive may write one under its own name.
        guard (major, minor) != (0, 0) else {
            throw .badLayer(entry: "", reason: "the device 0/0 hides files of lower layers")
        }
        return atoll_makedev(major, minor)
    }

    private func setTimes() throws(ImageFailure) {
        for entry in times.reversed() { try folder.setTime(of: entry.path, entry.moment) }
    }
}

extension ImageFailure {
    /// The same failure with the entry at which it came.
    func naming(entry name: String) -> ImageFailure {
        guard case .badLayer(let entry, let reason) = self, entry.isEmpty else { return self }
        return .badLayer(entry: name, reason: reason)
    }
}
