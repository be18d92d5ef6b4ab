// SPDX-License-Identifier: Apache-2.0
// Eight 64-bit words side by side: what everything in this folder computes with.
#pragma once
#include <immintrin.h>
#include <stdint.h>

/// The instructions the kernel is compiled for, whatever the rest of the program is compiled for.
/// Code marked so runs only where atoll_ed25519_lanes_exist() said yes.
#define LANES_TARGET \
    __attribute__((target("avx512f,avx512ifma,avx512vl,avx512dq,avx512bw")))
/// A step that must melt into its caller: its operands then stay in registers.
#define LANES_STEP LANES_TARGET __attribute__((always_inline)) static inline
/// A part that stays one function, so that the code fits the instruction cache.
#define LANES_PART LANES_TARGET __attribute__((noinline))

/// One word of each of the eight claims; lane i belongs to claim i.
typedef __m512i words;
/// One bit of each claim.
typedef __mmask8 lane_set;

LANES_STEP words same(uint64_t value) { return _mm512_set1_epi64((long long)value); }

/// Eight words from memory, lane 0 first; the address need not be aligned.
LANES_STEP words load_words(const void *from) { return _mm512_loadu_si512(from); }

LANES_STEP void store_words(void *to, words value) { _mm512_storeu_si512(to, value); }

/// Turns eight rows of eight words into eight columns: word i of row j goes to word j of row i.
LANES_STEP void transpose(words row[8]) {
    const words low_pairs = _mm512_set_epi64(13, 12, 5, 4, 9, 8, 1, 0);
    const words high_pairs = _mm512_set_epi64(15, 14, 7, 6, 11, 10, 3, 2);
    words pair[8], four[8];
    // Words of two neighbouring rows side by side: {r0[0] r1[0] r0[2] r1[2] …} and the odd ones.
    for (int i = 0; i < 8; i += 2) {
        pair[i] = _mm512_unpacklo_epi64(row[i], row[i + 1]);
        pair[i + 1] = _mm512_unpackhi_epi64(row[i], row[i + 1]);
    }
    // Of four neighbouring rows: {r0 r1 r2 r3} of word 0 then of word 4, and so on.
    for (int i = 0; i < 8; i += 4) {
        for (int odd = 0; odd < 2; odd++) {
            words upper = pair[i + odd], lower = pair[i + 2 + odd];
            four[i + odd] = _mm512_permutex2var_epi64(upper, low_pairs, lower);
            four[i + 2 + odd] = _mm512_permutex2var_epi64(upper, high_pairs, lower);
        }
    }
    for (int i = 0; i < 4; i++) {
        row[i] = _mm512_shuffle_i64x2(four[i], four[i + 4], 0x44);
        row[i + 4] = _mm512_shuffle_i64x2(four[i], four[i + 4], 0xee);
    }
}
