// SPDX-License-Identifier: Apache-2.0
#include "scalar.h"

typedef unsigned __int128 double_word;

// L in five words, and floor(2^512 / L).
static const uint64_t order[5] = {0x5812631a5cf5d3ed, 0x14def9dea2f79cd6, 0, 0x1000000000000000, 0};
static const uint64_t reciprocal[5] = {
    0xed9ce5a30a2c131b, 0x2106215d086329a7, 0xffffffffffffffeb, 0xffffffffffffffff, 0xf};

// left - right over `count` words; whether a borrow is left.
static bool subtract(const uint64_t *left, const uint64_t *right, uint64_t *result, int count) {
    uint64_t borrow = 0;
    for (int i = 0; i < count; i++) {
        double_word wide = (double_word)left[i] - right[i] - borrow;
        result[i] = (uint64_t)wide;
        borrow = (uint64_t)(wide >> 64) & 1;
    }
    return borrow == 1;
}

// The low `count` words of left times right, each of five words. A column takes one product, one
// word and one carry at a time: (2^64 - 1)^2 + 2 (2^64 - 1) = 2^128 - 1 fits two words.
static void multiply(const uint64_t left[5], const uint64_t right[5], uint64_t *result, int count) {
    for (int i = 0; i < count; i++) result[i] = 0;
    for (int i = 0; i < 5; i++) {
        uint64_t carry = 0;
        for (int j = 0; j < 5 && i + j < count; j++) {
            double_word sum = (double_word)left[i] * right[j] + result[i + j] + carry;
            result[i + j] = (uint64_t)sum;
            carry = (uint64_t)(sum >> 64);
        }
        if (i + 5 < count) result[i + 5] = carry;
    }
}

bool lanes_is_below_order(const uint64_t number[4]) {
    uint64_t ignored[4];
    return subtract(number, order, ignored, 4);
}

// Barrett's reduction (Handbook of Applied Cryptography, 14.42) with words of 64 bits and k = 4:
// for any number below 2^512, the quotient found is too small by 2 at most, so what is left is
// below 3 L < 2^255 and two subtractions end it. L has its highest bit in word 3, as it must.
void lanes_reduce(const uint64_t number[8], uint64_t remainder[4]) {
    uint64_t estimate[10], multiple[5], rest[5], less[5];
    multiply(number + 3, reciprocal, estimate, 10);
    multiply(estimate + 5, order, multiple, 5);
    subtract(number, multiple, rest, 5);
    for (int round = 0; round < 2; round++) {
        bool is_below = subtract(rest, order, less, 5);
        for (int i = 0; i < 5; i++) rest[i] = is_below ? rest[i] : less[i];
    }
    for (int i = 0; i < 4; i++) remainder[i] = rest[i];
}
