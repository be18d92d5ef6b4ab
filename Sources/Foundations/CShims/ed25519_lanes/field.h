// SPDX-License-Identifier: Apache-2.0
// Eight integers modulo p = 2^255 - 19 at a time, in five limbs of 51 bits.
//
// vpmadd52luq and vpmadd52huq multiply the low 52 bits of two words and add the low or the high 52
// bits of the product to a third. Hence the two forms and their bounds, on which all else rests:
//
//   narrow (field): every limb is below 2^52, so that a multiplication sees all of it.
//   wide: a sum not carried yet; a product's limbs are below 267 * 2^52 < 2^61 (see folded()).
//
// carried() takes any 64-bit limbs and leaves limbs below 2^51 + 2^18: it is the only way from wide
// to narrow, and "carried" below means a value that came from it. No function here has a branch or
// an address that varies with a value, though all values are public.
#pragma once
#include "lanes.h"

/// Eight field elements; the value of a lane is limb[0] + 2^51 limb[1] + ... + 2^204 limb[4].
typedef struct { words limb[5]; } field;

/// The same weights with limbs up to 64 bits.
typedef struct { words limb[5]; } wide;

enum { LIMB_BITS = 51 };
#define LIMB_MASK ((UINT64_C(1) << LIMB_BITS) - 1)

LANES_STEP field field_constant(const uint64_t limb[5]) {
    return (field){{same(limb[0]), same(limb[1]), same(limb[2]), same(limb[3]), same(limb[4])}};
}

LANES_STEP field field_small(uint64_t value) {
    return field_constant((const uint64_t[5]){value, 0, 0, 0, 0});
}

/// d = -121665/121666 modulo p (RFC 8032, 5.1).
LANES_STEP field curve_d(void) {
    return field_constant((const uint64_t[5]){
        0x34dca135978a3, 0x1a8283b156ebd, 0x5e7a26001c029, 0x739c663a03cbb, 0x52036cee2b6ff});
}

/// 2d modulo p.
LANES_STEP field curve_twice_d(void) {
    return field_constant((const uint64_t[5]){
        0x69b9426b2f159, 0x35050762add7a, 0x3cf44c0038052, 0x6738cc7407977, 0x2406d9dc56dff});
}

/// A square root of -1: 2^((p-1)/4).
LANES_STEP field root_of_minus_one(void) {
    return field_constant((const uint64_t[5]){
        0x61b274a0ea0b0, 0xd5a5fc8f189d, 0x7ef5e9cbd0c60, 0x78595a6804c9e, 0x2b8324804fc1d});
}

// MARK: - Between the forms

LANES_STEP wide widened(field a) {
    return (wide){{a.limb[0], a.limb[1], a.limb[2], a.limb[3], a.limb[4]}};
}

/// Moves what exceeds 51 bits of each limb to the next; 2^255 = 19 modulo p.
///
/// The carries are below 2^13, so limb 0 ends below 2^51 + 19 * 2^13 < 2^51 + 2^18 and the others
/// below 2^51 + 2^13.
LANES_STEP field carried(wide a) {
    const words mask = same(LIMB_MASK), nineteen = same(19);
    words carry[5];
    field result;
    for (int i = 0; i < 5; i++) carry[i] = _mm512_srli_epi64(a.limb[i], LIMB_BITS);
    result.limb[0] =
        _mm512_madd52lo_epu64(_mm512_and_si512(a.limb[0], mask), carry[4], nineteen);
    for (int i = 1; i < 5; i++)
        result.limb[i] = _mm512_add_epi64(_mm512_and_si512(a.limb[i], mask), carry[i - 1]);
    return result;
}

LANES_STEP wide sum(wide a, wide b) {
    for (int i = 0; i < 5; i++) a.limb[i] = _mm512_add_epi64(a.limb[i], b.limb[i]);
    return a;
}

/// a - b + 2^10 p, for a `b` that is a product (or narrow): 2^10 p has limbs of at least
/// 2^61 - 19 * 2^10 > 267 * 2^52, so no limb goes below zero. The result is below `a` + 2^61.
LANES_STEP wide difference(wide a, wide b) {
    const words low = same((LIMB_MASK - 18) << 10), high = same(LIMB_MASK << 10);
    for (int i = 0; i < 5; i++) {
        words raised = _mm512_add_epi64(a.limb[i], i == 0 ? low : high);
        a.limb[i] = _mm512_sub_epi64(raised, b.limb[i]);
    }
    return a;
}

LANES_STEP field field_sum(field a, field b) { return carried(sum(widened(a), widened(b))); }

LANES_STEP field field_difference(field a, field b) {
    return carried(difference(widened(a), widened(b)));
}

/// -a for carried `a`, without a carry: 2p has limbs of 2^52 - 38 and 2^52 - 2, which are above
/// those of `a`, and what is left is below 2^52, hence narrow.
LANES_STEP field narrow_negative(field a) {
    const words low = same((LIMB_MASK - 18) << 1), high = same(LIMB_MASK << 1);
    field result;
    for (int i = 0; i < 5; i++)
        result.limb[i] = _mm512_sub_epi64(i == 0 ? low : high, a.limb[i]);
    return result;
}

/// `yes` in the lanes of the set, `no` in the others.
LANES_STEP field choose(lane_set set, field yes, field no) {
    for (int i = 0; i < 5; i++)
        no.limb[i] = _mm512_mask_mov_epi64(no.limb[i], set, yes.limb[i]);
    return no;
}

// MARK: - Products

LANES_STEP words times_19(words a) {
    words seventeen = _mm512_add_epi64(_mm512_slli_epi64(a, 4), a);
    return _mm512_add_epi64(seventeen, _mm512_slli_epi64(a, 1));
}

/// Joins low and high halves of limb products and folds weights of 2^255 and more nineteen-fold.
///
/// low[k] has weight 2^(51 k) and high[k] weight 2^(51 k + 52): twice that of low[k + 1]. With n(k)
/// products meeting at k (1 2 3 4 5 4 3 2 1) and every half below 2^52, the joined limb k is below
/// (n(k) + 2 n(k-1)) 2^52. Limb 0 ends largest: 1 + 19 * (4 + 2 * 5) = 267 times 2^52.
LANES_STEP wide folded(const words low[9], const words high[9]) {
    words joined[10];
    joined[0] = low[0];
    for (int k = 1; k < 9; k++)
        joined[k] = _mm512_add_epi64(low[k], _mm512_slli_epi64(high[k - 1], 1));
    joined[9] = _mm512_slli_epi64(high[8], 1);
    wide result;
    for (int k = 0; k < 5; k++)
        result.limb[k] = _mm512_add_epi64(joined[k], times_19(joined[k + 5]));
    return result;
}

/// a b, of narrow factors.
LANES_STEP wide product(field a, field b) {
    words low[9], high[9];
    for (int k = 0; k < 9; k++) low[k] = high[k] = _mm512_setzero_si512();
#pragma clang loop unroll(full)
    for (int i = 0; i < 5; i++)
#pragma clang loop unroll(full)
        for (int j = 0; j < 5; j++) {
            low[i + j] = _mm512_madd52lo_epu64(low[i + j], a.limb[i], b.limb[j]);
            high[i + j] = _mm512_madd52hi_epu64(high[i + j], a.limb[i], b.limb[j]);
        }
    return folded(low, high);
}

/// a^2: 15 limb products instead of 25. The halves sum to the same as in product().
LANES_STEP wide square(field a) {
    words low[9], high[9];
    for (int k = 0; k < 9; k++) low[k] = high[k] = _mm512_setzero_si512();
#pragma clang loop unroll(full)
    for (int i = 0; i < 5; i++)
#pragma clang loop unroll(full)
        for (int j = i + 1; j < 5; j++) {
            low[i + j] = _mm512_madd52lo_epu64(low[i + j], a.limb[i], a.limb[j]);
            high[i + j] = _mm512_madd52hi_epu64(high[i + j], a.limb[i], a.limb[j]);
        }
    for (int k = 1; k < 8; k++) {
        low[k] = _mm512_add_epi64(low[k], low[k]);
        high[k] = _mm512_add_epi64(high[k], high[k]);
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < 5; i++) {
        low[2 * i] = _mm512_madd52lo_epu64(low[2 * i], a.limb[i], a.limb[i]);
        high[2 * i] = _mm512_madd52hi_epu64(high[2 * i], a.limb[i], a.limb[i]);
    }
    return folded(low, high);
}

LANES_STEP field field_product(field a, field b) { return carried(product(a, b)); }

LANES_STEP field field_square(field a) { return carried(square(a)); }

// MARK: - Questions

/// The one form below p.
///
/// Twice carried, a narrow value has limbs below 2^51 + 19 and is below 2p; whether adding 19
/// reaches bit 255 says whether p must be subtracted, which is adding 19 and dropping bit 255.
LANES_STEP field canonical(field a) {
    const words mask = same(LIMB_MASK);
    a = carried(widened(carried(widened(a))));
    words carry = same(19);
    for (int i = 0; i < 5; i++)
        carry = _mm512_srli_epi64(_mm512_add_epi64(a.limb[i], carry), LIMB_BITS);
    carry = times_19(carry);
    for (int i = 0; i < 5; i++) {
        words limb = _mm512_add_epi64(a.limb[i], carry);
        carry = _mm512_srli_epi64(limb, LIMB_BITS);
        a.limb[i] = _mm512_and_si512(limb, mask);
    }
    return a;
}

/// The lanes whose value is zero modulo p.
LANES_STEP lane_set is_zero(field a) {
    a = canonical(a);
    words any = a.limb[0];
    for (int i = 1; i < 5; i++) any = _mm512_or_si512(any, a.limb[i]);
    return _mm512_testn_epi64_mask(any, any);
}

/// The lanes whose form below p is odd: the sign of an x-coordinate (RFC 8032, 5.1.2).
LANES_STEP lane_set is_odd(field a) {
    return _mm512_test_epi64_mask(canonical(a).limb[0], same(1));
}

/// Reads the low 255 bits of four little-endian words a lane; values from p up count modulo p.
LANES_STEP field field_from_words(const words word[4]) {
    const words mask = same(LIMB_MASK);
    field result;
    result.limb[0] = word[0];
    for (int i = 1; i < 4; i++)
        result.limb[i] = _mm512_or_si512(
            _mm512_srli_epi64(word[i - 1], (unsigned)(64 - 13 * i)),
            _mm512_slli_epi64(word[i], (unsigned)(13 * i)));
    result.limb[4] = _mm512_srli_epi64(word[3], 12);
    for (int i = 0; i < 5; i++) result.limb[i] = _mm512_and_si512(result.limb[i], mask);
    return result;
}
