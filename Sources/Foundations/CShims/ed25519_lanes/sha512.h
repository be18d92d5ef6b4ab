// SPDX-License-Identifier: Apache-2.0
// SHA-512 (FIPS 180-4) of eight texts at a time, each of two pieces and of its own length.
#pragma once
#include "lanes.h"
#include <stddef.h>

/// A text: sixty-four bytes, then `count` more.
typedef struct {
    const uint8_t *head;
    const uint8_t *rest;
    size_t count;
} text;

/// The hashes as words: word i of lane j is hash[i][j], read big-endian from the bytes of the hash.
///
/// Takes as long as the longest text needs.
LANES_TARGET void lanes_sha512(const text texts[8], uint64_t hash[8][8]);
