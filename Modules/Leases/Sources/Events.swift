// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// What happens to leases. The subject of every event is the lease, of `capacityDeclared` the
/// provider.
public enum LeasesEventKind: UInt16, Hashable, Sendable, CaseIterable {
    /// A provider said what it has.
    case capacityDeclared = 1
    /// An order is open: its tenant, deposit, the end of bidding, the deployment.
    case leaseOpened = 2
    /// A provider holds resources: it, its price by what is expected, its standby rate, until.
    case bidHeld = 3
    /// A bid ended without a seat: its provider.
    case bidReleased = 4
    /// A provider was chosen: it, the token, the last moment to begin.
    case leaseGranted = 5
    /// A provider stands by: it, its rate.
    case standbySeated = 6
    /// A provider began: it, the token.
    case leaseStarted = 7
    /// A receipt was settled: provider, payment, what its bill exceeded the funds by, number,
    /// until, digest.
    case usageSettled = 8
    /// A provider claims its base price: it, amount, the last moment to contest.
    case baseClaimed = 9
    /// A claim was paid: provider, payment.
    case claimPaid = 10
    /// A claim was contested: provider, amount.
    case claimContested = 11
    /// Funds grew: who paid, amount, when they end now.
    case toppedUp = 12
    /// Funds end soon: tenant, what is left, when.
    case fundsLow = 13
    /// Funds ended, nothing runs: tenant, until when everything is kept.
    case paused = 14
    /// Volumes are kept for a while: tenant, until.
    case graceBegun = 15
    /// It runs again: tenant.
    case resumed = 16
    /// A standby has a snapshot: it, payment, number, when it was taken, digest.
    case snapshotTaken = 17
    /// A standby took over: the new and the old provider, the token, when the newest snapshot was
    /// taken, its digest; the code is 1 when it is older than the terms allow.
    case takenOver = 18
    /// A provider will take the lease back: it, until, the reason.
    case reclaimNoticed = 19
    /// A provider left and a standby may follow: it, until, the reason.
    case primaryLeft = 20
    /// It is over and can be settled: who said so, until, the reason.
    case closing = 21
    /// It ended: tenant, what was paid, the refund, the reason.
    case closed = 22
    /// A provider stands by no longer: it.
    case standbyEnded = 23
    /// Something else shall run: tenant, the digest.
    case manifestChanged = 24
    /// A part of a bond was taken: provider, amount.
    case providerSlashed = 25
    /// Money could not move; it is tried again: tenant, after.
    case postponed = 26

    /// The stable name.
    public var name: String { "\(self)" }
}

/// What an event says; fields that a kind does not use are zero.
public struct LeaseNote: Hashable, Sendable {
    /// Whom it concerns most.
    public var account: AccountID
    /// Whom it concerns besides.
    public var other: AccountID?
    /// An amount of the lease's asset; of bonds, of the native one.
    public var amount = Amount.zero
    /// A second amount.
    public var rest = Amount.zero
    /// A number: a receipt's, a snapshot's, a token.
    public var number: UInt64 = 0
    /// A moment.
    public var time = Timestamp(0)
    /// A digest.
    public var digest = Digest.zero
    /// A ``CloseReason``, or 1 for yes.
    public var code: UInt8 = 0

    /// A note about an account; its fields are set afterwards.
    public init(_ account: AccountID) { self.account = account }

    /// A note about an account, with what it says.
    init(_ account: AccountID, _ fill: (inout LeaseNote) -> Void) {
        self.account = account
        fill(&self)
    }
}

extension LeaseNote: CanonicalCodable {
    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(account)
        encoder.writeOptional(other)
        encoder.write(amount)
        encoder.write(rest)
        encoder.write(number)
        encoder.write(time)
        encoder.write(digest)
        encoder.write(code)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        account = try decoder.read()
        other = try decoder.readOptional()
        amount = try decoder.read()
        rest = try decoder.read()
        number = try decoder.read()
        time = try decoder.read()
        digest = try decoder.read()
        code = try decoder.read()
    }
}

/// An event of this module as it reads.
public struct LeasesEvent: Hashable, Sendable {
    /// What happened.
    public let kind: LeasesEventKind
    /// To which lease; of `capacityDeclared`, which provider.
    public let subject: Bytes32
    /// What it says.
    public let note: LeaseNote

    /// Reads an event.
    ///
    /// - Throws: ``CanonicalError`` when it is another module's, of an unknown kind, or does not
    ///   read.
    public init(_ event: Event) throws(CanonicalError) {
        guard event.module == .leases, let kind = LeasesEventKind(rawValue: event.kind) else {
            throw .unknownTag(UInt32(event.kind))
        }
        self.kind = kind
        subject = event.subject
        note = try LeaseNote(canonicalBytes: event.payload)
    }
}
