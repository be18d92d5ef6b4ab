// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// What may be asked of this module.
public enum AccountsMessage: Hashable, Sendable {
    /// Send assets to one or many.
    case transfer(Transfer)

    /// The message as a transaction carries it.
    public var message: Message { Message(module: .accounts, payload: canonicalBytes) }

    /// Reads a payload.
    ///
    /// - Throws: `malformedMessage` when the bytes are not a message within its limits.
    static func read(_ payload: [UInt8]) throws(Refusal) -> AccountsMessage {
        do {
            return try AccountsMessage(canonicalBytes: payload)
        } catch {
            throw .accounts(.malformedMessage, "the payload does not read: \(error)")
        }
    }
}

extension AccountsMessage: CanonicalCodable {
    /// Appends the tag and the message.
    public func encode(to encoder: inout CanonicalEncoder) {
        switch self {
        case .transfer(let transfer):
            encoder.writeTag(0)
            encoder.write(transfer)
        }
    }

    /// Reads the tag and the message.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let tag = try decoder.readTag()
        guard tag == 0 else { throw .unknownTag(tag) }
        self = try .transfer(decoder.read())
    }
}

/// Sends amounts from the sender to others, all or none (ACCOUNTS-3).
public struct Transfer: Hashable, Sendable, CanonicalCodable {
    /// One recipient's part.
    public struct Part: Hashable, Sendable, CanonicalCodable {
        /// Who receives; may be the sender.
        public let account: AccountID
        /// Which asset.
        public let asset: AssetID
        /// How much, above zero.
        public let amount: Amount

        /// Describes a part.
        public init(to account: AccountID, _ amount: Amount, of asset: AssetID = .native) {
            self.account = account
            self.asset = asset
            self.amount = amount
        }

        /// Appends the fields in order.
        public func encode(to encoder: inout CanonicalEncoder) {
            encoder.write(account)
            encoder.write(asset)
            encoder.write(amount)
        }

        /// Reads the fields in order.
        public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
            account = try decoder.read()
            asset = try decoder.read()
            amount = try decoder.read()
        }
    }

    /// The parts, 1 to ``partsMax``; they take effect in order.
    public let parts: [Part]

    /// The most parts: 1,024 of 56 bytes are 56 KiB, within a transaction's 64 KiB.
    public static let partsMax = 1_024

    /// Describes a transfer.
    public init(_ parts: [Part]) { self.parts = parts }

    /// Appends the list.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.writeList(parts) }

    /// Reads at most ``partsMax`` parts.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        parts = try decoder.readList(limit: Self.partsMax)
    }
}
