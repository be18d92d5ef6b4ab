// SPDX-License-Identifier: Apache-2.0
import Ledger
public import Vocabulary

/// Where a member stands in the life of its role (VALIDATORS-1).
public enum MemberStatus: Hashable, Sendable {
    /// It stands for election at every cut.
    case active
    /// It asked to leave at this height and serves until a cut lets it go.
    case leaving(since: BlockHeight)
    /// It broke the rules and does not stand for election until it resumes, from this epoch on.
    case jailed(until: Epoch)
    /// It serves no more; its stake comes back when the set of this epoch is chosen.
    case unbonding(until: Epoch)
    /// It has its stake back.
    case withdrawn
}

extension MemberStatus: CanonicalCodable {
    /// Appends the tag and the time.
    public func encode(to encoder: inout CanonicalEncoder) {
        switch self {
        case .active: encoder.writeTag(0)
        case .leaving(let since):
            encoder.writeTag(1)
            encoder.write(since)
        case .jailed(let until):
            encoder.writeTag(2)
            encoder.write(until)
        case .unbonding(let until):
            encoder.writeTag(3)
            encoder.write(until)
        case .withdrawn: encoder.writeTag(4)
        }
    }

    /// Reads the tag and the time.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let tag = try decoder.readTag()
        switch tag {
        case 0: self = .active
        case 1: self = try .leaving(since: decoder.read())
        case 2: self = try .jailed(until: decoder.read())
        case 3: self = try .unbonding(until: decoder.read())
        case 4: self = .withdrawn
        default: throw .unknownTag(tag)
        }
    }
}

/// One validator, or one who would be, as the chain knows it.
public struct ValidatorMember: Hashable, Sendable {
    /// The account that governs it and gets its stake back.
    public let account: AccountID
    /// The key it votes with from the next epoch on.
    public internal(set) var key: PublicKey
    /// What people call it: 1 to 64 bytes.
    public internal(set) var name: String
    /// The account that receives the fees of its blocks, from the next epoch on.
    public internal(set) var fees: AccountID
    /// Where it stands.
    public internal(set) var status: MemberStatus
    /// What it paid in and the bank holds, in native base units.
    public internal(set) var bond: Amount
    /// What others put behind it, in native base units; whoever keeps it says how much it is.
    public internal(set) var backing: Amount
    /// Whole units of weight that the genesis gave it: never paid out, and no part of the supply.
    public internal(set) var granted: UInt64
    /// All that was ever taken from its bond.
    public internal(set) var slashed: Amount
    /// When it first joined.
    public let since: BlockHeight

    /// The most weight of one member: as a genesis may give, so that every sum stays in 64 bits.
    public static let weightMax = GenesisValidator.stakeMax
    /// The most bytes of a name.
    public static let nameBytesMax = Genesis.nameBytesMax

    /// What it is ranked by: bond, grant and backing, in base units (VALIDATORS-7).
    public var stake: Amount {
        // A grant is at most 2^53 units of 10^18: the sum overflows only beside bonds that no
        // supply below 2^128 leaves room for; it then counts as the largest.
        bond.adding(Amount(whole: granted))?.adding(backing) ?? Amount(.max)
    }

    /// Its weight before the cap: whole units of its stake, at least 1 (VALIDATORS-7).
    public var weight: UInt64 {
        let whole = stake.units / Amount.unitsPerWhole
        return UInt64(min(max(whole, 1), UInt128(Self.weightMax)))
    }

    /// Whether it stands for election where a bond must have `stakeMin`.
    func isEligible(_ stakeMin: Amount) -> Bool { status == .active && hasEnough(stakeMin) }

    /// Whether its stake suffices: what the genesis granted does, whatever the minimum.
    func hasEnough(_ stakeMin: Amount) -> Bool { granted > 0 || bond >= stakeMin }
}

extension ValidatorMember: CanonicalCodable {
    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(account)
        encoder.write(key)
        encoder.writeText(name)
        encoder.write(fees)
        encoder.write(status)
        encoder.write(bond)
        encoder.write(backing)
        encoder.write(granted)
        encoder.write(slashed)
        encoder.write(since)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        account = try decoder.read()
        key = try decoder.read()
        name = try decoder.readText(limit: Self.nameBytesMax)
        fees = try decoder.read()
        status = try decoder.read()
        bond = try decoder.read()
        backing = try decoder.read()
        granted = try decoder.read()
        slashed = try decoder.read()
        since = try decoder.read()
    }
}
