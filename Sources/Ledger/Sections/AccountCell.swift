// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// One balance of one account in section 1, and of the native asset its nonce too.
struct AccountCell {
    let account: AccountID
    let asset: AssetID
    /// What there was at the start of the cut.
    let start: UInt128
    /// What of it has not been spent.
    var left: UInt128
    /// What came in; nobody spends it in this section.
    var credited: UInt128 = 0
    /// The next nonce at the start, once it was asked for.
    var nonceStart: UInt64?
    /// The next nonce.
    var nonce: UInt64 = 0
    /// Whether a transaction of this sender is in section 2, and with it all that come after.
    var isSerial = false

    init(account: AccountID, asset: AssetID, start: UInt128) {
        self.account = account
        self.asset = asset
        self.start = start
        left = start
    }

    /// What there is at the end of the section.
    ///
    /// Section 1 mints nothing, so that no sum of balances exceeds what genesis gave.
    var balance: UInt128 {
        let (sum, overflow) = left.addingReportingOverflow(credited)
        precondition(!overflow, "a balance exceeds all that exists")
        return sum
    }

    /// Makes a later balance the final one.
    mutating func settle(_ balance: UInt128) { (left, credited) = (balance, 0) }
}

/// Cells by account and asset, in the order they came: open addressing, no allocation for a cell.
struct CellTable {
    private(set) var cells: [AccountCell] = []
    // The hash in the upper half, the cell's number from 1 below it; 0 is an empty slot.
    private var slots = [UInt64](repeating: 0, count: 64)
    private var hashes: [UInt32] = []

    /// A hash of an account, for cells and for choosing a shard.
    static func hash(_ account: AccountID) -> UInt64 {
        account.raw.withUnsafeBytes { ByteHash.hash($0) }
    }

    func find(_ account: AccountID, _ asset: AssetID, hash: UInt64) -> Int? {
        let mixed = Self.mixed(hash, asset)
        let mask = slots.count - 1
        var slot = Int(mixed) & mask
        while slots[slot] != 0 {
            let found = slots[slot]
            if UInt32(truncatingIfNeeded: found >> 32) == mixed {
                let index = Int(UInt32(truncatingIfNeeded: found)) - 1
                if cells[index].account == account, cells[index].asset == asset { return index }
            }
            slot = (slot + 1) & mask
        }
        return nil
    }

    mutating func insert(_ cell: AccountCell, hash: UInt64) -> Int {
        if (cells.count + 1) * 2 > slots.count { grow() }
        cells.append(cell)
        hashes.append(Self.mixed(hash, cell.asset))
        place(cells.count - 1)
        return cells.count - 1
    }

    mutating func change<Result>(
        at index: Int, _ body: (inout AccountCell) -> Result
    ) -> Result { body(&cells[index]) }

    private static func mixed(_ hash: UInt64, _ asset: AssetID) -> UInt32 {
        UInt32(truncatingIfNeeded: (hash &+ asset.value &* 0x9e37_79b9_7f4a_7c15) >> 16)
    }

    private mutating func place(_ index: Int) {
        let mask = slots.count - 1
        var slot = Int(hashes[index]) & mask
        while slots[slot] != 0 { slot = (slot + 1) & mask }
        slots[slot] = UInt64(hashes[index]) << 32 | UInt64(index + 1)
    }

    private mutating func grow() {
        slots = [UInt64](repeating: 0, count: slots.count * 2)
        for index in cells.indices { place(index) }
    }
}
