// SPDX-License-Identifier: Apache-2.0
import Ledger
public import Vocabulary

/// Where a bond stands in the life of its role (STAKING-1).
public enum BondStatus: Hashable, Sendable {
    /// It stands for its role.
    case bonded
    /// Its owner takes a pause.
    case paused
    /// An offence keeps it out, at least until this time.
    case jailed(until: Timestamp)
    /// Its owner leaves; it comes back in parts.
    case unbonding
    /// It has come back.
    case withdrawn
    /// An offence ended it for ever; what is left comes back in parts.
    case banned
}

extension BondStatus: CanonicalCodable {
    /// Appends the tag and the time.
    public func encode(to encoder: inout CanonicalEncoder) {
        switch self {
        case .bonded: encoder.writeTag(0)
        case .paused: encoder.writeTag(1)
        case .jailed(let until):
            encoder.writeTag(2)
            encoder.write(until)
        case .unbonding: encoder.writeTag(3)
        case .withdrawn: encoder.writeTag(4)
        case .banned: encoder.writeTag(5)
        }
    }

    /// Reads the tag and the time.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let tag = try decoder.readTag()
        switch tag {
        case 0: self = .bonded
        case 1: self = .paused
        case 2: self = try .jailed(until: decoder.read())
        case 3: self = .unbonding
        case 4: self = .withdrawn
        case 5: self = .banned
        default: throw .unknownTag(tag)
        }
    }
}

/// A part of a bond that comes back.
public struct BondPart: Hashable, Sendable, CanonicalCodable {
    /// In the native asset.
    public internal(set) var base: Amount
    /// In the role's asset.
    public internal(set) var second: Amount
    /// When.
    public let due: Timestamp

    init(base: Amount, second: Amount, due: Timestamp) {
        self.base = base
        self.second = second
        self.due = due
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(base)
        encoder.write(second)
        encoder.write(due)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        base = try decoder.read()
        second = try decoder.read()
        due = try decoder.read()
    }
}

/// What an account put behind one role.
public struct RoleBond: Hashable, Sendable {
    /// Which role.
    public let role: Role
    /// Who owns it and gets it back.
    public let account: AccountID
    /// Where it stands.
    public internal(set) var status: BondStatus
    /// What stands in the native asset.
    public internal(set) var base: Amount
    /// What stands in the role's asset.
    public internal(set) var second: Amount
    /// Which row of the lock table it chose.
    public internal(set) var lock: UInt8
    /// Until when it cannot begin to leave.
    public internal(set) var lockedUntil: Timestamp
    /// Who signs for it; nothing is the owner.
    public internal(set) var signer: AccountID?
    /// Where and whose its machines are, as the owner says.
    public internal(set) var domain: FailureDomain?
    /// What comes back, by the time it does; at most ``partsMax``.
    public internal(set) var parts: [BondPart]
    /// How many offences it was punished for.
    public internal(set) var offences: UInt32
    /// All that was ever taken from it in the native asset.
    public internal(set) var slashed: Amount
    /// When it was first bonded.
    public let since: BlockHeight

    /// The most parts that wait: with eight, an offence touches at most eight amounts twice.
    public static let partsMax = 8

    /// Who may sign for it.
    public var actor: AccountID { signer ?? account }
    /// What an offence can reach in the native asset: what stands and what comes back.
    public var reachable: Amount {
        parts.reduce(base) { $0.adding($1.base) ?? Amount(.max) }
    }
    /// The same in the role's asset.
    public var reachableSecond: Amount {
        parts.reduce(second) { $0.adding($1.second) ?? Amount(.max) }
    }
}

extension RoleBond: CanonicalCodable {
    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(role)
        encoder.write(account)
        encoder.write(status)
        encoder.write(base)
        encoder.write(second)
        encoder.write(lock)
        encoder.write(lockedUntil)
        encoder.writeOptional(signer)
        encoder.writeOptional(domain)
        encoder.writeList(parts)
        encoder.write(offences)
        encoder.write(slashed)
        encoder.write(since)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        role = try decoder.read()
        account = try decoder.read()
        status = try decoder.read()
        base = try decoder.read()
        second = try decoder.read()
        lock = try decoder.read()
        lockedUntil = try decoder.read()
        signer = try decoder.readOptional()
        domain = try decoder.readOptional()
        parts = try decoder.readList(limit: Self.partsMax)
        offences = try decoder.read()
        slashed = try decoder.read()
        since = try decoder.read()
    }
}
