// SPDX-License-Identifier: Apache-2.0
import Ledger
public import Vocabulary

/// What happens in this module; raw values are stable kinds. The payload is an ``ExchangeNote``.
public enum ExchangeEventKind: UInt16, CaseIterable, Sendable {
    /// A pool was made.
    case poolCreated = 1
    /// Somebody put both assets in.
    case liquidityAdded = 2
    /// Somebody took both assets out.
    case liquidityRemoved = 3
    /// Somebody traded: the first asset was sold, the second bought.
    case swapped = 4
    /// Shares were locked; the first amount is theirs.
    case locked = 5
    /// Shares came free.
    case unlocked = 6
    /// The fund of conversions received.
    case funded = 7
    /// A role's asset was burnt, and native units paid.
    case converted = 8
    /// A window was opened, changed or closed.
    case windowChanged = 9
}

/// The payload of every event of this module.
public struct ExchangeNote: Hashable, Sendable, CanonicalCodable {
    /// Of which pool; 0 where it is about none.
    public let pool: UInt64
    /// Whom it concerns.
    public let account: AccountID
    /// The first asset, or what was given.
    public let asset: AssetID
    /// How much of it.
    public let amount: Amount
    /// The second asset, or what was received.
    public let otherAsset: AssetID
    /// How much of it.
    public let otherAmount: Amount

    init(
        _ pool: UInt64, _ account: AccountID, _ asset: AssetID, _ amount: Amount,
        _ otherAsset: AssetID = .native, _ otherAmount: Amount = .zero
    ) {
        self.pool = pool
        self.account = account
        self.asset = asset
        self.amount = amount
        self.otherAsset = otherAsset
        self.otherAmount = otherAmount
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(pool)
        encoder.write(account)
        encoder.write(asset)
        encoder.write(amount)
        encoder.write(otherAsset)
        encoder.write(otherAmount)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        pool = try decoder.read()
        account = try decoder.read()
        asset = try decoder.read()
        amount = try decoder.read()
        otherAsset = try decoder.read()
        otherAmount = try decoder.read()
    }
}

extension ExecutionContext {
    /// Tells of something; the subject is the account it concerns.
    func emit(_ kind: ExchangeEventKind, _ note: ExchangeNote) {
        emit(
            Event(
                module: .exchange, kind: kind.rawValue, subject: note.account.raw,
                payload: note.canonicalBytes))
    }
}
