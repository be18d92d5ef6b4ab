// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// Who votes, by which weight; raw values are stable.
public enum Electorate: UInt8, CaseIterable, Hashable, Sendable, CanonicalCodable {
    /// Everybody by locked and delegated stake.
    case stake = 0
    /// Persons by the root of their lock; an account nobody vouches for has no vote there.
    case roots = 1
    /// The seats of the Contribution Council.
    case council = 2
    /// The seats of the emergency council.
    case emergency = 3
    /// The seats of the board, which persons elect with the roots of their locks.
    case board = 4

    /// Appends one byte.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.write(rawValue) }
    /// Reads one byte.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        guard let electorate = try Electorate(rawValue: decoder.read()) else {
            throw .outOfRange("Electorate")
        }
        self = electorate
    }
}

/// What one electorate must say for a proposal to pass. Shares are millionths.
public struct HouseRule: Hashable, Sendable, CanonicalCodable {
    /// Which.
    public let electorate: Electorate
    /// How much of it must vote.
    public let quorum: UInt64
    /// How much of yes and no together must be yes, at least.
    public let approval: UInt64

    /// Describes a rule.
    public init(_ electorate: Electorate, quorum: UInt64, approval: UInt64) {
        self.electorate = electorate
        self.quorum = quorum
        self.approval = approval
    }

    /// Whether enough voted.
    func hasQuorum(_ tally: Tally) -> Bool {
        tally.cast > 0 && !Self.isBelow(tally.cast, quorum, of: tally.total)
    }

    /// Whether enough of those who said yes or no said yes; who abstains counts in neither (R19).
    func approves(_ tally: Tally) -> Bool {
        let said = tally.yes + tally.no + tally.veto
        return said > 0 && tally.yes > 0 && !Self.isBelow(tally.yes, approval, of: said)
    }

    /// Whether a part is below a share of a whole, exactly.
    static func isBelow(_ part: UInt128, _ share: UInt64, of whole: UInt128) -> Bool {
        let left = part.multipliedFullWidth(by: 1_000_000)
        let right = whole.multipliedFullWidth(by: UInt128(share))
        return left.high == right.high ? left.low < right.low : left.high < right.high
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(electorate)
        encoder.write(quorum)
        encoder.write(approval)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        electorate = try decoder.read()
        quorum = try decoder.read()
        approval = try decoder.read()
    }
}

/// The life of proposals of one kind. Times are milliseconds.
public struct KindRules: Hashable, Sendable, CanonicalCodable {
    /// Who must pass it; all must.
    public let houses: [HouseRule]
    /// How long people talk before they vote.
    public let discussion: UInt64
    /// How long they vote.
    public let voting: UInt64
    /// How long it waits before it is done.
    public let timeLock: UInt64

    /// The most electorates of one kind.
    public static let housesMax = 4

    /// Describes a row.
    public init(houses: [HouseRule], discussion: UInt64, voting: UInt64, timeLock: UInt64) {
        self.houses = houses
        self.discussion = discussion
        self.voting = voting
        self.timeLock = timeLock
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeList(houses)
        encoder.write(discussion)
        encoder.write(voting)
        encoder.write(timeLock)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        houses = try decoder.readList(limit: Self.housesMax)
        discussion = try decoder.read()
        voting = try decoder.read()
        timeLock = try decoder.read()
    }

    private static let day: UInt64 = 86_400_000

    /// The rows of a chain whose genesis names none: those of Optimus for stake (OP-20: a day, a
    /// week, two days; a tenth votes, half approves), an upgrade with a week's lock, the
    /// constitution with 95 of a hundred (R21), emergencies by five of seven.
    static func standard(_ kind: ProposalKind) -> KindRules {
        let half = HouseRule(.stake, quorum: 100_000, approval: 500_001)
        return switch kind {
        case .text, .parameter, .treasury, .validators, .role:
            KindRules(houses: [half], discussion: day, voting: 7 * day, timeLock: 2 * day)
        case .upgrade:
            KindRules(
                houses: [HouseRule(.stake, quorum: 100_000, approval: 666_667)], discussion: day,
                voting: 7 * day, timeLock: 7 * day)
        case .constitutional:
            KindRules(
                houses: [HouseRule(.stake, quorum: 500_000, approval: 950_000)],
                discussion: 7 * day, voting: 7 * day, timeLock: 7 * day)
        case .board:
            KindRules(
                houses: [HouseRule(.roots, quorum: 100_000, approval: 500_001)], discussion: day,
                voting: 7 * day, timeLock: 2 * day)
        case .emergency:
            KindRules(
                houses: [HouseRule(.emergency, quorum: 714_285, approval: 714_285)], discussion: 0,
                voting: day, timeLock: 0)
        }
    }
}
