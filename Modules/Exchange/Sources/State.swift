// SPDX-License-Identifier: Apache-2.0
import Ledger
public import Vocabulary

/// What the module stores, under which keys. Numbers in keys are big-endian, so keys sort by them.
public enum ExchangeKeys {
    /// 0: the ``ExchangeParameters``.
    static let parameters: [UInt8] = [0]
    /// 1: the number of the next pool.
    static let counter: [UInt8] = [1]
    /// 2, pool: a ``LiquidityPool``.
    public static func pool(_ number: UInt64) -> [UInt8] { [poolPrefix] + bigEndian(number) }
    /// 3, first asset, second asset, fee: the number of the pool that trades them.
    public static func pair(_ first: AssetID, _ second: AssetID, fee: UInt64) -> [UInt8] {
        [3] + bigEndian(first.value) + bigEndian(second.value) + bigEndian(fee)
    }
    /// 4, pool, account: a ``LiquidityLock``.
    public static func lock(_ pool: UInt64, _ account: AccountID) -> [UInt8] {
        [lockPrefix] + bigEndian(pool) + account.raw.bytes
    }
    /// 5, asset: a ``RoleWindow``.
    public static func window(_ asset: AssetID) -> [UInt8] {
        [windowPrefix] + bigEndian(asset.value)
    }
    /// 6: the ``Emission``.
    public static let emission: [UInt8] = [6]

    static let poolPrefix: UInt8 = 2
    static let lockPrefix: UInt8 = 4
    static let windowPrefix: UInt8 = 5

    static func bigEndian(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }

    /// The number of eight bytes at a place of a key.
    static func number(in key: [UInt8], at offset: Int) -> UInt64 {
        key[offset..<offset + 8].reduce(0) { $0 << 8 | UInt64($1) }
    }
}
