// SPDX-License-Identifier: Apache-2.0
// From bytes to points, and the long powers that takes.
#pragma once
#include "point.h"
#include <string.h>

/// Two elements a lane, worked on in turn: each hides the other's latency.
typedef struct { field one[2]; } pair;

/// An encoded point a lane: its bytes as four little-endian words.
typedef struct { words word[4]; } encoding;

/// Reads encodings that lie `stride` bytes apart.
LANES_STEP encoding load_encodings(const uint8_t *from, int stride) {
    uint64_t word[4][8];
    encoding result;
    for (int lane = 0; lane < 8; lane++)
        for (int i = 0; i < 4; i++)
            memcpy(&word[i][lane], from + lane * stride + 8 * i, sizeof word[i][lane]);
    for (int i = 0; i < 4; i++) result.word[i] = load_words(word[i]);
    return result;
}

/// 1/a for both, or 0 where a is zero.
LANES_TARGET pair lanes_inverse(pair a);

/// Reads two points a lane as CRYPTO-3 says: y modulo p, and either sign for x = 0.
///
/// Returns the lanes in which both encodings are points.
LANES_TARGET lane_set lanes_decode(const encoding from[2], point to[2]);
