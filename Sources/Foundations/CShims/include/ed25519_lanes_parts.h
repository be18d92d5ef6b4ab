// SPDX-License-Identifier: Apache-2.0
// The parts of the eight-lane verifier one by one, so that tests can hold each to another
// computation of the same. All need atoll_ed25519_lanes_start() to have been called.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// What can be asked of eight field elements, each as limbs of 51 bits: limb i of lane j is word
/// 8 i + j of 40.
enum {
    /// left + right, left - right, left right, left^2, 1 / left; limbs below 2^52.
    ATOLL_FIELD_SUM,
    ATOLL_FIELD_DIFFERENCE,
    ATOLL_FIELD_PRODUCT,
    ATOLL_FIELD_SQUARE,
    ATOLL_FIELD_INVERSE,
    /// -left, of limbs below 2^51 + 2^18; the result's are below 2^52.
    ATOLL_FIELD_NEGATIVE,
    /// 3 left^2 - right^2, the longest sum that is carried at once; limbs below 2^52.
    ATOLL_FIELD_LONGEST_SUM,
    /// left, of limbs of 64 bits.
    ATOLL_FIELD_CARRY,
    /// The form of left below p; limbs below 2^52.
    ATOLL_FIELD_CANONICAL,
    /// left from four little-endian words: word i of lane j is word 8 i + j of the first 32.
    ATOLL_FIELD_FROM_WORDS,
};

/// Writes what was asked; unless said above, limbs of the result are below 2^51 + 2^18.
void atoll_ed25519_lanes_field(
    int question, const uint64_t left[40], const uint64_t right[40], uint64_t result[40]);

/// Reads eight encodings of 32 bytes (CRYPTO-3); bit i says whether encoding i is a point.
///
/// `x` and `y` are limbs as above; those of a lane that holds no point mean nothing.
uint8_t atoll_ed25519_lanes_decode(const uint8_t *encodings, uint64_t x[40], uint64_t y[40]);

/// SHA-512 of eight texts, each of 64 bytes and `counts[i]` more; 64 bytes of hash each.
void atoll_ed25519_lanes_sha512(
    const uint8_t *heads, const uint8_t *rests, const size_t counts[8], uint8_t *hashes);

/// 64 bytes, little-endian, modulo L in 32.
void atoll_ed25519_lanes_reduce(const uint8_t *number, uint8_t *remainder);

/// `number` times the base point as Y + X, Y - X and 2dXY, in canonical limbs.
///
/// - number: 0 to 128.
void atoll_ed25519_lanes_base_multiple(size_t number, uint64_t limbs[15]);
