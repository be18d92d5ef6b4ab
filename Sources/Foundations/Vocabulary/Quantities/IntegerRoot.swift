// SPDX-License-Identifier: Apache-2.0

extension UInt128 {
    /// The largest whole number whose square is at most this one.
    ///
    /// Exact for every value; at most 64 steps, one for each bit of the result.
    public var squareRoot: UInt128 {
        var rest = self
        var root: UInt128 = 0
        var bit: UInt128 = 1 << 126
        while bit > rest { bit >>= 2 }
        while bit > 0 {
            if rest >= root + bit {
                rest -= root + bit
                root = (root >> 1) + bit
            } else {
                root >>= 1
            }
            bit >>= 2
        }
        return root
    }
}
