// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// A block's payload: how far each changed lane is ordered by the block (LANES-10).
public struct Cut: Hashable, Sendable {
    /// The new tips, one for each changed lane, lanes rising.
    public let tips: [LaneTip]

    /// A cut that changes no lane; its payload has no bytes.
    public static let empty = Cut(ascending: [])

    /// Takes tips whose lanes rise; nothing when they do not, or name a place before a batch.
    public init?(_ tips: [LaneTip]) {
        guard tips.count <= ValidatorSet.validatorsMax else { return nil }
        guard tips.allSatisfy({ $0.height > 0 }) else { return nil }
        guard zip(tips, tips.dropFirst()).allSatisfy({ $0.lane < $1.lane }) else { return nil }
        self.tips = tips
    }

    private init(ascending tips: [LaneTip]) { self.tips = tips }

    /// Reads a block's payload: no bytes are the empty cut, and only they.
    ///
    /// - Throws: ``CanonicalError`` when the bytes are not the one encoding of a cut.
    public init(payload: [UInt8]) throws(CanonicalError) {
        guard !payload.isEmpty else {
            self = .empty
            return
        }
        try self.init(canonicalBytes: payload)
        guard !tips.isEmpty else { throw .outOfRange("Cut") }
    }

    /// The bytes a block carries; at most 2 + 128 · 42, which is 5,378.
    public var payload: [UInt8] { tips.isEmpty ? [] : canonicalBytes }

    /// The tip of a lane, if this cut changes it.
    public subscript(lane: UInt16) -> LaneTip? { tips.first { $0.lane == lane } }
}

extension Cut: CanonicalCodable {
    /// Appends the list of tips.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.writeList(tips) }

    /// Reads and checks the list.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let list = try decoder.readList(LaneTip.self, limit: ValidatorSet.validatorsMax)
        guard let cut = Cut(list) else { throw .outOfRange("Cut") }
        self = cut
    }
}
