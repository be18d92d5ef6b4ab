// SPDX-License-Identifier: Apache-2.0

/// How much of a foreign image is accepted (IMAGE-2).
public struct ImageLimits: Sendable {
    /// The most bytes of a manifest or index: 4 MiB, as registries hold it.
    public static let manifestBytesMax = 4 << 20
    /// The most bytes of an image's configuration: 8 MiB.
    public static let configurationBytesMax = 8 << 20
    /// The most layers of an image: an overlay of 128 lower folders in a page of mount options,
    /// less the container's own.
    public static let layersMax = 127
    /// The most manifests of an index: 1,024.
    public static let manifestsMax = 1_024
    /// The most indexes inside one another: 4.
    public static let indexDepthMax = 4
    /// The most bytes of a path in a layer, as Linux takes it: 4,095.
    public static let pathBytesMax = 4_095
    /// The most parts of a path in a layer: 512. Each takes one system call.
    public static let pathPartsMax = 512
    /// The most extended attributes of an entry: 64, of 64 KiB each, as Linux takes them.
    public static let attributesMax = 64
    /// The most bytes of one attribute: 64 KiB.
    public static let attributeBytesMax = 64 << 10

    /// The most bytes that a layer's files may have, holes counted: 64 GiB unless set otherwise.
    public var layerBytes: Int64 = 64 << 30
    /// The most entries of a layer: 2 million unless set otherwise; each takes an inode.
    public var layerEntries = 2_000_000
    /// How many times its compressed bytes a layer may become beyond its first 64 MiB: gzip makes
    /// 1,032 of one at most, honest layers 3 to 10.
    public var expansion: Int64 = 200

    /// The usual limits.
    public init() {}
}
