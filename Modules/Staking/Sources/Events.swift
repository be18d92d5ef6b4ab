// SPDX-License-Identifier: Apache-2.0
import Ledger
public import Vocabulary

/// What happens in this module; raw values are stable kinds.
public enum StakingEventKind: UInt16, CaseIterable, Sendable {
    /// A bond began or changed; the payload is its ``RoleBond``.
    case bondChanged = 1
    /// An offence cost a part of a bond; the payload is a ``BondLoss``.
    case bondSlashed = 2
    /// A part of a bond came back; the payload is its ``RoleBond``.
    case bondReturned = 3
    /// Stake was put behind an operator; the payload is a ``StakeNote``.
    case delegated = 4
    /// Stake began to come back; the payload is a ``StakeNote``.
    case undelegated = 5
    /// Stake went from one operator to another; the payload is a ``StakeNote`` of the new one.
    case redelegated = 6
    /// Rewards were paid; the payload is a ``StakeNote``, its other amount the loyalty bonus.
    case rewardClaimed = 7
    /// A pool's commission or insurance changed; the payload is its ``Pool``.
    case poolChanged = 8
    /// An offence cost a pool; the payload is a ``StakeNote`` of the operator, its other amount
    /// what the insurance paid.
    case poolPunished = 9
    /// Stake came back; the payload is a ``StakeNote``, its other amount what offences took.
    case stakeReturned = 10
    /// Shares became an asset; the payload is a ``StakeNote``.
    case tokenized = 11
    /// An asset became shares again; the payload is a ``StakeNote``.
    case redeemed = 12
    /// An epoch's rewards were shared; the payload is a ``RewardShare``.
    case rewardsShared = 13
    /// Redelegated shares answered for their former operator; the payload is a ``StakeNote``, its
    /// other amount what was taken.
    case settled = 14
}

/// The payload of most events of delegations.
public struct StakeNote: Hashable, Sendable, CanonicalCodable {
    /// Whose stake.
    public let owner: AccountID
    /// Behind whom.
    public let `operator`: AccountID
    /// How much.
    public let amount: Amount
    /// What else the event's kind says.
    public let other: Amount

    init(owner: AccountID, `operator`: AccountID, amount: Amount, other: Amount = .zero) {
        self.owner = owner
        self.operator = `operator`
        self.amount = amount
        self.other = other
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(owner)
        encoder.write(self.operator)
        encoder.write(amount)
        encoder.write(other)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        owner = try decoder.read()
        self.operator = try decoder.read()
        amount = try decoder.read()
        other = try decoder.read()
    }
}

/// The payload of ``StakingEventKind/bondSlashed``.
public struct BondLoss: Hashable, Sendable, CanonicalCodable {
    /// Of which role.
    public let role: Role
    /// For what.
    public let cause: String
    /// What the native bond lost.
    public let base: Amount
    /// What the bond in the role's asset lost.
    public let second: Amount

    init(role: Role, cause: String, base: Amount, second: Amount) {
        self.role = role
        self.cause = cause
        self.base = base
        self.second = second
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(role)
        encoder.writeText(cause)
        encoder.write(base)
        encoder.write(second)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        role = try decoder.read()
        cause = try decoder.readText(limit: SlashTerms.causeBytesMax)
        base = try decoder.read()
        second = try decoder.read()
    }
}

/// The payload of ``StakingEventKind/rewardsShared``.
public struct RewardShare: Hashable, Sendable, CanonicalCodable {
    /// Whose epoch it was.
    public let epoch: Epoch
    /// What the budget released.
    public let released: Amount
    /// What others had lost for offences.
    public let penalties: Amount
    /// Among how many seats it was shared.
    public let seats: UInt16

    init(epoch: Epoch, released: Amount, penalties: Amount, seats: UInt16) {
        self.epoch = epoch
        self.released = released
        self.penalties = penalties
        self.seats = seats
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(epoch)
        encoder.write(released)
        encoder.write(penalties)
        encoder.write(seats)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        epoch = try decoder.read()
        released = try decoder.read()
        penalties = try decoder.read()
        seats = try decoder.read()
    }
}

extension ExecutionContext {
    func emit(_ kind: StakingEventKind, about subject: Bytes32, _ payload: [UInt8]) {
        emit(Event(module: .staking, kind: kind.rawValue, subject: subject, payload: payload))
    }

    func emit(_ kind: StakingEventKind, _ note: StakeNote) {
        emit(kind, about: note.owner.raw, note.canonicalBytes)
    }

    func emit(_ kind: StakingEventKind, _ bond: RoleBond) {
        emit(kind, about: bond.account.raw, bond.canonicalBytes)
    }
}
