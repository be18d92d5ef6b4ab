// SPDX-License-Identifier: Apache-2.0
import Ledger

/// Why this module says no; raw values are stable codes.
public enum StakingRefusal: UInt16, CaseIterable, Sendable {
    /// The payload is not a message.
    case malformedMessage = 1
    /// The role has no row on this chain.
    case roleClosed = 2
    /// The account has no bond for this role.
    case unknownBond = 3
    /// The account has a bond for this role already.
    case alreadyBonded = 4
    /// An offence ended this role for the account for ever.
    case banned = 5
    /// The amount, or what would be left, is below the least.
    case amountTooSmall = 6
    /// The amount is above what is there.
    case amountTooLarge = 7
    /// The role has no second asset.
    case noSecondAsset = 8
    /// The status does not allow this.
    case wrongStatus = 9
    /// The time for this has not come.
    case tooEarly = 10
    /// The lock has not ended.
    case locked = 11
    /// There is no such lock, or it is shorter than the present one.
    case badLock = 12
    /// The failure domain is not well written.
    case badDomain = 13
    /// Too many parts come back already.
    case tooManyParts = 14
    /// The statements contradict nothing.
    case noOffence = 15
    /// The contradiction has been punished.
    case alreadyPunished = 16
    /// The account is no validator.
    case unknownOperator = 17
    /// The validator takes no new stake now.
    case operatorClosed = 18
    /// Nothing is delegated there.
    case unknownDelegation = 19
    /// The pool has lost everything; its shares are worth nothing.
    case poolRuined = 20
    /// The pool's shares are too coarse for this amount.
    case roundingTooLarge = 21
    /// The shares came from another operator and answer for it until they ripen.
    case unripe = 22
    /// Both operators are the same.
    case sameOperator = 23
    /// The commission is above the most, or rises by more than a step.
    case badCommission = 24
    /// The commission changed not long ago, or a rise is announced already.
    case commissionTooSoon = 25
    /// There is nothing to claim.
    case nothingToClaim = 26
    /// The pool has no shares as an asset.
    case notLiquid = 27
    /// No row says what this offence costs.
    case unknownCause = 28

    /// The stable name people and programs see.
    public var name: String { "\(self)" }
}

extension Refusal {
    static func staking(_ reason: StakingRefusal, _ detail: String) -> Refusal {
        Refusal(module: .staking, code: reason.rawValue, name: reason.name, detail: detail)
    }
}
