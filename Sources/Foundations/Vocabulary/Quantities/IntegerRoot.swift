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

    /// The largest whole number whose square is at most the product of two; the product is held in
    /// 256 bits.
    ///
    /// Exact for every value; 128 steps, one for each bit of the result.
    public static func squareRoot(of left: UInt128, times right: UInt128) -> UInt128 {
        let product = left.multipliedFullWidth(by: right)
        var root: UInt128 = 0
        var bit: UInt128 = 1 << 127
        while bit > 0 {
            let wider = root | bit
            let square = wider.multipliedFullWidth(by: wider)
            let fits =
                square.high == product.high
                ? square.low <= product.low : square.high < product.high
            if fits { root = wider }
            bit >>= 1
        }
        return root
    }
}
