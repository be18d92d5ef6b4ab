// SPDX-License-Identifier: Apache-2.0
public import ContainerImages
public import Effects
import JSONText
public import Vocabulary

/// Results of steps by their keys (BUILDER-7). What is here was done once; it may be thrown away at
/// any time, and costs the time to do it again.
public struct BuildCache: Sendable {
    /// The most results: 8,192, each a file of some 300 bytes beside its layer.
    public static let resultsMax = 8_192
    private static let recordBytesMax = 4_096

    private let disk: any Disk
    private let folder: String

    /// - Parameter folder: Where the results lie on the disk; made when missing.
    public init(_ disk: any Disk, folder: String) {
        self.disk = disk
        self.folder = folder
    }

    /// What came of a step: a layer, or nothing when no file changed.
    struct Result: Sendable {
        let layer: PackedLayer?
        /// When it was done: an image that is built again of known results is the same image.
        let made: Timestamp
    }

    /// A result whose layer is still in the store.
    func find(_ key: ContentDigest, in content: ContentStore) async -> Result? {
        guard let result = await read(key.digits) else { return nil }
        guard let layer = result.layer else { return result }
        return content.size(of: layer.descriptor.digest) == layer.descriptor.size ? result : nil
    }

    /// Remembers a result. A disk that is full loses it; the build goes on.
    func keep(_ result: Result, as key: ContentDigest) async {
        var layer = JSON.null
        if let made = result.layer {
            layer = [
                "stored": made.descriptor.json, "digest": JSON(made.digest.description),
                "entries": JSON(made.entries),
            ]
        }
        var writer = JSONWriter()
        writer.value(["layer": layer, "made": JSON(result.made.value)])
        try? await disk.createFolder(folder)
        if let names = try? await disk.list(folder), names.count >= Self.resultsMax {
            await forgetOldest(names)
        }
        try? await disk.replace("\(folder)/\(key.digits)", with: writer.bytes)
    }

    /// The layers of all results, which a collection of content keeps.
    public func layers() async -> [Descriptor] {
        var found: [Descriptor] = []
        for name in (try? await disk.list(folder)) ?? [] {
            if let layer = await read(name)?.layer { found.append(layer.descriptor) }
        }
        return found
    }

    /// Forgets results that were made before a moment.
    ///
    /// - Returns: How many.
    public func forget(before moment: Timestamp) async -> Int {
        var count = 0
        for name in (try? await disk.list(folder)) ?? [] {
            if let made = await read(name)?.made, made >= moment { continue }
            if (try? await disk.remove("\(folder)/\(name)")) != nil { count += 1 }
        }
        return count
    }

    // A quarter at once, so that the folder is not read for every further step.
    private func forgetOldest(_ names: [String]) async {
        var known: [(name: String, made: Timestamp)] = []
        for name in names {
            known.append((name, await read(name)?.made ?? Timestamp(0)))
        }
        known.sort { ($0.made, $0.name) < ($1.made, $1.name) }
        for old in known.prefix(names.count / 4) { try? await disk.remove("\(folder)/\(old.name)") }
    }

    private func read(_ name: String) async -> Result? {
        guard
            let bytes = try? await disk.read("\(folder)/\(name)", limit: Self.recordBytesMax),
            let json = try? JSON(parsing: bytes), let made = json["made"]?.unsigned,
            let layer = json["layer"]
        else { return nil }
        guard layer != .null else { return Result(layer: nil, made: Timestamp(made)) }
        guard let stored = layer["stored"].flatMap({ try? Descriptor($0) }),
            let digest = layer["digest"]?.text.flatMap({ try? ContentDigest($0) })
        else { return nil }
        let entries = Int(layer["entries"]?.signed ?? 0)
        return Result(
            layer: PackedLayer(descriptor: stored, digest: digest, entries: entries),
            made: Timestamp(made))
    }
}
