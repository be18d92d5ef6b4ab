// SPDX-License-Identifier: Apache-2.0

/// An integer modulo p = 2^255 - 19, the field of edwards25519, in five limbs of 51 bits.
///
/// A value has many forms; ``isEqual(to:)`` and ``canonicalWords`` see through them. Limbs stay
/// below 2^54, which keeps every product below 2^115: 5 × 19 × 2^54 × 2^54 < 2^114.6. Products and
/// differences come back below 2^52, so two sums may be nested before the next product. Time
/// varies with no value, but only public values are used here.
struct FieldElement {
    // Little-endian: the value is limb0 + 2^51 limb1 + … + 2^204 limb4.
    let limb0: UInt64
    let limb1: UInt64
    let limb2: UInt64
    let limb3: UInt64
    let limb4: UInt64

    static let zero = FieldElement(0, 0, 0, 0, 0)
    static let one = FieldElement(1, 0, 0, 0, 0)

    private static let mask: UInt64 = (1 << 51) - 1

    private init(
        _ limb0: UInt64, _ limb1: UInt64, _ limb2: UInt64, _ limb3: UInt64, _ limb4: UInt64
    ) {
        self.limb0 = limb0
        self.limb1 = limb1
        self.limb2 = limb2
        self.limb3 = limb3
        self.limb4 = limb4
    }

    /// Takes four little-endian words without the highest bit; values from p up count modulo p.
    init(words: [UInt64]) {
        precondition(words.count == 4, "a field element has four words")
        self.init(
            words[0] & Self.mask,
            (words[0] >> 51 | words[1] << 13) & Self.mask,
            (words[1] >> 38 | words[2] << 26) & Self.mask,
            (words[2] >> 25 | words[3] << 39) & Self.mask,
            (words[3] >> 12) & Self.mask)
    }

    /// Whether the form below p is odd: the sign of an x-coordinate (RFC 8032 §5.1.2).
    var isOdd: Bool { canonicalWords[0] & 1 == 1 }

    /// Whether the value is zero modulo p.
    var isZero: Bool { canonicalWords.allSatisfy { $0 == 0 } }

    /// Whether both are the same modulo p.
    func isEqual(to other: FieldElement) -> Bool { canonicalWords == other.canonicalWords }

    /// The one form below p, in four little-endian words.
    ///
    /// Twice carried, limbs are below 2^51 + 2^8, so the value is below 2p; whether adding 19
    /// reaches bit 255 says whether p must be subtracted.
    var canonicalWords: [UInt64] {
        let value = carried.carried
        var carry = (value.limb0 &+ 19) >> 51
        carry = (value.limb1 &+ carry) >> 51
        carry = (value.limb2 &+ carry) >> 51
        carry = (value.limb3 &+ carry) >> 51
        carry = (value.limb4 &+ carry) >> 51
        let first = value.limb0 &+ 19 &* carry
        let second = value.limb1 &+ first >> 51
        let third = value.limb2 &+ second >> 51
        let fourth = value.limb3 &+ third >> 51
        let fifth = value.limb4 &+ fourth >> 51
        let (low0, low1, low2) = (first & Self.mask, second & Self.mask, third & Self.mask)
        let (low3, low4) = (fourth & Self.mask, fifth & Self.mask)
        return [
            low0 | low1 << 51, low1 >> 13 | low2 << 38, low2 >> 26 | low3 << 25,
            low3 >> 39 | low4 << 12,
        ]
    }

    // Moves what exceeds 51 bits of each limb to the next; 2^255 = 19 modulo p.
    private var carried: FieldElement {
        FieldElement(
            limb0 & Self.mask &+ 19 &* (limb4 >> 51),
            limb1 & Self.mask &+ limb0 >> 51,
            limb2 & Self.mask &+ limb1 >> 51,
            limb3 & Self.mask &+ limb2 >> 51,
            limb4 & Self.mask &+ limb3 >> 51)
    }
}

// MARK: - Arithmetic

extension FieldElement {
    static func + (left: FieldElement, right: FieldElement) -> FieldElement {
        FieldElement(
            left.limb0 &+ right.limb0, left.limb1 &+ right.limb1, left.limb2 &+ right.limb2,
            left.limb3 &+ right.limb3, left.limb4 &+ right.limb4)
    }

    /// 16p is added first, so that no limb goes below zero.
    static func - (left: FieldElement, right: FieldElement) -> FieldElement {
        let low: UInt64 = 16 * ((1 << 51) - 19)
        let high: UInt64 = 16 * ((1 << 51) - 1)
        return FieldElement(
            left.limb0 &+ low &- right.limb0, left.limb1 &+ high &- right.limb1,
            left.limb2 &+ high &- right.limb2, left.limb3 &+ high &- right.limb3,
            left.limb4 &+ high &- right.limb4
        ).carried
    }

    static prefix func - (value: FieldElement) -> FieldElement { zero - value }

    static func * (left: FieldElement, right: FieldElement) -> FieldElement {
        let (a0, a1, a2, a3, a4) = left.limbs
        let (b0, b1, b2, b3, b4) = right.limbs
        // Limb products of weight 2^255 and more come back nineteen-fold.
        let (c1, c2, c3, c4) = (19 &* b1, 19 &* b2, 19 &* b3, 19 &* b4)
        return FieldElement(
            carrying: sum(a0, b0, a1, c4, a2, c3, a3, c2, a4, c1),
            sum(a0, b1, a1, b0, a2, c4, a3, c3, a4, c2),
            sum(a0, b2, a1, b1, a2, b0, a3, c4, a4, c3),
            sum(a0, b3, a1, b2, a2, b1, a3, b0, a4, c4),
            sum(a0, b4, a1, b3, a2, b2, a3, b1, a4, b0))
    }

    /// The square: 15 limb products instead of 25.
    var squared: FieldElement {
        let (a0, a1, a2, a3, a4) = limbs
        let (d0, d1, d2) = (2 &* a0, 2 &* a1, 2 &* a2)
        let (c3, c4) = (19 &* a3, 19 &* a4)
        return FieldElement(
            carrying: Self.sum(a0, a0, d1, c4, d2, c3),
            Self.sum(d0, a1, d2, c4, a3, c3),
            Self.sum(d0, a2, a1, a1, 2 &* a3, c4),
            Self.sum(d0, a3, d1, a2, a4, c4),
            Self.sum(d0, a4, d1, a3, a2, a2))
    }

    /// Squared `count` times.
    func squared(times count: Int) -> FieldElement {
        var value = self
        for _ in 0..<count { value = value.squared }
        return value
    }

    private var limbs: (UInt64, UInt64, UInt64, UInt64, UInt64) {
        (limb0, limb1, limb2, limb3, limb4)
    }

    private static func sum(
        _ a: UInt64, _ b: UInt64, _ c: UInt64, _ d: UInt64, _ e: UInt64, _ f: UInt64
    ) -> UInt128 {
        product(a, b) &+ product(c, d) &+ product(e, f)
    }

    private static func sum(
        _ a: UInt64, _ b: UInt64, _ c: UInt64, _ d: UInt64, _ e: UInt64, _ f: UInt64,
        _ g: UInt64, _ h: UInt64, _ i: UInt64, _ j: UInt64
    ) -> UInt128 {
        sum(a, b, c, d, e, f) &+ product(g, h) &+ product(i, j)
    }

    private static func product(_ left: UInt64, _ right: UInt64) -> UInt128 {
        UInt128(truncatingIfNeeded: left) &* UInt128(truncatingIfNeeded: right)
    }

    // Carries five wide limbs, each below 2^115, into narrow ones below 2^52.
    private init(
        carrying wide0: UInt128, _ wide1: UInt128, _ wide2: UInt128, _ wide3: UInt128,
        _ wide4: UInt128
    ) {
        let second = wide1 &+ wide0 &>> 51
        let third = wide2 &+ second &>> 51
        let fourth = wide3 &+ third &>> 51
        let fifth = wide4 &+ fourth &>> 51
        let over = UInt64(truncatingIfNeeded: fifth &>> 51)
        let first = UInt64(truncatingIfNeeded: wide0) & Self.mask &+ 19 &* over
        self.init(
            first & Self.mask,
            UInt64(truncatingIfNeeded: second) & Self.mask &+ first >> 51,
            UInt64(truncatingIfNeeded: third) & Self.mask,
            UInt64(truncatingIfNeeded: fourth) & Self.mask,
            UInt64(truncatingIfNeeded: fifth) & Self.mask)
    }
}

// MARK: - Roots

extension FieldElement {
    /// A square root of -1: 2^((p-1)/4).
    static let rootOfMinusOne = two.power252 * two.power252 * two
    private static let two = one + one

    /// A square root of `numerator / denominator`, or nothing when the ratio is not a square.
    ///
    /// With u the numerator and v the denominator, u v^3 (u v^7)^((p-5)/8) is a root of ± u/v or
    /// of ± u/v √-1 (RFC 8032 §5.1.3, steps 2 and 3). The denominator is not zero.
    static func root(of numerator: FieldElement, over denominator: FieldElement) -> FieldElement? {
        let cubed = denominator.squared * denominator
        let seventh = cubed.squared * denominator
        let candidate = numerator * cubed * (numerator * seventh).power252
        let check = denominator * candidate.squared
        if check.isEqual(to: numerator) { return candidate }
        guard check.isEqual(to: -numerator) else { return nil }
        return candidate * rootOfMinusOne
    }

    /// This to the power of (p-5)/8 = 2^252 - 3.
    private var power252: FieldElement {
        // `ones(n)` is this to the power of 2^n - 1, n ones in binary.
        let ones2 = squared * self
        let ones4 = ones2.squared(times: 2) * ones2
        let ones5 = ones4.squared * self
        let ones10 = ones5.squared(times: 5) * ones5
        let ones20 = ones10.squared(times: 10) * ones10
        let ones25 = ones20.squared(times: 5) * ones5
        let ones50 = ones25.squared(times: 25) * ones25
        let ones100 = ones50.squared(times: 50) * ones50
        let ones200 = ones100.squared(times: 100) * ones100
        let ones250 = ones200.squared(times: 50) * ones50
        return ones250.squared(times: 2) * self
    }
}
