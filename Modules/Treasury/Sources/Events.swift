// SPDX-License-Identifier: Apache-2.0
import Ledger
public import Vocabulary

/// What happens in this module; raw values are stable kinds. The payload is a ``TreasuryNote``.
public enum TreasuryEventKind: UInt16, CaseIterable, Sendable {
    /// An account of several signers was made, or its members changed.
    case multisigChanged = 1
    /// A member wants something done; the number is the decision's.
    case proposed = 2
    /// A member agreed.
    case approved = 3
    /// A decision happened.
    case decided = 4
    /// A decision was taken back.
    case withdrawn = 5
    /// A pool was made or got another owner.
    case poolChanged = 6
    /// A pool received.
    case deposited = 7
    /// A pool paid.
    case spent = 8
    /// A pool's limit changed.
    case limitChanged = 9
    /// A grant began.
    case grantCreated = 10
    /// A grant paid.
    case grantClaimed = 11
    /// A grant was revoked; the amount went back.
    case grantRevoked = 12
    /// A milestone was reached.
    case milestoneReached = 13
    /// An airdrop began.
    case airdropCreated = 14
    /// A place of an airdrop was claimed.
    case airdropClaimed = 15
    /// What nobody claimed went back.
    case airdropSwept = 16
    /// An auction began.
    case auctionCreated = 17
    /// A bid was taken.
    case bidTaken = 18
    /// A bidder fetched goods.
    case collected = 19
    /// The owner fetched what was left.
    case auctionClosed = 20
    /// A bounty was opened or closed.
    case bountyChanged = 21
    /// A finding was paid.
    case awarded = 22
    /// A mark was given.
    case badgeGiven = 23
    /// A mark was taken back.
    case badgeRevoked = 24
}

/// The payload of every event of this module.
public struct TreasuryNote: Hashable, Sendable, CanonicalCodable {
    /// Of which decision, pool, grant, airdrop, auction or bounty.
    public let number: UInt64
    /// Whom it concerns.
    public let account: AccountID
    /// Of which asset.
    public let asset: AssetID
    /// How much.
    public let amount: Amount

    init(
        _ number: UInt64, _ account: AccountID, _ amount: Amount = .zero,
        of asset: AssetID = .native
    ) {
        self.number = number
        self.account = account
        self.asset = asset
        self.amount = amount
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(number)
        encoder.write(account)
        encoder.write(asset)
        encoder.write(amount)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        number = try decoder.read()
        account = try decoder.read()
        asset = try decoder.read()
        amount = try decoder.read()
    }
}

extension ExecutionContext {
    /// Tells of something; the subject is the account it concerns.
    func emit(_ kind: TreasuryEventKind, _ note: TreasuryNote) {
        emit(
            Event(
                module: .treasury, kind: kind.rawValue, subject: note.account.raw,
                payload: note.canonicalBytes))
    }
}
