// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// What may be asked of this module.
public enum TreasuryMessage: Hashable, Sendable {
    /// Make an account of several signers.
    case createMultisig(members: [AccountID], threshold: UInt8)
    /// Want such an account to do something; the sender agrees with it.
    case propose(AccountID, messages: [Message], expires: Timestamp)
    /// Agree; the last that is needed makes it happen.
    case approve(AccountID, number: UInt64)
    /// Take back a wish of the sender's.
    case withdraw(AccountID, number: UInt64)
    /// Change the sender's members, as such an account.
    case setMembers([AccountID], threshold: UInt8)
    /// Make a pool.
    case createPool(name: String, owner: AccountID)
    /// Put something into a pool; anybody may.
    case deposit(pool: UInt64, asset: AssetID, amount: Amount)
    /// Pay out of the sender's pool.
    case spend(pool: UInt64, payments: [Payment])
    /// Limit what the sender's pool spends.
    case setLimit(pool: UInt64, asset: AssetID, amount: Amount, period: UInt64)
    /// Give the sender's pool to another owner.
    case setOwner(pool: UInt64, owner: AccountID)
    /// Set money aside that becomes somebody's over time.
    case createGrant(CreateGrant)
    /// Have what was earned paid; anybody may ask.
    case claimGrant(UInt64)
    /// Take back what was not earned.
    case revokeGrant(UInt64)
    /// Find that a milestone was reached.
    case reachMilestone(grant: UInt64, milestone: UInt8)
    /// Set money aside for those on a list.
    case createAirdrop(CreateAirdrop)
    /// Claim a place of a list, for its account; anybody may ask.
    case claimAirdrop(AirdropClaim)
    /// Take back what nobody claimed.
    case sweepAirdrop(UInt64)
    /// Sell something at a falling price.
    case createAuction(AuctionTerms, source: Source)
    /// Bid with native units.
    case bid(auction: UInt64, offer: Amount)
    /// Fetch what was bought and what comes back; anybody may ask.
    case collect(auction: UInt64, bidder: AccountID)
    /// Fetch what was earned and what was not sold, once everybody had time to collect.
    case closeAuction(UInt64)
    /// Promise to pay for findings, out of the sender's pool.
    case openBounty(Bounty)
    /// Pay for a finding.
    case award(bounty: UInt64, to: AccountID, severity: String, amount: Amount)
    /// Pay for no more findings.
    case closeBounty(UInt64)
    /// Give a mark.
    case giveBadge(to: AccountID, name: String, evidence: Digest)
    /// Take a mark back that the sender gave.
    case revokeBadge(from: AccountID, name: String)

    /// The message as a transaction carries it.
    public var message: Message { Message(module: .treasury, payload: canonicalBytes) }

    /// The most payments of one message: 256 of 56 bytes are 14 KiB.
    public static let paymentsMax = 256

    /// Reads a payload.
    ///
    /// - Throws: `malformedMessage` when the bytes are not a message within its limits.
    static func read(_ payload: [UInt8]) throws(Refusal) -> TreasuryMessage {
        do {
            return try TreasuryMessage(canonicalBytes: payload)
        } catch {
            throw .treasury(.malformedMessage, "the payload does not read: \(error)")
        }
    }
}

/// One payment out of a pool.
public struct Payment: Hashable, Sendable, CanonicalCodable {
    /// To whom.
    public let to: AccountID
    /// Of which asset.
    public let asset: AssetID
    /// How much, above zero.
    public let amount: Amount

    /// Describes a payment.
    public init(to account: AccountID, _ amount: Amount, of asset: AssetID = .native) {
        to = account
        self.asset = asset
        self.amount = amount
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(to)
        encoder.write(asset)
        encoder.write(amount)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        to = try decoder.read()
        asset = try decoder.read()
        amount = try decoder.read()
    }
}

/// Sets money aside that becomes somebody's over time (TREASURY-6).
public struct CreateGrant: Hashable, Sendable, CanonicalCodable {
    /// Where the money comes from: the sender, or a pool of the sender's.
    public let source: Source
    /// Who receives it: an account, or a pool.
    public let receiver: Source
    /// Of which asset.
    public let asset: AssetID
    /// How much.
    public let amount: Amount
    /// When which part is earned.
    public let schedule: Schedule
    /// Whether the sender can take back what has not been earned.
    public let isRevocable: Bool

    /// Describes a grant.
    public init(
        source: Source, receiver: Source, asset: AssetID = .native, amount: Amount,
        schedule: Schedule, isRevocable: Bool = false
    ) {
        self.source = source
        self.receiver = receiver
        self.asset = asset
        self.amount = amount
        self.schedule = schedule
        self.isRevocable = isRevocable
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(source)
        encoder.write(receiver)
        encoder.write(asset)
        encoder.write(amount)
        encoder.write(schedule)
        encoder.write(isRevocable)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        source = try decoder.read()
        receiver = try decoder.read()
        asset = try decoder.read()
        amount = try decoder.read()
        schedule = try decoder.read()
        isRevocable = try decoder.readFlag()
    }
}

/// Sets money aside for those on a list (TREASURY-8).
public struct CreateAirdrop: Hashable, Sendable, CanonicalCodable {
    /// Where the money comes from: the sender, or a pool of the sender's.
    public let source: Source
    /// Of which asset.
    public let asset: AssetID
    /// How much in all.
    public let amount: Amount
    /// The root over the list.
    public let root: Digest
    /// How many leaves it has.
    public let leaves: UInt64
    /// From when on it can be claimed.
    public let opens: Timestamp
    /// From when on it cannot.
    public let expires: Timestamp

    /// Describes an airdrop.
    public init(
        source: Source, asset: AssetID = .native, amount: Amount, root: Digest, leaves: UInt64,
        opens: Timestamp, expires: Timestamp
    ) {
        self.source = source
        self.asset = asset
        self.amount = amount
        self.root = root
        self.leaves = leaves
        self.opens = opens
        self.expires = expires
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(source)
        encoder.write(asset)
        encoder.write(amount)
        encoder.write(root)
        encoder.write(leaves)
        encoder.write(opens)
        encoder.write(expires)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        source = try decoder.read()
        asset = try decoder.read()
        amount = try decoder.read()
        root = try decoder.read()
        leaves = try decoder.read()
        opens = try decoder.read()
        expires = try decoder.read()
    }
}

/// Claims one place of a list.
public struct AirdropClaim: Hashable, Sendable, CanonicalCodable {
    /// Of which airdrop.
    public let airdrop: UInt64
    /// Which place.
    public let place: UInt64
    /// Whose it is.
    public let account: AccountID
    /// How much.
    public let amount: Amount
    /// The siblings from the leaf up; at most ``Airdrop/levelsMax``.
    public let proof: [Digest]

    /// Describes a claim.
    public init(
        airdrop: UInt64, place: UInt64, account: AccountID, amount: Amount, proof: [Digest]
    ) {
        self.airdrop = airdrop
        self.place = place
        self.account = account
        self.amount = amount
        self.proof = proof
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(airdrop)
        encoder.write(place)
        encoder.write(account)
        encoder.write(amount)
        encoder.writeList(proof)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        airdrop = try decoder.read()
        place = try decoder.read()
        account = try decoder.read()
        amount = try decoder.read()
        proof = try decoder.readList(limit: Airdrop.levelsMax)
    }
}
