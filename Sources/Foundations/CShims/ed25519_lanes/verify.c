// SPDX-License-Identifier: Apache-2.0
// Whether [8]([S]B - [k]A - R) is the neutral element, for eight signatures at a time.
#include "../include/ed25519_lanes.h"
#if defined(__x86_64__)
#include "base.h"
#include "decode.h"
#include "scalar.h"
#include "sha512.h"
#include <string.h>

enum { KEY_AT = 0, POINT_AT = 32, SCALAR_AT = 64, MULTIPLES = 8 };

// A scalar a lane, in four little-endian words.
typedef struct { words word[4]; } scalar;

// S of each lane, or zero where it is not below L; returns the lanes where it is (CRYPTO-2).
LANES_STEP lane_set load_scalars(const uint8_t *claims, scalar *result) {
    uint64_t word[4][8];
    lane_set are_below = 0;
    for (int lane = 0; lane < 8; lane++) {
        uint64_t number[4];
        memcpy(number, claims + lane * ATOLL_ED25519_CLAIM_BYTES + SCALAR_AT, sizeof number);
        bool is_below = lanes_is_below_order(number);
        are_below |= (lane_set)(is_below << lane);
        for (int i = 0; i < 4; i++) word[i][lane] = is_below ? number[i] : 0;
    }
    for (int i = 0; i < 4; i++) result->word[i] = load_words(word[i]);
    return are_below;
}

// k = SHA-512(R, A, M) modulo L of each lane, over the encodings as they came (CRYPTO-2).
LANES_PART static scalar challenges(
    const uint8_t *claims, const uint8_t *messages, const size_t counts[8]) {
    uint8_t head[8][64];
    text texts[8];
    for (int lane = 0; lane < 8; lane++) {
        const uint8_t *claim = claims + lane * ATOLL_ED25519_CLAIM_BYTES;
        memcpy(head[lane], claim + POINT_AT, 32);
        memcpy(head[lane] + 32, claim + KEY_AT, 32);
        texts[lane] = (text){head[lane], messages, counts[lane]};
        messages += counts[lane];
    }
    uint64_t hash[8][8], word[4][8];
    lanes_sha512(texts, hash);
    for (int lane = 0; lane < 8; lane++) {
        uint64_t number[8], remainder[4];
        for (int i = 0; i < 8; i++) number[i] = __builtin_bswap64(hash[i][lane]);
        lanes_reduce(number, remainder);
        for (int i = 0; i < 4; i++) word[i][lane] = remainder[i];
    }
    return (scalar){
        {load_words(word[0]), load_words(word[1]), load_words(word[2]), load_words(word[3])}};
}

// MARK: - Digits

// Adds `half` to every digit of a scalar below 2^253, so that digit minus half is signed: the sum
// of the new digits less `half` each is the scalar. No carry leaves the top, for
// 2^253 + 0x8888...88 < 2^256.
LANES_STEP scalar raised(scalar a, uint64_t half_of_each_digit) {
    const words half = same(half_of_each_digit);
    lane_set carry = 0;
    for (int i = 0; i < 4; i++) {
        words plain = _mm512_add_epi64(a.word[i], half);
        lane_set over = _mm512_cmplt_epu64_mask(plain, half);
        a.word[i] = _mm512_mask_add_epi64(plain, carry, plain, same(1));
        // Only a word of all ones overflows by the carry, and then not by the half as well.
        carry = over | (carry & _mm512_testn_epi64_mask(a.word[i], a.word[i]));
    }
    return a;
}

// Digit `index` of a raised scalar, signed: -2^(bits-1) to 2^(bits-1) - 1.
LANES_STEP words signed_digit(const scalar *a, int index, int bits) {
    const int place = index * bits;
    words digit = _mm512_srli_epi64(a->word[place >> 6], (unsigned)(place & 63));
    digit = _mm512_and_si512(digit, same((UINT64_C(1) << bits) - 1));
    return _mm512_sub_epi64(digit, same(UINT64_C(1) << (bits - 1)));
}

// MARK: - Multiples of A

// 1 to 8 times a point.
typedef struct { prepared multiple[MULTIPLES]; } multiples;

// Even multiples by doubling, odd ones by adding the point to the even one before.
LANES_PART static void prepare_multiples(point a, multiples *to) {
    point running[MULTIPLES + 1];
    running[1] = a;
    to->multiple[0] = prepare(a);
    for (int n = 2; n <= MULTIPLES; n++) {
        running[n] = n % 2 == 0
            ? extended(doubled(without_t(running[n / 2])))
            : extended(added_prepared(running[n - 1], to->multiple[0]));
        to->multiple[n - 1] = prepare(running[n]);
    }
}

LANES_STEP prepared choose_prepared(lane_set set, prepared yes, prepared no) {
    return (prepared){
        choose(set, yes.sum, no.sum), choose(set, yes.difference, no.difference),
        choose(set, yes.twice_z, no.twice_z), choose(set, yes.scaled_t, no.scaled_t)};
}

// The multiple each lane's digit names, -8 to 8. A pass over all eight with masked moves takes less
// time than gathering twenty limbs from eight places.
LANES_STEP prepared select_multiple(const multiples *of, words digit) {
    const words magnitude = _mm512_abs_epi64(digit);
    // The neutral element: Y + X = Y - X = Z = 1.
    prepared result = {field_small(1), field_small(1), field_small(2), field_small(0)};
    for (int n = 0; n < MULTIPLES; n++)
        result = choose_prepared(
            _mm512_cmpeq_epi64_mask(magnitude, same((uint64_t)n + 1)), of->multiple[n], result);
    return turned(_mm512_movepi64_mask(digit), result);
}

// MARK: - The sum

// 16 times what a step gave, with T.
LANES_PART static void double_four_times(completed *step, point *result) {
    for (int i = 0; i < 4; i++) *step = doubled(projected(*step));
    *result = extended(*step);
}

LANES_PART static void add_multiple(point *a, const multiples *of, words digit, completed *step) {
    *step = added_prepared(*a, select_multiple(of, digit));
}

LANES_PART static void add_base_multiple(completed *step, words digit) {
    prepared multiple = turned(_mm512_movepi64_mask(digit), base_select(_mm512_abs_epi64(digit)));
    *step = added_affine(extended(*step), multiple);
}

// [s]B + [k]A by shared doublings (Straus): digits of four bits for A, of eight for B.
LANES_PART static point double_scalar_product(scalar s, scalar k, point a) {
    multiples of_a;
    prepare_multiples(a, &of_a);
    s = raised(s, 0x8080808080808080);
    k = raised(k, 0x8888888888888888);
    completed step = {field_small(0), field_small(1), field_small(1), field_small(1)};
    point running;
    for (int index = 31; index >= 0; index--) {
        double_four_times(&step, &running);
        add_multiple(&running, &of_a, signed_digit(&k, 2 * index + 1, 4), &step);
        double_four_times(&step, &running);
        add_multiple(&running, &of_a, signed_digit(&k, 2 * index, 4), &step);
        add_base_multiple(&step, signed_digit(&s, index, 8));
    }
    return extended(step);
}

// The lanes in which [8](sum - r) is the neutral element.
LANES_PART static lane_set is_equal_up_to_cofactor(point sum, point r) {
    completed step = added_affine(sum, prepare(minus(r)));
    for (int i = 0; i < 3; i++) step = doubled(projected(step));
    return is_identity(projected(step));
}

LANES_TARGET uint8_t atoll_ed25519_lanes_verify(
    const uint8_t *claims, const uint8_t *messages, const size_t message_counts[8]) {
    scalar s;
    lane_set accepted = load_scalars(claims, &s);
    const scalar k = challenges(claims, messages, message_counts);
    const encoding encodings[2] = {
        load_encodings(claims + KEY_AT, ATOLL_ED25519_CLAIM_BYTES),
        load_encodings(claims + POINT_AT, ATOLL_ED25519_CLAIM_BYTES)};
    point points[2];
    accepted &= lanes_decode(encodings, points);
    const point sum = double_scalar_product(s, k, minus(points[0]));
    return accepted & is_equal_up_to_cofactor(sum, points[1]);
}

void atoll_ed25519_lanes_start(void) { lanes_prepare_base(); }
#endif
