// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// What may be asked of this module; bonds and delegations are the sender's own.
public enum StakingMessage: Hashable, Sendable {
    /// Bond for a role.
    case openBond(OpenBond)
    /// Add to a bond.
    case addBond(BondAmounts)
    /// Let a part of a bond come back.
    case reduceBond(BondAmounts)
    /// Leave a role; all of the bond comes back.
    case leave(Role)
    /// Take no new duties.
    case pause(Role)
    /// Stand for the role again, after a pause or jail.
    case resume(Role)
    /// Let another account sign for the role, or nobody else.
    case setSigner(SetSigner)
    /// Choose a longer lock.
    case extendLock(Role, lock: UInt8)
    /// End a lock for a price.
    case breakLock(Role)
    /// Have a contradiction punished; anybody may bring it.
    case submitContradiction(Contradiction)
    /// Put stake behind an operator.
    case delegate(StakeOrder)
    /// Let stake come back.
    case undelegate(StakeOrder)
    /// Put stake behind another operator.
    case redelegate(MoveOrder)
    /// Have rewards paid; an operator's own earnings, too.
    case claim(AccountID)
    /// Change the sender's commission as an operator, in millionths.
    case setCommission(UInt64)
    /// Make an asset of compounding shares.
    case tokenize(AccountID, shares: UInt128)
    /// Make shares of the asset again.
    case redeem(AccountID, shares: UInt128)
    /// Insure the sender's pool as an operator, or end it.
    case insure(Bool)
    /// Let redelegated shares answer for their former operator now; anybody may ask.
    case settle(owner: AccountID, operator: AccountID)
    /// Add to the budget of rewards.
    case fund(Amount)

    /// The message as a transaction carries it.
    public var message: Message { Message(module: .staking, payload: canonicalBytes) }

    /// Reads a payload.
    ///
    /// - Throws: `malformedMessage` when the bytes are not a message within its limits.
    static func read(_ payload: [UInt8]) throws(Refusal) -> StakingMessage {
        do {
            return try StakingMessage(canonicalBytes: payload)
        } catch {
            throw .staking(.malformedMessage, "the payload does not read: \(error)")
        }
    }
}

/// Begins a bond (STAKING-2).
public struct OpenBond: Hashable, Sendable, CanonicalCodable {
    /// For which role.
    public let role: Role
    /// In the native asset.
    public let base: Amount
    /// In the role's asset.
    public let second: Amount
    /// Which row of the lock table.
    public let lock: UInt8
    /// Who signs for it; nothing is the sender.
    public let signer: AccountID?
    /// Where and whose the machines are.
    public let domain: FailureDomain?

    /// Describes a bond.
    public init(
        role: Role, base: Amount, second: Amount = .zero, lock: UInt8 = 0,
        signer: AccountID? = nil, domain: FailureDomain? = nil
    ) {
        self.role = role
        self.base = base
        self.second = second
        self.lock = lock
        self.signer = signer
        self.domain = domain
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(role)
        encoder.write(base)
        encoder.write(second)
        encoder.write(lock)
        encoder.writeOptional(signer)
        encoder.writeOptional(domain)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        role = try decoder.read()
        base = try decoder.read()
        second = try decoder.read()
        lock = try decoder.read()
        signer = try decoder.readOptional()
        domain = try decoder.readOptional()
    }
}

/// Amounts of one role's bond in both of its assets.
public struct BondAmounts: Hashable, Sendable, CanonicalCodable {
    /// Of which role.
    public let role: Role
    /// In the native asset.
    public let base: Amount
    /// In the role's asset.
    public let second: Amount

    /// Describes amounts.
    public init(role: Role, base: Amount, second: Amount = .zero) {
        self.role = role
        self.base = base
        self.second = second
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(role)
        encoder.write(base)
        encoder.write(second)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        role = try decoder.read()
        base = try decoder.read()
        second = try decoder.read()
    }
}

/// Names who signs for a bond (PK-33).
public struct SetSigner: Hashable, Sendable, CanonicalCodable {
    /// Of which role.
    public let role: Role
    /// Who signs; nothing is the owner.
    public let signer: AccountID?

    /// Describes the change.
    public init(role: Role, signer: AccountID?) {
        self.role = role
        self.signer = signer
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(role)
        encoder.writeOptional(signer)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        role = try decoder.read()
        signer = try decoder.readOptional()
    }
}

/// An amount behind an operator.
public struct StakeOrder: Hashable, Sendable, CanonicalCodable {
    /// The validator's account.
    public let `operator`: AccountID
    /// How much, in native base units; of what comes back, at most this.
    public let amount: Amount
    /// Whether rewards are added to it.
    public let compounds: Bool

    /// Describes an order.
    public init(`operator`: AccountID, amount: Amount, compounds: Bool = false) {
        self.operator = `operator`
        self.amount = amount
        self.compounds = compounds
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(self.operator)
        encoder.write(amount)
        encoder.write(compounds)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        self.operator = try decoder.read()
        amount = try decoder.read()
        compounds = try decoder.readFlag()
    }
}

/// An amount that goes from one operator to another.
public struct MoveOrder: Hashable, Sendable, CanonicalCodable {
    /// From whom, how much, of which kind.
    public let from: StakeOrder
    /// To whom.
    public let to: AccountID

    /// Describes a move.
    public init(from: StakeOrder, to: AccountID) {
        self.from = from
        self.to = to
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(from)
        encoder.write(to)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        from = try decoder.read()
        to = try decoder.read()
    }
}
