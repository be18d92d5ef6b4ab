// SPDX-License-Identifier: Apache-2.0
import Ledger
public import Vocabulary

/// What happens in this module; raw values are stable kinds.
public enum AccountsEventKind: UInt16, CaseIterable, Sendable {
    /// An amount moved from one account to another; the subject is the recipient.
    case transferred = 1
    /// A fee was paid; the subject is the payer.
    case feePaid = 2
    /// An escrow received; the subject is its id.
    case held = 3
    /// An escrow paid somebody; the subject is its id.
    case released = 4
    /// An escrow's money ceased to exist; the subject is its id.
    case burnt = 5
    /// A module made an amount of its own asset; the subject is who received it.
    case issued = 6
    /// A module's asset ceased to exist; the subject is who had it.
    case redeemed = 7
}

/// The payload of every event of this module: who gave, who received, what.
public struct Movement: Hashable, Sendable, CanonicalCodable {
    /// Who gave: for escrows, their owner.
    public let from: AccountID
    /// Who received; for what is held or burnt, the owner again.
    public let to: AccountID
    /// Which asset.
    public let asset: AssetID
    /// How much.
    public let amount: Amount

    /// Describes a movement.
    public init(from: AccountID, to: AccountID, asset: AssetID, amount: Amount) {
        self.from = from
        self.to = to
        self.asset = asset
        self.amount = amount
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(from)
        encoder.write(to)
        encoder.write(asset)
        encoder.write(amount)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        from = try decoder.read()
        to = try decoder.read()
        asset = try decoder.read()
        amount = try decoder.read()
    }
}

extension ExecutionContext {
    func emit(_ kind: AccountsEventKind, about subject: Bytes32, _ movement: Movement) {
        emit(
            Event(
                module: .accounts, kind: kind.rawValue, subject: subject,
                payload: movement.canonicalBytes))
    }
}
