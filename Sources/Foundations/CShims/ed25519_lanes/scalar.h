// SPDX-License-Identifier: Apache-2.0
// Integers modulo L = 2^252 + 27742317777372353535851937790883648493, the order of the base point.
#pragma once
#include <stdbool.h>
#include <stdint.h>

/// Whether a number of four little-endian words is below L.
bool lanes_is_below_order(const uint64_t number[4]);

/// A number of eight little-endian words modulo L, in four.
void lanes_reduce(const uint64_t number[8], uint64_t remainder[4]);
