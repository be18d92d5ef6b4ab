// SPDX-License-Identifier: Apache-2.0
import Ledger
public import Vocabulary

/// What the module stores, under which keys. Numbers in keys are big-endian, so keys sort by them.
public enum ValidatorsKeys {
    /// 0: the ``ValidatorsParameters``.
    public static let parameters: [UInt8] = [0]
    /// 1: the ``NextSet``: what a light client reads under an epoch's last header (VALIDATORS-8).
    public static let nextSet: [UInt8] = [1]
    /// 2, account: a ``ValidatorMember``.
    public static func member(_ account: AccountID) -> [UInt8] {
        [memberPrefix] + account.raw.bytes
    }
    /// 3, key: the account that first used this consensus key; it stays its for ever.
    public static func keyOwner(_ key: PublicKey) -> [UInt8] { [3] + key.raw.bytes }
    /// 4, epoch: the ``EpochSeats`` of an epoch whose offences can still be punished.
    public static func seats(of epoch: Epoch) -> [UInt8] {
        [seatsPrefix] + bigEndian(epoch.value)
    }
    /// 5, epoch, account: the ``OffenceRecord`` of that epoch.
    public static func offence(of account: AccountID, in epoch: Epoch) -> [UInt8] {
        offences(of: epoch) + account.raw.bytes
    }

    static let memberPrefix: UInt8 = 2
    static let seatsPrefix: UInt8 = 4
    static let rankPrefix: UInt8 = 6
    static let payoutPrefix: UInt8 = 7

    /// 8: the ``DowntimeTerms``, where the genesis names them.
    public static let downtime: [UInt8] = [8]
    /// 9: how many blocks were proposed since the last cut; followed by a key, how many by it.
    static let turns: [UInt8] = [9]
    static func turns(of key: PublicKey) -> [UInt8] { turns + key.raw.bytes }
    /// 10, epoch, account: the ``OffenceRecord`` of having been away in that epoch.
    public static func absence(of account: AccountID, in epoch: Epoch) -> [UInt8] {
        absences(of: epoch) + account.raw.bytes
    }

    static func absences(of epoch: Epoch) -> [UInt8] { [10] + bigEndian(epoch.value) }

    static func offences(of epoch: Epoch) -> [UInt8] { [5] + bigEndian(epoch.value) }

    /// 6, the stake's complement, account: so that the largest stake comes first, and of equal
    /// stakes the smaller account.
    static func rank(_ stake: Amount, _ account: AccountID) -> [UInt8] {
        [rankPrefix] + bigEndian(~stake.units) + account.raw.bytes
    }

    /// 7, epoch, account: a stake to be paid back when that epoch's set is chosen.
    static func payout(_ epoch: Epoch, _ account: AccountID) -> [UInt8] {
        [payoutPrefix] + bigEndian(epoch.value) + account.raw.bytes
    }

    /// The account that a ranking or payout key ends with.
    static func account(endOf key: [UInt8]) -> AccountID {
        guard let raw = Bytes32(key.suffix(Bytes32.count)) else {
            preconditionFailure("a key of this module ends with an account")
        }
        return AccountID(raw)
    }

    static func bigEndian(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }
}
