// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// What may be asked of leases. A message's canonical bytes are the payload of a transaction.
public enum LeasesMessage: Hashable, Sendable {
    /// A provider says what it has to lease (LEASES-2).
    case declareCapacity(DeclareCapacity)
    /// A tenant orders a lease and sets money aside for it (LEASES-3).
    case openLease(OpenLease)
    /// A provider offers to run a lease or to stand by, and holds the resources (LEASES-4).
    case bidForLease(BidForLease)
    /// The tenant gives seats to bidders (LEASES-5).
    case acceptBids(AcceptBids)
    /// The chosen provider has the manifest and begins (LEASES-6).
    case startLease(StartLease)
    /// A provider says that it is there, for many leases at once (LEASES-7).
    case renewLeases(RenewLeases)
    /// What both sides signed is paid (LEASES-10).
    case settleUsage(SettleUsage)
    /// A provider claims the base price of time that its tenant signed nothing for (LEASES-11).
    case claimBase(ClaimBase)
    /// The tenant says that a claim is not owed; the lease ends (LEASES-11).
    case contestClaim(ContestClaim)
    /// Anybody adds to a lease's funds (LEASES-13).
    case topUpLease(TopUpLease)
    /// A standby has a snapshot of the volumes (LEASES-14).
    case reportSnapshot(ReportSnapshot)
    /// A standby goes on where a silent provider stopped (LEASES-15).
    case takeOverLease(TakeOverLease)
    /// A provider says that it will take a lease back (LEASES-16).
    case noticeReclaim(NoticeReclaim)
    /// The tenant or the provider ends a lease (LEASES-17).
    case closeLease(CloseLease)
    /// A standby leaves, or the tenant sends it away (LEASES-18).
    case endStandby(EndStandby)
    /// The tenant wants something else run in the same lease (LEASES-8).
    case updateManifest(UpdateManifest)

    /// This as a message of a transaction.
    public var message: Message { Message(module: .leases, payload: canonicalBytes) }

    /// The lease it is about, where it is about one.
    public var lease: LeaseID? {
        switch self {
        case .declareCapacity, .openLease, .renewLeases: nil
        case .bidForLease(let message): message.lease
        case .acceptBids(let message): message.lease
        case .startLease(let message): message.lease
        case .settleUsage(let message): message.lease
        case .claimBase(let message): message.lease
        case .contestClaim(let message): message.lease
        case .topUpLease(let message): message.lease
        case .reportSnapshot(let message): message.statement.snapshot.lease
        case .takeOverLease(let message): message.lease
        case .noticeReclaim(let message): message.lease
        case .closeLease(let message): message.lease
        case .endStandby(let message): message.lease
        case .updateManifest(let message): message.lease
        }
    }

    /// Reads a payload.
    ///
    /// - Throws: `malformedMessage`.
    static func read(_ payload: [UInt8]) throws(Refusal) -> LeasesMessage {
        do {
            return try LeasesMessage(canonicalBytes: payload)
        } catch {
            throw LeasesRefusal.malformedMessage.refusal("the payload is no message: \(error)")
        }
    }
}

extension LeasesMessage: CanonicalCodable {
    /// Appends the tag and the message.
    public func encode(to encoder: inout CanonicalEncoder) {
        switch self {
        case .declareCapacity(let message): encoder.write(tag: 0, message)
        case .openLease(let message): encoder.write(tag: 1, message)
        case .bidForLease(let message): encoder.write(tag: 2, message)
        case .acceptBids(let message): encoder.write(tag: 3, message)
        case .startLease(let message): encoder.write(tag: 4, message)
        case .renewLeases(let message): encoder.write(tag: 5, message)
        case .settleUsage(let message): encoder.write(tag: 6, message)
        case .claimBase(let message): encoder.write(tag: 7, message)
        case .contestClaim(let message): encoder.write(tag: 8, message)
        case .topUpLease(let message): encoder.write(tag: 9, message)
        case .reportSnapshot(let message): encoder.write(tag: 10, message)
        case .takeOverLease(let message): encoder.write(tag: 11, message)
        case .noticeReclaim(let message): encoder.write(tag: 12, message)
        case .closeLease(let message): encoder.write(tag: 13, message)
        case .endStandby(let message): encoder.write(tag: 14, message)
        case .updateManifest(let message): encoder.write(tag: 15, message)
        }
    }

    /// Reads the tag and the message.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let tag = try decoder.readTag()
        switch tag {
        case 0: self = try .declareCapacity(decoder.read())
        case 1: self = try .openLease(decoder.read())
        case 2: self = try .bidForLease(decoder.read())
        case 3: self = try .acceptBids(decoder.read())
        case 4: self = try .startLease(decoder.read())
        case 5: self = try .renewLeases(decoder.read())
        case 6: self = try .settleUsage(decoder.read())
        case 7: self = try .claimBase(decoder.read())
        case 8: self = try .contestClaim(decoder.read())
        case 9: self = try .topUpLease(decoder.read())
        case 10: self = try .reportSnapshot(decoder.read())
        case 11: self = try .takeOverLease(decoder.read())
        case 12: self = try .noticeReclaim(decoder.read())
        case 13: self = try .closeLease(decoder.read())
        case 14: self = try .endStandby(decoder.read())
        case 15: self = try .updateManifest(decoder.read())
        default: throw .unknownTag(tag)
        }
    }
}

extension CanonicalEncoder {
    fileprivate mutating func write(tag: UInt32, _ message: some CanonicalCodable) {
        writeTag(tag)
        write(message)
    }
}
