// SPDX-License-Identifier: Apache-2.0
public import JSONText

/// How an image is run, and which layers its files come from (OCI image specification 1.1,
/// config.md, with Docker's health check).
///
/// Members this house does not know are kept, so that a configuration goes out as it came in.
public struct ImageConfiguration: Hashable, Sendable {
    /// The whole document.
    public private(set) var json: JSON

    /// Reads a configuration and checks what is used of it.
    ///
    /// - Throws: ``ImageFailure/badDocument(_:reason:)``, ``ImageFailure/tooLarge(_:limit:)``,
    ///   ``ImageFailure/badDigest(_:)``.
    public init(bytes: [UInt8]) throws(ImageFailure) {
        json = try JSON.document(
            bytes, "configuration", bytesMax: ImageLimits.configurationBytesMax)
        guard json.members != nil, Platform(json) != nil else {
            throw .badDocument("configuration", reason: "os or architecture is missing")
        }
        layers = []
        let listed = json["rootfs"]?["diff_ids"]?.elements ?? []
        guard listed.count <= ImageLimits.layersMax else {
            throw .tooLarge("layers", limit: Int64(ImageLimits.layersMax))
        }
        for text in listed {
            guard let text = text.text else {
                throw .badDocument("configuration", reason: "diff_ids are texts")
            }
            layers.append(try ContentDigest(text))
        }
    }

    /// A configuration for a platform without layers.
    public init(platform: Platform = .current) {
        var members = platform.json.members ?? []
        members.append(JSON.Member("config", [:]))
        members.append(JSON.Member("rootfs", ["type": "layers", "diff_ids": []]))
        members.append(JSON.Member("history", []))
        json = .object(members)
        layers = []
    }

    /// The names of the layers as they are unpacked, the lowest first.
    public private(set) var layers: [ContentDigest]

    /// What it runs on.
    public var platform: Platform { Platform(json) ?? .current }

    /// A member of `config`, the part that says how it is run.
    public subscript(_ name: String) -> JSON? {
        get { json["config"]?[name] }
        set {
            let config = (json["config"] ?? [:]).replacing(name, by: newValue)
            json = json.replacing("config", by: config)
        }
    }

    /// Adds a layer and a line of history that made it.
    public mutating func add(layer: ContentDigest, createdBy line: String, at moment: String) {
        layers.append(layer)
        setLayers()
        addHistory(["created": JSON(moment), "created_by": JSON(line)])
    }

    /// Adds a line of history without a layer.
    public mutating func addHistory(createdBy line: String, at moment: String) {
        addHistory([
            "created": JSON(moment), "created_by": JSON(line), "empty_layer": true,
        ])
    }

    /// Sets when it was made, as RFC 3339 writes moments.
    public mutating func setCreated(_ moment: String) {
        json = json.replacing("created", by: JSON(moment))
    }

    /// Sets who made it.
    public mutating func setAuthor(_ name: String) {
        json = json.replacing("author", by: JSON(name))
    }

    /// Begins another image on this one: what says how this one came to be is taken out; layers,
    /// settings and lines of history stay.
    public mutating func beginAnew() {
        let own = [
            "created", "author", "container", "container_config", "docker_version", "id", "parent",
            "moby.buildkit.buildinfo.v1", "moby.buildkit.cache.v0",
        ]
        for name in own { json = json.replacing(name, by: nil) }
    }

    /// The configuration as it is stored and sent.
    public var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.value(json)
        return writer.bytes
    }

    private mutating func addHistory(_ line: JSON) {
        let lines = (json["history"]?.elements ?? []) + [line]
        json = json.replacing("history", by: .array(lines))
    }

    private mutating func setLayers() {
        json = json.replacing(
            "rootfs",
            by: ["type": "layers", "diff_ids": .array(layers.map { JSON($0.description) })])
    }
}
