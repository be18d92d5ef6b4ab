// SPDX-License-Identifier: Apache-2.0

/// How much a snapshot may hold; what comes from strangers is held to it when it is put back
/// (SNAPSHOT-8).
public struct SnapshotLimits: Sendable {
    /// The most bytes of a name: 255, as Linux has it.
    public static let nameBytesMax = 255
    /// The most bytes of where a link leads: 4,095, as Linux has it.
    public static let targetBytesMax = 4_095
    /// The most attributes of one entry: 64.
    public static let attributesMax = 64
    /// The most bytes of an attribute's value: 64 KiB, as Linux has it.
    public static let attributeBytesMax = 64 << 10
    /// The most runs of data in one sparse file: 4,096; one with more is kept whole.
    public static let runsMax = 4_096
    /// The most folders inside one another: 256. Each level holds one descriptor and one listing.
    public static let depthMax = 256
    /// The most references in one node of a content's tree: 1,024 of 40 bytes, 40 KiB.
    public static let referencesMax = 1_024
    /// The most levels of a content's tree: 4; 1,024^4 chunks are 2^58 bytes.
    public static let levelsMax: UInt8 = 4
    /// The most files with several names in one snapshot: a million, about 200 MB while it is made.
    public static let linkedFilesMax = 1_000_000

    /// The most entries of a snapshot: ten million unless said otherwise.
    public var entries: UInt64
    /// The most bytes of all its files: 16 TiB unless said otherwise.
    public var bytes: UInt64

    /// Sets the limits.
    public init(entries: UInt64 = 10_000_000, bytes: UInt64 = 16 << 40) {
        self.entries = entries
        self.bytes = bytes
    }
}
