// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// What a node says of its executed state, every few heights: so that states that drift apart are
/// noticed, and by name (CONSENSUS-29).
///
/// It is not signed: it decides nothing, and the connection tells whose word it is.
public struct StateWord: CanonicalCodable, Hashable {
    /// The executed height; a multiple of ``ConsensusLimits/stateWordHeights``.
    public let height: BlockHeight
    /// The root of the state after it.
    public let root: Digest

    /// Gathers the fields.
    public init(height: BlockHeight, root: Digest) {
        self.height = height
        self.root = root
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(height)
        encoder.write(root)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        height = try decoder.read()
        root = try decoder.read()
    }
}

/// A peer's state beside this host's, at one height.
public struct StateComparison: Sendable, Hashable {
    /// Whose word it is.
    public let peer: PublicKey
    /// The height.
    public let height: BlockHeight
    /// The root this host computed.
    public let ours: Digest
    /// The root the peer computed, by its word.
    public let theirs: Digest

    /// Whether the two states are one.
    public var isSame: Bool { ours == theirs }
}
