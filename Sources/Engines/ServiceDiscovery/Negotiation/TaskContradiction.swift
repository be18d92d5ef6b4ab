// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// Two messages of one signer that cannot both be meant: anybody can check it, without having
/// followed the negotiation (DISCOVERY-29).
public struct TaskContradiction: Hashable, Sendable, CanonicalCodable {
    /// What contradicts what.
    public enum Kind: String, Hashable, Sendable {
        /// Two bids of one number.
        case bids
        /// Two counter-bids to one bid.
        case counterBids
        /// Two awards of one place.
        case awards
    }

    /// The one.
    public let one: SignedTaskMessage
    /// The other.
    public let other: SignedTaskMessage
    /// What contradicts what.
    public let kind: Kind

    /// Joins two messages that contradict each other, or nothing. Cost: two signatures.
    public init?(_ one: SignedTaskMessage, _ other: SignedTaskMessage) {
        guard one.signer == other.signer, one.message != other.message,
            one.message.task == other.message.task,
            let kind = Self.kind(one.message, other.message),
            (try? one.checked()) != nil, (try? other.checked()) != nil
        else { return nil }
        self.one = one
        self.other = other
        self.kind = kind
    }

    /// Who contradicts itself.
    public var signer: PublicKey { one.signer }

    private static func kind(_ one: TaskMessage, _ other: TaskMessage) -> Kind? {
        switch (one, other) {
        case (.bid(let first), .bid(let second)):
            first.revision == second.revision ? .bids : nil
        case (.counterBid(let first), .counterBid(let second)):
            first.bidder == second.bidder && first.revision == second.revision
                ? .counterBids : nil
        case (.award(let first), .award(let second)):
            first.place == second.place && first.attempt == second.attempt ? .awards : nil
        default: nil
        }
    }

    /// Appends both.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(one)
        encoder.write(other)
    }

    /// Reads both and checks that they contradict each other.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let one = try decoder.read(SignedTaskMessage.self)
        let other = try decoder.read(SignedTaskMessage.self)
        guard let value = Self(one, other) else { throw .outOfRange("TaskContradiction") }
        self = value
    }
}
