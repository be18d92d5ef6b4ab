// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// What one account has in one operator's pool.
public struct Delegation: Hashable, Sendable, CanonicalCodable {
    /// Shares whose rewards are claimed.
    public internal(set) var steady: UInt128
    /// Up to which count of ``Pool/accumulated`` they have been.
    public internal(set) var paid: UInt128
    /// Shares whose rewards are added to them.
    public internal(set) var compounding: UInt128
    /// Since when, on the average of its steady shares.
    public internal(set) var since: Timestamp

    init(paid: UInt128, since: Timestamp) {
        steady = 0
        self.paid = paid
        compounding = 0
        self.since = since
    }

    subscript(compounds: Bool) -> UInt128 {
        get { compounds ? compounding : steady }
        set { if compounds { compounding = newValue } else { steady = newValue } }
    }

    /// Whether nothing is left of it.
    var isEmpty: Bool { steady == 0 && compounding == 0 }

    /// What its steady shares earned and did not claim, rounded down.
    func reward(at accumulated: UInt128) -> Amount {
        Amount(steady).scaled(by: accumulated - paid, over: Pool.accumulatorUnit) ?? .zero
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(steady)
        encoder.write(paid)
        encoder.write(compounding)
        encoder.write(since)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        steady = try decoder.read()
        paid = try decoder.read()
        compounding = try decoder.read()
        since = try decoder.read()
    }
}

/// Stake that left an operator and still answers for what it did before (STAKING-18).
public struct Exposure: Hashable, Sendable, CanonicalCodable {
    /// Whose offences it answers for.
    public let `operator`: AccountID
    /// The last epoch in which it counted in the operator's weight.
    public let epoch: Epoch
    /// What offences up to that epoch had left of a whole when it left, in ``whole``.
    public let kept: UInt128
    /// The first epoch in which nothing can be shown of that epoch any more.
    public let ends: Epoch

    /// A whole: 10^18.
    public static let whole: UInt128 = 1_000_000_000_000_000_000

    init(`operator`: AccountID, epoch: Epoch, kept: UInt128, ends: Epoch) {
        self.operator = `operator`
        self.epoch = epoch
        self.kept = kept
        self.ends = ends
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(self.operator)
        encoder.write(epoch)
        encoder.write(kept)
        encoder.write(ends)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        self.operator = try decoder.read()
        epoch = try decoder.read()
        kept = try decoder.read()
        ends = try decoder.read()
    }
}

/// Stake that comes back to its owner.
public struct Withdrawal: Hashable, Sendable, CanonicalCodable {
    /// Whose it is.
    public let owner: AccountID
    /// How much, before offences that become known until it is paid.
    public let amount: Amount
    /// What it answers for until then.
    public let exposure: Exposure

    init(owner: AccountID, amount: Amount, exposure: Exposure) {
        self.owner = owner
        self.amount = amount
        self.exposure = exposure
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(owner)
        encoder.write(amount)
        encoder.write(exposure)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        owner = try decoder.read()
        amount = try decoder.read()
        exposure = try decoder.read()
    }
}

/// Shares that came from another operator and answer for that one, too, for a while.
public struct Redelegation: Hashable, Sendable, CanonicalCodable {
    /// What they answer for beside their own operator.
    public let exposure: Exposure
    /// Whether they are of the compounding stake.
    public let compounds: Bool
    /// How many they are.
    public let shares: UInt128

    init(exposure: Exposure, compounds: Bool, shares: UInt128) {
        self.exposure = exposure
        self.compounds = compounds
        self.shares = shares
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(exposure)
        encoder.write(compounds)
        encoder.write(shares)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        exposure = try decoder.read()
        compounds = try decoder.readFlag()
        shares = try decoder.read()
    }
}

/// How the stakes behind the validators of an epoch were made up when it began.
public struct EpochStakes: Hashable, Sendable, CanonicalCodable {
    /// One validator's.
    public struct Entry: Hashable, Sendable, CanonicalCodable {
        /// The validator's account.
        public let account: AccountID
        /// Its own.
        public let own: Amount
        /// Of others.
        public let backing: Amount

        init(account: AccountID, own: Amount, backing: Amount) {
            self.account = account
            self.own = own
            self.backing = backing
        }

        /// Appends the fields in order.
        public func encode(to encoder: inout CanonicalEncoder) {
            encoder.write(account)
            encoder.write(own)
            encoder.write(backing)
        }

        /// Reads the fields in order.
        public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
            account = try decoder.read()
            own = try decoder.read()
            backing = try decoder.read()
        }
    }

    /// In the order of the seats; at most ``entriesMax``.
    public let entries: [Entry]

    /// The most seats of an epoch.
    static let entriesMax = 100

    init(entries: [Entry]) { self.entries = entries }

    /// Appends the list.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.writeList(entries) }

    /// Reads the list.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        entries = try decoder.readList(limit: Self.entriesMax)
    }
}
