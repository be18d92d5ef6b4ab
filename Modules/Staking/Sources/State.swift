// SPDX-License-Identifier: Apache-2.0
import Ledger
public import Vocabulary

/// What the module stores, under which keys. Numbers in keys are big-endian, so keys sort by them.
public enum StakingKeys {
    /// 0: the ``StakingParameters``.
    public static let parameters: [UInt8] = [0]
    /// 1: the ``StakingClock``.
    static let clock: [UInt8] = [1]
    /// 2, role: its ``RoleTerms``.
    public static func terms(of role: Role) -> [UInt8] { [2, role.rawValue] }
    /// 3, role or 0 for all, cause: a ``SlashTerms``.
    public static func slash(_ cause: String, of role: Role?) -> [UInt8] {
        slashes + [role?.rawValue ?? 0] + Array(cause.utf8)
    }
    static let slashes: [UInt8] = [3]
    /// 4, role, account: a ``RoleBond``.
    public static func bond(_ role: Role, _ account: AccountID) -> [UInt8] {
        [bondPrefix, role.rawValue] + account.raw.bytes
    }
    /// 5, role: its ``RoleTotals``.
    public static func totals(of role: Role) -> [UInt8] { [5, role.rawValue] }
    /// 6, role, kind, name: what is bonded in a failure domain.
    static func domain(_ kind: DomainKind, _ name: String, of role: Role) -> [UInt8] {
        [domainPrefix, role.rawValue, kind.rawValue] + Array(name.utf8)
    }
    /// 7, due, role, account: a bond of which a part comes back then.
    static func partDue(_ due: Timestamp, _ role: Role, _ account: AccountID) -> [UInt8] {
        [partPrefix] + bigEndian(due.value) + [role.rawValue] + account.raw.bytes
    }
    /// 8, role, account, statement: a contradiction that was punished.
    static func contradiction(_ role: Role, _ account: AccountID, _ place: Digest) -> [UInt8] {
        [8, role.rawValue] + account.raw.bytes + place.raw.bytes
    }
    /// 9, operator: a ``Pool``.
    public static func pool(_ account: AccountID) -> [UInt8] { [poolPrefix] + account.raw.bytes }
    /// 10, delegator, operator: a ``Delegation``.
    public static func delegation(_ owner: AccountID, _ account: AccountID) -> [UInt8] {
        delegations(of: owner) + account.raw.bytes
    }
    /// 11, delegator, operator: a ``Redelegation``.
    static func redelegation(_ owner: AccountID, _ account: AccountID) -> [UInt8] {
        [redelegationPrefix] + owner.raw.bytes + account.raw.bytes
    }
    /// 12, epoch, number: a ``Withdrawal`` that is paid when that epoch's set is known.
    static func withdrawal(_ epoch: Epoch, _ number: UInt64) -> [UInt8] {
        [withdrawalPrefix] + bigEndian(epoch.value) + bigEndian(number)
    }
    /// 13, operator, epoch: how many millionths its pool lost for that epoch's offence.
    static func loss(of account: AccountID, in epoch: Epoch) -> [UInt8] {
        losses(of: account) + bigEndian(epoch.value)
    }
    /// 14, epoch: the ``EpochStakes``.
    static func stakes(of epoch: Epoch) -> [UInt8] { [14] + bigEndian(epoch.value) }

    static let bondPrefix: UInt8 = 4
    static let domainPrefix: UInt8 = 6
    static let partPrefix: UInt8 = 7
    static let poolPrefix: UInt8 = 9
    static let delegationPrefix: UInt8 = 10
    static let redelegationPrefix: UInt8 = 11
    static let withdrawalPrefix: UInt8 = 12

    static func delegations(of owner: AccountID) -> [UInt8] {
        [delegationPrefix] + owner.raw.bytes
    }
    static func losses(of account: AccountID) -> [UInt8] { [13] + account.raw.bytes }

    static func bigEndian(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }

    /// The account at a place of a key.
    static func account(in key: [UInt8], at offset: Int) -> AccountID {
        guard let raw = Bytes32(key[offset..<offset + Bytes32.count]) else {
            preconditionFailure("a key of this module has an account there")
        }
        return AccountID(raw)
    }

    /// The number of eight bytes at a place of a key.
    static func number(in key: [UInt8], at offset: Int) -> UInt64 {
        key[offset..<offset + 8].reduce(0) { $0 << 8 | UInt64($1) }
    }
}

/// What the module counts for itself.
struct StakingClock: Hashable, Sendable, CanonicalCodable {
    /// The number of the next withdrawal.
    var withdrawals: UInt64 = 0
    /// The count of the next asset of shares.
    var assets: UInt32 = 0
    /// When the chain began.
    var began: Timestamp
    /// Up to when rewards have been released.
    var released: Timestamp

    init(at time: Timestamp) {
        began = time
        released = time
    }

    func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(withdrawals)
        encoder.write(assets)
        encoder.write(began)
        encoder.write(released)
    }

    init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        withdrawals = try decoder.read()
        assets = try decoder.read()
        began = try decoder.read()
        released = try decoder.read()
    }
}

/// What all bonds of one role come to.
public struct RoleTotals: Hashable, Sendable, CanonicalCodable {
    /// How many accounts have a bond that has not come back.
    public internal(set) var count: UInt64
    /// What stands in the native asset.
    public internal(set) var base: Amount
    /// When the present window of offences began.
    public internal(set) var windowStart: Timestamp
    /// What offences took in it.
    public internal(set) var windowSlashed: Amount

    static let none = RoleTotals(
        count: 0, base: .zero, windowStart: Timestamp(0), windowSlashed: .zero)

    init(count: UInt64, base: Amount, windowStart: Timestamp, windowSlashed: Amount) {
        self.count = count
        self.base = base
        self.windowStart = windowStart
        self.windowSlashed = windowSlashed
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(count)
        encoder.write(base)
        encoder.write(windowStart)
        encoder.write(windowSlashed)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        count = try decoder.read()
        base = try decoder.read()
        windowStart = try decoder.read()
        windowSlashed = try decoder.read()
    }
}
