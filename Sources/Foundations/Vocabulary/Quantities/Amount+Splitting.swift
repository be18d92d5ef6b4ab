// SPDX-License-Identifier: Apache-2.0

extension Amount {
    /// Divides this among weights without losing or making a base unit: everybody gets the whole
    /// part of a proportional share, and what is left goes, one base unit each, to the largest
    /// remainders; of equal remainders, to the earlier weight.
    ///
    /// - Returns: One amount for each weight, in their order, which add up to this; nothing when
    ///   the weights add up to zero or to more than 128 bits. Cost: a sort of the weights.
    public func split(by weights: [UInt128]) -> [Amount]? {
        var total: UInt128 = 0
        for weight in weights {
            let (sum, overflow) = total.addingReportingOverflow(weight)
            guard !overflow else { return nil }
            total = sum
        }
        guard total > 0 else { return nil }
        var left = units
        var shares: [UInt128] = []
        var remainders: [(part: UInt128, index: Int)] = []
        for (index, weight) in weights.enumerated() {
            // A weight is at most the total, so the quotient is at most `units`.
            let product = units.multipliedFullWidth(by: weight)
            if weight == total {
                shares.append(units)
                remainders.append((0, index))
            } else {
                let (quotient, remainder) = total.dividingFullWidth(product)
                shares.append(quotient)
                remainders.append((remainder, index))
            }
            left -= shares[index]
        }
        remainders.sort { $0.part == $1.part ? $0.index < $1.index : $0.part > $1.part }
        // Fewer units are left than there are remainders above zero.
        for entry in remainders.prefix(Int(left)) { shares[entry.index] += 1 }
        return shares.map(Amount.init)
    }
}
