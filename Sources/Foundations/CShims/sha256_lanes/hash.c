// SPDX-License-Identifier: Apache-2.0
#include "../include/sha256_lanes.h"
#if defined(__x86_64__)
#include <immintrin.h>

/// The instructions the kernel is compiled for, whatever the rest of the program is compiled for.
#define LANES_TARGET __attribute__((target("avx512f,avx512bw,avx512vl")))
#define LANES_STEP LANES_TARGET __attribute__((always_inline)) static inline

/// One 32-bit word of each of the sixteen texts; lane i belongs to text i.
typedef __m512i words;

enum { LANES = ATOLL_SHA256_LANES, ROUNDS = 64, TEXT_BITS = 65 * 8 };

// FIPS 180-4, 4.2.2: the first 32 bits of the fractional parts of the cube roots of the first 64
// primes.
static const uint32_t round_constant[ROUNDS] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

// FIPS 180-4, 5.3.3: the same of the square roots of the first eight.
static const uint32_t initial_hash[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

LANES_STEP words same(uint32_t value) { return _mm512_set1_epi32((int)value); }
LANES_STEP words sum(words a, words b) { return _mm512_add_epi32(a, b); }
LANES_STEP words three_way_xor(words a, words b, words c) {
    return _mm512_ternarylogic_epi32(a, b, c, 0x96);
}

#define ROTATED(a, n) _mm512_ror_epi32(a, n)

// Reverses the bytes of each word: SHA-256 reads its words with the highest byte first.
LANES_STEP words reversed(words value) {
    return _mm512_shuffle_epi8(
        value, _mm512_set4_epi32(0x0c0d0e0f, 0x08090a0b, 0x04050607, 0x00010203));
}

// Turns sixteen rows of sixteen words into columns: word i of row j goes to word j of row i.
LANES_STEP void transpose(words row[16]) {
    words four[16];
    for (int i = 0; i < 16; i += 4) {
        words a = _mm512_unpacklo_epi32(row[i], row[i + 1]);
        words b = _mm512_unpackhi_epi32(row[i], row[i + 1]);
        words c = _mm512_unpacklo_epi32(row[i + 2], row[i + 3]);
        words d = _mm512_unpackhi_epi32(row[i + 2], row[i + 3]);
        four[i] = _mm512_unpacklo_epi64(a, c);
        four[i + 1] = _mm512_unpackhi_epi64(a, c);
        four[i + 2] = _mm512_unpacklo_epi64(b, d);
        four[i + 3] = _mm512_unpackhi_epi64(b, d);
    }
    // Each of `four` holds, in its quarter q, one word of four neighbouring rows: word 4q and up.
    for (int i = 0; i < 4; i++) {
        words a = _mm512_shuffle_i32x4(four[i], four[i + 4], 0x88);
        words b = _mm512_shuffle_i32x4(four[i], four[i + 4], 0xdd);
        words c = _mm512_shuffle_i32x4(four[i + 8], four[i + 12], 0x88);
        words d = _mm512_shuffle_i32x4(four[i + 8], four[i + 12], 0xdd);
        row[i] = _mm512_shuffle_i32x4(a, c, 0x88);
        row[i + 4] = _mm512_shuffle_i32x4(b, d, 0x88);
        row[i + 8] = _mm512_shuffle_i32x4(a, c, 0xdd);
        row[i + 12] = _mm512_shuffle_i32x4(b, d, 0xdd);
    }
}

// One round on the eight working words, which move by one place each round: instead of moving them,
// round i names the word at place (k - i) modulo 8 by k.
LANES_STEP void one_round(words working[8], int i, words input) {
#define AT(k) working[((k) - i) & 7]
    words e = AT(4), a = AT(0);
    words choice = _mm512_ternarylogic_epi32(e, AT(5), AT(6), 0xca);
    words majority = _mm512_ternarylogic_epi32(a, AT(1), AT(2), 0xe8);
    words of_e = three_way_xor(ROTATED(e, 6), ROTATED(e, 11), ROTATED(e, 25));
    words of_a = three_way_xor(ROTATED(a, 2), ROTATED(a, 13), ROTATED(a, 22));
    words first = sum(sum(AT(7), input), sum(choice, of_e));
    AT(3) = sum(AT(3), first);
    AT(7) = sum(first, sum(majority, of_a));
#undef AT
}

// The next sixteen words of the message schedule, in place of the last.
LANES_STEP void extend(words schedule[16]) {
#pragma clang loop unroll(full)
    for (int i = 0; i < 16; i++) {
        words before_15 = schedule[(i + 1) & 15], before_2 = schedule[(i + 14) & 15];
        words small_0 = three_way_xor(
            ROTATED(before_15, 7), ROTATED(before_15, 18), _mm512_srli_epi32(before_15, 3));
        words small_1 = three_way_xor(
            ROTATED(before_2, 17), ROTATED(before_2, 19), _mm512_srli_epi32(before_2, 10));
        schedule[i] = sum(sum(schedule[i], schedule[(i + 9) & 15]), sum(small_0, small_1));
    }
}

LANES_STEP void compress(words hash[8], words schedule[16]) {
    words working[8];
    for (int i = 0; i < 8; i++) working[i] = hash[i];
    for (int from = 0; from < ROUNDS; from += 16) {
        if (from > 0) extend(schedule);
#pragma clang loop unroll(full)
        for (int i = 0; i < 16; i++)
            one_round(working, i, sum(schedule[i], same(round_constant[from + i])));
    }
    for (int i = 0; i < 8; i++) hash[i] = sum(hash[i], working[i]);
}

// The first block: the tag and all of the inputs but their last byte, which is returned as the first
// word of the second block.
LANES_STEP words load_first(uint8_t tag, const atoll_sha256_job *jobs, words schedule[16]) {
    for (int i = 0; i < LANES; i++) schedule[i] = reversed(_mm512_loadu_si512(jobs[i].input));
    transpose(schedule);
    words carried = same((uint32_t)tag << 24);
    for (int i = 0; i < 16; i++) {
        words input = schedule[i];
        schedule[i] = _mm512_or_si512(carried, _mm512_srli_epi32(input, 8));
        carried = _mm512_slli_epi32(input, 24);
    }
    return carried;
}

// The second block: that byte, the mark of the end, zeros and the length (FIPS 180-4, 5.1.1).
LANES_STEP void load_second(words last, words schedule[16]) {
    schedule[0] = _mm512_or_si512(last, same(UINT32_C(0x80) << 16));
    for (int i = 1; i < 15; i++) schedule[i] = same(0);
    schedule[15] = same(TEXT_BITS);
}

LANES_TARGET static void hash_sixteen(uint8_t tag, const atoll_sha256_job *jobs) {
    words hash[16], schedule[16];
    for (int i = 0; i < 8; i++) hash[i] = same(initial_hash[i]);
    words last = load_first(tag, jobs, schedule);
    compress(hash, schedule);
    load_second(last, schedule);
    compress(hash, schedule);
    for (int i = 8; i < 16; i++) hash[i] = same(0);
    transpose(hash);
    for (int i = 0; i < LANES; i++)
        _mm256_storeu_si256(jobs[i].output, _mm512_castsi512_si256(reversed(hash[i])));
}

// The nodes of a large tree are far from each other: sixteen are fetched while sixteen are hashed.
static void fetch(const atoll_sha256_job *jobs, size_t count) {
    for (size_t i = 0; i < count; i++) {
        _mm_prefetch(jobs[i].input, _MM_HINT_T0);
        _mm_prefetch(jobs[i].output, _MM_HINT_T0);
    }
}

bool atoll_sha256_lanes_are_there(void) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512vl");
}

void atoll_sha256_lanes_hash(uint8_t tag, const atoll_sha256_job *jobs, size_t count) {
    size_t next = 0;
    for (; count - next >= LANES; next += LANES) {
        const size_t ahead = count - next - LANES;
        fetch(jobs + next + LANES, ahead < LANES ? ahead : LANES);
        hash_sixteen(tag, jobs + next);
    }
    if (next == count) return;
    // The lanes that are left do the last job once more, for nobody.
    uint8_t unread[32];
    atoll_sha256_job filled[LANES];
    for (size_t i = 0; i < LANES; i++) {
        const int is_wanted = next + i < count;
        filled[i].input = jobs[is_wanted ? next + i : count - 1].input;
        filled[i].output = is_wanted ? jobs[next + i].output : unread;
    }
    hash_sixteen(tag, filled);
}
#else
// For processors of other kinds: there are no lanes, so nobody calls what they would do.
bool atoll_sha256_lanes_are_there(void) { return false; }

void atoll_sha256_lanes_hash(uint8_t tag, const atoll_sha256_job *jobs, size_t count) {
    (void)tag, (void)jobs, (void)count;
}
#endif
