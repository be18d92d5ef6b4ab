// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// Tokens of many, divided in shares: what all of them gain or lose changes the tokens, so that it
/// costs the same however many they are (STAKING-12).
public struct SharedStake: Hashable, Sendable, CanonicalCodable {
    /// What lies there.
    public internal(set) var tokens: Amount
    /// How many shares it is divided in.
    public internal(set) var shares: UInt128

    static let none = SharedStake(tokens: .zero, shares: 0)

    /// What so many shares are worth, rounded down.
    public func worth(of part: UInt128) -> Amount {
        guard part < shares else { return part == shares ? tokens : .zero }
        return tokens.scaled(by: part, over: shares) ?? .zero
    }

    /// How many shares an amount buys, rounded down; nothing when there are shares of no worth.
    func shares(for amount: Amount) -> UInt128? {
        guard shares > 0 else { return amount.units }
        guard tokens > .zero else { return nil }
        return amount.scaled(by: shares, over: tokens.units)?.units
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(tokens)
        encoder.write(shares)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        tokens = try decoder.read()
        shares = try decoder.read()
    }

    init(tokens: Amount, shares: UInt128) {
        self.tokens = tokens
        self.shares = shares
    }
}

/// Rewards that flow evenly over the heights of an epoch (STAKING-15).
public struct RewardStream: Hashable, Sendable, CanonicalCodable {
    /// What has not flowed yet.
    public internal(set) var left: Amount
    /// Up to which height it has.
    public internal(set) var at: BlockHeight
    /// When all has.
    public internal(set) var end: BlockHeight

    /// What flows up to a height, rounded down; at the end, all that is left.
    func due(at height: BlockHeight) -> Amount {
        guard height < end else { return left }
        guard height > at else { return .zero }
        let passed = UInt128(height.value - at.value)
        return left.scaled(by: passed, over: UInt128(end.value - at.value)) ?? .zero
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(left)
        encoder.write(at)
        encoder.write(end)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        left = try decoder.read()
        at = try decoder.read()
        end = try decoder.read()
    }

    init(left: Amount, at height: BlockHeight, end: BlockHeight) {
        self.left = left
        self.at = height
        self.end = end
    }
}

/// A higher commission that has been announced.
public struct CommissionNotice: Hashable, Sendable, CanonicalCodable {
    /// Millionths.
    public let partsPerMillion: UInt64
    /// The first epoch whose rewards it is taken of.
    public let from: Epoch

    init(partsPerMillion: UInt64, from: Epoch) {
        self.partsPerMillion = partsPerMillion
        self.from = from
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(partsPerMillion)
        encoder.write(from)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        partsPerMillion = try decoder.read()
        from = try decoder.read()
    }
}

/// All that is delegated to one operator, and its rewards.
public struct Pool: Hashable, Sendable {
    /// The validator's account.
    public let `operator`: AccountID
    /// What the operator keeps of the rewards of those behind it, in millionths.
    public internal(set) var commission: UInt64
    /// A rise of it that has been announced.
    public internal(set) var notice: CommissionNotice?
    /// Since which epoch offences are insured; nothing when they are not.
    public internal(set) var insuredSince: Epoch?
    /// Stake whose rewards are claimed.
    public internal(set) var steady: SharedStake
    /// Stake whose rewards are added to it.
    public internal(set) var compounding: SharedStake
    /// Rewards of one steady share since the beginning, times ``accumulatorUnit``.
    public internal(set) var accumulated: UInt128
    /// Rewards on their way.
    public internal(set) var stream: RewardStream
    /// Rewards of steady shares that nobody claimed yet, with what rounding left.
    public internal(set) var due: Amount
    /// What the operator earned and did not claim yet.
    public internal(set) var earned: Amount
    /// What comes back to those who left.
    public internal(set) var leaving: Amount
    /// The count of the asset that stands for compounding shares; nothing before the first.
    public internal(set) var liquid: UInt32?
    /// How many compounding shares are out as that asset.
    public internal(set) var liquidShares: UInt128

    /// What one share's rewards are counted in: 10^18 parts of a base unit. With shares of at least
    /// one unit all that a supply of 2^100 pays fits 128 bits.
    public static let accumulatorUnit: UInt128 = 1_000_000_000_000_000_000

    /// Describes an empty pool.
    init(_ account: AccountID, commission: UInt64, at height: BlockHeight) {
        self.operator = account
        self.commission = commission
        steady = .none
        compounding = .none
        accumulated = 0
        stream = RewardStream(left: .zero, at: height, end: height)
        due = .zero
        earned = .zero
        leaving = .zero
        liquidShares = 0
    }

    /// All that stands behind the operator.
    public var backing: Amount { steady.tokens.adding(compounding.tokens) ?? Amount(.max) }
    /// All that lies in its purse of rewards.
    var rewards: Amount { stream.left.adding(due)?.adding(earned) ?? Amount(.max) }

    subscript(compounds: Bool) -> SharedStake {
        get { compounds ? compounding : steady }
        set { if compounds { compounding = newValue } else { steady = newValue } }
    }
}

extension Pool: CanonicalCodable {
    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(self.operator)
        encoder.write(commission)
        encoder.writeOptional(notice)
        encoder.writeOptional(insuredSince)
        encoder.write(steady)
        encoder.write(compounding)
        encoder.write(accumulated)
        encoder.write(stream)
        encoder.write(due)
        encoder.write(earned)
        encoder.write(leaving)
        encoder.write(liquid != nil)
        if let liquid { encoder.write(liquid) }
        encoder.write(liquidShares)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        self.operator = try decoder.read()
        commission = try decoder.read()
        notice = try decoder.readOptional()
        insuredSince = try decoder.readOptional()
        steady = try decoder.read()
        compounding = try decoder.read()
        accumulated = try decoder.read()
        stream = try decoder.read()
        due = try decoder.read()
        earned = try decoder.read()
        leaving = try decoder.read()
        liquid = try decoder.readFlag() ? decoder.read() : nil
        liquidShares = try decoder.read()
    }
}
