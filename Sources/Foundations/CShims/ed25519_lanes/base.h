// SPDX-License-Identifier: Apache-2.0
// Multiples of the base point B, ready to be added.
#pragma once
#include "point.h"

enum {
    /// 0 B to 128 B: the magnitudes of signed digits of eight bits.
    BASE_MULTIPLES = 129,
    /// Three field elements of five limbs, and one word that fills two cache lines.
    BASE_ENTRY_WORDS = 16,
};

/// One multiple with Z = 1: Y + X, Y - X, 2dT, each in five canonical limbs, then a zero.
typedef struct { uint64_t word[BASE_ENTRY_WORDS]; } base_entry;

/// The table; right after lanes_prepare_base() and never written again.
extern base_entry lanes_base_multiples[BASE_MULTIPLES];

/// Computes the table from the encoding of B. Cost: about a tenth of a millisecond.
LANES_TARGET void lanes_prepare_base(void);

/// The entry each lane's number names; numbers are 0 to 128.
LANES_STEP prepared base_select(words number) {
    uint64_t index[8];
    words low[8], high[8];
    store_words(index, number);
    for (int lane = 0; lane < 8; lane++) {
        const base_entry *entry = &lanes_base_multiples[index[lane]];
        low[lane] = load_words(entry->word);
        high[lane] = load_words(entry->word + 8);
    }
    transpose(low);
    transpose(high);
    return (prepared){
        .sum = {{low[0], low[1], low[2], low[3], low[4]}},
        .difference = {{low[5], low[6], low[7], high[0], high[1]}},
        .scaled_t = {{high[2], high[3], high[4], high[5], high[6]}}};
}
