// SPDX-License-Identifier: Apache-2.0

/// How much of a foreign JSON text is accepted.
public struct JSONLimits: Sendable {
    /// The most arrays and objects that may lie inside one another: 64.
    ///
    /// The reader calls itself once per level with a frame well under 1 KiB, so a hostile text uses
    /// at most 64 KiB of a thread's stack of 512 KiB or more.
    public static let depthMax = 64
    /// The most bytes of one text unless the caller says otherwise: 16 MiB.
    ///
    /// A value takes at least 2 bytes of text and at most 32 bytes of memory, so the tree of the
    /// worst text uses 16 times its size: 256 MiB. Doors to strangers set a far smaller limit.
    public static let bytesMax = 16 << 20

    /// The most bytes of the whole text.
    public var bytes: Int
    /// The most arrays and objects inside one another.
    public var depth: Int

    /// Sets the limits; `depth` is held within ``depthMax``.
    public init(bytes: Int = JSONLimits.bytesMax, depth: Int = JSONLimits.depthMax) {
        self.bytes = bytes
        self.depth = min(depth, JSONLimits.depthMax)
    }
}
