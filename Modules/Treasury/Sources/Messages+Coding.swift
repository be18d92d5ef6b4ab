// SPDX-License-Identifier: Apache-2.0
import Ledger
public import Vocabulary

extension TreasuryMessage: CanonicalCodable {
    private var tag: UInt32 {
        switch self {
        case .createMultisig: 0
        case .propose: 1
        case .approve: 2
        case .withdraw: 3
        case .setMembers: 4
        case .createPool: 5
        case .deposit: 6
        case .spend: 7
        case .setLimit: 8
        case .setOwner: 9
        case .createGrant: 10
        case .claimGrant: 11
        case .revokeGrant: 12
        case .reachMilestone: 13
        case .createAirdrop: 14
        case .claimAirdrop: 15
        case .sweepAirdrop: 16
        case .createAuction: 17
        case .bid: 18
        case .collect: 19
        case .closeAuction: 20
        case .openBounty: 21
        case .award: 22
        case .closeBounty: 23
        case .giveBadge: 24
        case .revokeBadge: 25
        }
    }

    /// Appends the tag and the message.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeTag(tag)
        switch self {
        case .createMultisig(let members, let threshold), .setMembers(let members, let threshold):
            encoder.writeList(members)
            encoder.write(threshold)
        case .propose(let account, let messages, let expires):
            encoder.write(account)
            encoder.writeList(messages)
            encoder.write(expires)
        case .approve(let account, let number), .withdraw(let account, let number):
            encoder.write(account)
            encoder.write(number)
        case .createPool(let name, let owner):
            encoder.writeText(name)
            encoder.write(owner)
        case .deposit(let pool, let asset, let amount):
            encoder.write(pool)
            encoder.write(asset)
            encoder.write(amount)
        case .spend(let pool, let payments):
            encoder.write(pool)
            encoder.writeList(payments)
        case .setLimit(let pool, let asset, let amount, let period):
            encoder.write(pool)
            encoder.write(asset)
            encoder.write(amount)
            encoder.write(period)
        case .setOwner(let pool, let owner):
            encoder.write(pool)
            encoder.write(owner)
        default: encodeRest(to: &encoder)
        }
    }

    private func encodeRest(to encoder: inout CanonicalEncoder) {
        switch self {
        case .createGrant(let order): encoder.write(order)
        case .claimGrant(let number), .revokeGrant(let number), .sweepAirdrop(let number),
            .closeAuction(let number), .closeBounty(let number):
            encoder.write(number)
        case .reachMilestone(let grant, let milestone):
            encoder.write(grant)
            encoder.write(milestone)
        case .createAirdrop(let order): encoder.write(order)
        case .claimAirdrop(let claim): encoder.write(claim)
        case .createAuction(let terms, let source):
            encoder.write(terms)
            encoder.write(source)
        case .bid(let auction, let offer):
            encoder.write(auction)
            encoder.write(offer)
        case .collect(let auction, let bidder):
            encoder.write(auction)
            encoder.write(bidder)
        case .openBounty(let bounty): encoder.write(bounty)
        case .award(let bounty, let account, let severity, let amount):
            encoder.write(bounty)
            encoder.write(account)
            encoder.writeText(severity)
            encoder.write(amount)
        case .giveBadge(let account, let name, let evidence):
            encoder.write(account)
            encoder.writeText(name)
            encoder.write(evidence)
        case .revokeBadge(let account, let name):
            encoder.write(account)
            encoder.writeText(name)
        default: preconditionFailure("the other messages are written before")
        }
    }

    /// Reads the tag and the message.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let tag = try decoder.readTag()
        let members = Multisig.membersMax
        switch tag {
        case 0:
            self = try .createMultisig(
                members: decoder.readList(limit: members), threshold: decoder.read())
        case 1:
            self = try .propose(
                decoder.read(), messages: decoder.readList(limit: Decision.messagesMax),
                expires: decoder.read())
        case 2: self = try .approve(decoder.read(), number: decoder.read())
        case 3: self = try .withdraw(decoder.read(), number: decoder.read())
        case 4:
            self = try .setMembers(decoder.readList(limit: members), threshold: decoder.read())
        case 5:
            self = try .createPool(
                name: decoder.readText(limit: TreasuryPool.nameBytesMax), owner: decoder.read())
        case 6:
            self = try .deposit(
                pool: decoder.read(), asset: decoder.read(), amount: decoder.read())
        case 7:
            self = try .spend(
                pool: decoder.read(), payments: decoder.readList(limit: Self.paymentsMax))
        case 8:
            self = try .setLimit(
                pool: decoder.read(), asset: decoder.read(), amount: decoder.read(),
                period: decoder.read())
        case 9: self = try .setOwner(pool: decoder.read(), owner: decoder.read())
        default: self = try Self.rest(tag, &decoder)
        }
    }

    private static func rest(
        _ tag: UInt32, _ decoder: inout CanonicalDecoder
    ) throws(CanonicalError) -> TreasuryMessage {
        switch tag {
        case 10: return try .createGrant(decoder.read())
        case 11: return try .claimGrant(decoder.read())
        case 12: return try .revokeGrant(decoder.read())
        case 13: return try .reachMilestone(grant: decoder.read(), milestone: decoder.read())
        case 14: return try .createAirdrop(decoder.read())
        case 15: return try .claimAirdrop(decoder.read())
        case 16: return try .sweepAirdrop(decoder.read())
        case 17: return try .createAuction(decoder.read(), source: decoder.read())
        case 18: return try .bid(auction: decoder.read(), offer: decoder.read())
        case 19: return try .collect(auction: decoder.read(), bidder: decoder.read())
        case 20: return try .closeAuction(decoder.read())
        case 21: return try .openBounty(decoder.read())
        case 22:
            return try .award(
                bounty: decoder.read(), to: decoder.read(),
                severity: decoder.readText(limit: Bounty.severityBytesMax),
                amount: decoder.read())
        case 23: return try .closeBounty(decoder.read())
        case 24:
            return try .giveBadge(
                to: decoder.read(), name: decoder.readText(limit: Badge.nameBytesMax),
                evidence: decoder.read())
        case 25:
            return try .revokeBadge(
                from: decoder.read(), name: decoder.readText(limit: Badge.nameBytesMax))
        default: throw .unknownTag(tag)
        }
    }
}
