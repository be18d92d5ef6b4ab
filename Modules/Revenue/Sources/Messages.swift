// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// What may be asked of this module.
public enum RevenueMessage: Hashable, Sendable {
    /// Name who arranges one's work and gets the orchestrator's share of what one pays; nothing
    /// names nobody.
    case nameOrchestrator(AccountID?)

    /// The message as a transaction carries it.
    public var message: Message { Message(module: .revenue, payload: canonicalBytes) }

    /// Reads a payload.
    ///
    /// - Throws: `malformedMessage` when the bytes are not a message within its limits.
    static func read(_ payload: [UInt8]) throws(Refusal) -> RevenueMessage {
        do {
            return try RevenueMessage(canonicalBytes: payload)
        } catch {
            throw .revenue(.malformedMessage, "the payload does not read: \(error)")
        }
    }
}

extension RevenueMessage: CanonicalCodable {
    /// Appends the tag and the message.
    public func encode(to encoder: inout CanonicalEncoder) {
        switch self {
        case .nameOrchestrator(let account):
            encoder.writeTag(0)
            encoder.writeOptional(account)
        }
    }

    /// Reads the tag and the message.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let tag = try decoder.readTag()
        guard tag == 0 else { throw .unknownTag(tag) }
        self = try .nameOrchestrator(decoder.readOptional())
    }
}
