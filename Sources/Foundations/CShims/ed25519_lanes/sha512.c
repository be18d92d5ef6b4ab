// SPDX-License-Identifier: Apache-2.0
#if defined(__x86_64__)
#include "sha512.h"
#include <string.h>

enum { BLOCK_BYTES = 128, HEAD_BYTES = 64, LENGTH_BYTES = 16, ROUNDS = 80 };

// FIPS 180-4, 4.2.3: the first 64 bits of the fractional parts of the cube roots of the first 80
// primes.
static const uint64_t round_constant[ROUNDS] = {
    0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc,
    0x3956c25bf348b538, 0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118,
    0xd807aa98a3030242, 0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
    0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235, 0xc19bf174cf692694,
    0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
    0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
    0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4,
    0xc6e00bf33da88fc2, 0xd5a79147930aa725, 0x06ca6351e003826f, 0x142929670a0e6e70,
    0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
    0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
    0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30,
    0xd192e819d6ef5218, 0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
    0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8,
    0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3,
    0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
    0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b,
    0xca273eceea26619c, 0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178,
    0x06f067aa72176fba, 0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
    0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc, 0x431d67c49c100d4c,
    0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
};

// FIPS 180-4, 5.3.5: the same of the square roots of the first eight.
static const uint64_t initial_hash[8] = {
    0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
    0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
};

static size_t blocks_of(const text *whole) {
    // One byte of mark and sixteen of length follow the text.
    return (HEAD_BYTES + whole->count + LENGTH_BYTES) / BLOCK_BYTES + 1;
}

// Writes a number's bytes, the highest first.
static void write_big_endian(uint8_t *to, uint64_t number) {
    for (int i = 0; i < 8; i++) to[i] = (uint8_t)(number >> (56 - 8 * i));
}

// Writes block `index` of the padded text (FIPS 180-4, 5.1.2).
static void write_block(const text *whole, size_t index, uint8_t block[BLOCK_BYTES]) {
    const size_t total = HEAD_BYTES + whole->count;
    const size_t begin = index * BLOCK_BYTES;
    const size_t left = total > begin ? total - begin : 0;
    const size_t taken = left < BLOCK_BYTES ? left : BLOCK_BYTES;
    const size_t head = index == 0 ? HEAD_BYTES : 0;
    memset(block + taken, 0, BLOCK_BYTES - taken);
    if (head > 0) memcpy(block, whole->head, head);
    // Block 0 always holds the head whole, so what follows starts 64 bytes earlier in `rest`.
    if (taken > head) memcpy(block + head, whole->rest + begin + head - HEAD_BYTES, taken - head);
    if (taken < BLOCK_BYTES && begin + taken == total) block[taken] = 0x80;
    if (index + 1 == blocks_of(whole)) {
        write_big_endian(block + BLOCK_BYTES - 16, (uint64_t)total >> 61);
        write_big_endian(block + BLOCK_BYTES - 8, (uint64_t)total << 3);
    }
}

LANES_STEP words three_way_xor(words a, words b, words c) {
    return _mm512_ternarylogic_epi64(a, b, c, 0x96);
}

#define ROTATED(a, n) _mm512_ror_epi64(a, n)

// One round on the eight working words, which move by one place each round: instead of moving them,
// round i names the word at place (k - i) modulo 8 by k.
LANES_STEP void one_round(words working[8], int i, words input) {
#define AT(k) working[((k) - i) & 7]
    words e = AT(4), a = AT(0);
    words choice = _mm512_ternarylogic_epi64(e, AT(5), AT(6), 0xca);
    words majority = _mm512_ternarylogic_epi64(a, AT(1), AT(2), 0xe8);
    words of_e = three_way_xor(ROTATED(e, 14), ROTATED(e, 18), ROTATED(e, 41));
    words of_a = three_way_xor(ROTATED(a, 28), ROTATED(a, 34), ROTATED(a, 39));
    words first = _mm512_add_epi64(_mm512_add_epi64(AT(7), input), _mm512_add_epi64(choice, of_e));
    AT(3) = _mm512_add_epi64(AT(3), first);
    AT(7) = _mm512_add_epi64(first, _mm512_add_epi64(majority, of_a));
#undef AT
}

// The next sixteen words of the message schedule, in place of the last.
LANES_STEP void extend(words schedule[16]) {
#pragma clang loop unroll(full)
    for (int i = 0; i < 16; i++) {
        words before_15 = schedule[(i + 1) & 15], before_2 = schedule[(i + 14) & 15];
        words small_0 = three_way_xor(
            ROTATED(before_15, 1), ROTATED(before_15, 8), _mm512_srli_epi64(before_15, 7));
        words small_1 = three_way_xor(
            ROTATED(before_2, 19), ROTATED(before_2, 61), _mm512_srli_epi64(before_2, 6));
        schedule[i] = _mm512_add_epi64(
            _mm512_add_epi64(schedule[i], schedule[(i + 9) & 15]),
            _mm512_add_epi64(small_0, small_1));
    }
}

// Adds one block to the hashes of the lanes in the set.
LANES_PART static void compress(words hash[8], words schedule[16], lane_set set) {
    words working[8];
    for (int i = 0; i < 8; i++) working[i] = hash[i];
    for (int from = 0; from < ROUNDS; from += 16) {
        if (from > 0) extend(schedule);
#pragma clang loop unroll(full)
        for (int i = 0; i < 16; i++)
            one_round(
                working, i, _mm512_add_epi64(schedule[i], same(round_constant[from + i])));
    }
    for (int i = 0; i < 8; i++)
        hash[i] = _mm512_mask_add_epi64(hash[i], set, hash[i], working[i]);
}

// Block `index` of every lane that has so many, as words; returns those lanes.
LANES_STEP lane_set load_schedule(const text texts[8], size_t index, words schedule[16]) {
    uint8_t block[8][BLOCK_BYTES];
    lane_set set = 0;
    for (int lane = 0; lane < 8; lane++) {
        if (index < blocks_of(&texts[lane])) {
            write_block(&texts[lane], index, block[lane]);
            set |= (lane_set)(1 << lane);
        } else {
            memset(block[lane], 0, BLOCK_BYTES);
        }
    }
    const words reversed = _mm512_broadcast_i32x4(
        _mm_set_epi8(8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
    for (int half = 0; half < 2; half++) {
        words *part = schedule + 8 * half;
        for (int lane = 0; lane < 8; lane++)
            part[lane] = _mm512_shuffle_epi8(load_words(block[lane] + 64 * half), reversed);
        transpose(part);
    }
    return set;
}

LANES_PART void lanes_sha512(const text texts[8], uint64_t hash[8][8]) {
    words running[8], schedule[16];
    for (int i = 0; i < 8; i++) running[i] = same(initial_hash[i]);
    lane_set set = 0xff;
    for (size_t index = 0; set != 0; index++) {
        set = load_schedule(texts, index, schedule);
        if (set != 0) compress(running, schedule, set);
    }
    for (int i = 0; i < 8; i++) store_words(hash[i], running[i]);
}
#endif
