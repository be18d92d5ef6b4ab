// SPDX-License-Identifier: Apache-2.0

/// A set of places in a validator set, or of lanes, in two words.
struct ValidatorMask: Hashable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    var isEmpty: Bool { low | high == 0 }

    /// Whether `index`, which is below 128, is in the set.
    func contains(_ index: Int) -> Bool {
        index < 64 ? low >> UInt64(index) & 1 == 1 : high >> UInt64(index - 64) & 1 == 1
    }

    /// Adds `index`, which is below 128; false when it was there.
    @discardableResult
    mutating func insert(_ index: Int) -> Bool {
        guard !contains(index) else { return false }
        if index < 64 { low |= 1 << UInt64(index) } else { high |= 1 << UInt64(index - 64) }
        return true
    }

    mutating func remove(_ index: Int) {
        if index < 64 { low &= ~(1 << UInt64(index)) } else { high &= ~(1 << UInt64(index - 64)) }
    }

    /// Takes the lowest place out.
    mutating func removeFirst() -> Int? {
        if low != 0 {
            defer { low &= low - 1 }
            return low.trailingZeroBitCount
        }
        guard high != 0 else { return nil }
        defer { high &= high - 1 }
        return 64 + high.trailingZeroBitCount
    }

    /// The places, rising.
    var indices: [Int] {
        var rest = self
        var list: [Int] = []
        while let index = rest.removeFirst() { list.append(index) }
        return list
    }
}
