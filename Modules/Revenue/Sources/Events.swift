// SPDX-License-Identifier: Apache-2.0
import Ledger
public import Vocabulary

/// What happens in this module; raw values are stable kinds. The payload is a ``RevenueNote``.
public enum RevenueEventKind: UInt16, CaseIterable, Sendable {
    /// The fees of a block were divided; the account is the proposer, the parts are those of
    /// ``FeeShares``.
    case feesDivided = 1
    /// A payment was divided; the account is the provider, the other the client, the parts are the
    /// service's fee and those of ``PaymentShares``.
    case paymentDivided = 2
    /// Work earned a role's asset; the account is the provider.
    case workPaid = 3
    /// A client named who arranges its work; the other account is it, or the client for nobody.
    case orchestratorNamed = 4
}

/// The payload of every event of this module.
public struct RevenueNote: Hashable, Sendable, CanonicalCodable {
    /// Whom it concerns.
    public let account: AccountID
    /// Whom else.
    public let other: AccountID
    /// Of which asset.
    public let asset: AssetID
    /// How much in all.
    public let amount: Amount
    /// Into which parts; they add up to it.
    public let parts: [Amount]

    /// The most parts: a fee and five shares.
    public static let partsMax = 6

    init(
        _ account: AccountID, _ other: AccountID, _ asset: AssetID = .native,
        _ amount: Amount = .zero, parts: [Amount] = []
    ) {
        self.account = account
        self.other = other
        self.asset = asset
        self.amount = amount
        self.parts = parts
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(account)
        encoder.write(other)
        encoder.write(asset)
        encoder.write(amount)
        encoder.writeList(parts)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        account = try decoder.read()
        other = try decoder.read()
        asset = try decoder.read()
        amount = try decoder.read()
        parts = try decoder.readList(limit: Self.partsMax)
    }
}

extension ExecutionContext {
    /// Tells of something; the subject is the account it concerns.
    func emit(_ kind: RevenueEventKind, _ note: RevenueNote) {
        emit(
            Event(
                module: .revenue, kind: kind.rawValue, subject: note.account.raw,
                payload: note.canonicalBytes))
    }
}
