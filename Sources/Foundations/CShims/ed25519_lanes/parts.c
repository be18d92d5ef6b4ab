// SPDX-License-Identifier: Apache-2.0
#include "../include/ed25519_lanes_parts.h"
#if defined(__x86_64__)
#include "base.h"
#include "decode.h"
#include "scalar.h"
#include "sha512.h"
#include <string.h>

LANES_STEP field load_field(const uint64_t limbs[40]) {
    field result;
    for (int i = 0; i < 5; i++) result.limb[i] = load_words(limbs + 8 * i);
    return result;
}

LANES_PART static field answer(int question, const uint64_t *left, field a, field b) {
    switch (question) {
    case ATOLL_FIELD_SUM: return field_sum(a, b);
    case ATOLL_FIELD_DIFFERENCE: return field_difference(a, b);
    case ATOLL_FIELD_PRODUCT: return field_product(a, b);
    case ATOLL_FIELD_SQUARE: return field_square(a);
    case ATOLL_FIELD_INVERSE: return lanes_inverse((pair){{b, a}}).one[1];
    case ATOLL_FIELD_NEGATIVE: return narrow_negative(a);
    case ATOLL_FIELD_LONGEST_SUM: {
        wide aa = square(a), bb = square(b);
        return carried(sum(sum(aa, aa), difference(aa, bb)));
    }
    case ATOLL_FIELD_CARRY: return carried(widened(a));
    case ATOLL_FIELD_CANONICAL: return canonical(a);
    default: {
        words word[4];
        for (int i = 0; i < 4; i++) word[i] = load_words(left + 8 * i);
        return field_from_words(word);
    }
    }
}

LANES_STEP void store_field(field value, uint64_t limbs[40]) {
    for (int i = 0; i < 5; i++) store_words(limbs + 8 * i, value.limb[i]);
}

LANES_TARGET void atoll_ed25519_lanes_field(
    int question, const uint64_t left[40], const uint64_t right[40], uint64_t result[40]) {
    store_field(answer(question, left, load_field(left), load_field(right)), result);
}

LANES_TARGET uint8_t atoll_ed25519_lanes_decode(
    const uint8_t *encodings, uint64_t x[40], uint64_t y[40]) {
    const encoding from = load_encodings(encodings, 32);
    const encoding twice[2] = {from, from};
    point to[2];
    lane_set are_points = lanes_decode(twice, to);
    store_field(to[1].x, x);
    store_field(to[1].y, y);
    return are_points;
}

LANES_TARGET void atoll_ed25519_lanes_sha512(
    const uint8_t *heads, const uint8_t *rests, const size_t counts[8], uint8_t *hashes) {
    text texts[8];
    for (int lane = 0; lane < 8; lane++) {
        texts[lane] = (text){heads + 64 * lane, rests, counts[lane]};
        rests += counts[lane];
    }
    uint64_t hash[8][8];
    lanes_sha512(texts, hash);
    for (int lane = 0; lane < 8; lane++)
        for (int i = 0; i < 8; i++) {
            uint64_t word = __builtin_bswap64(hash[i][lane]);
            memcpy(hashes + 64 * lane + 8 * i, &word, sizeof word);
        }
}

void atoll_ed25519_lanes_reduce(const uint8_t *number, uint8_t *remainder) {
    uint64_t from[8], to[4];
    memcpy(from, number, sizeof from);
    lanes_reduce(from, to);
    memcpy(remainder, to, sizeof to);
}

void atoll_ed25519_lanes_base_multiple(size_t number, uint64_t limbs[15]) {
    memcpy(limbs, lanes_base_multiples[number].word, 15 * sizeof limbs[0]);
}
#endif
