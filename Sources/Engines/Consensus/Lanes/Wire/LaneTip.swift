// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// One place in one lane: a batch by its height and hash, and so all batches below it.
public struct LaneTip: CanonicalCodable, Hashable {
    /// The bytes of one tip: 2 + 8 + 32.
    public static let encodedBytes = 42

    /// The owner's place in the validator set.
    public let lane: UInt16
    /// The batch's height; 0 is the place before the first batch.
    public let height: UInt64
    /// The batch's hash; ``Digest/zero`` at height 0.
    public let hash: Digest

    /// Gathers the fields.
    public init(lane: UInt16, height: UInt64, hash: Digest) {
        self.lane = lane
        self.height = height
        self.hash = hash
    }

    /// The place before the first batch of a lane.
    public static func start(of lane: UInt16) -> LaneTip {
        LaneTip(lane: lane, height: 0, hash: .zero)
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(lane)
        encoder.write(height)
        encoder.write(hash)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        lane = try decoder.read()
        height = try decoder.read()
        hash = try decoder.read()
    }
}
