// SPDX-License-Identifier: Apache-2.0
// From bytes to points, and the long powers that takes.
#pragma once
#include "point.h"

/// Two elements a lane, worked on in turn: each hides the other's latency.
typedef struct { field one[2]; } pair;

/// An encoded point a lane: its bytes as four little-endian words.
typedef struct { words word[4]; } encoding;

/// 1/a for both, or 0 where a is zero.
LANES_TARGET pair lanes_inverse(pair a);

/// Reads two points a lane as CRYPTO-3 says: y modulo p, and either sign for x = 0.
///
/// Returns the lanes in which both encodings are points.
LANES_TARGET lane_set lanes_decode(const encoding from[2], point to[2]);
