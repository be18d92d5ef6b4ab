// SPDX-License-Identifier: Apache-2.0
// SHA-256 (FIPS 180-4) of sixteen texts of 65 bytes at a time: the nodes of a Merkle tree.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// How many texts are hashed at once.
enum { ATOLL_SHA256_LANES = 16 };

/// A hash to make: of a tag and the 64 bytes at `input`, to the 32 bytes at `output`.
typedef struct {
    const void *input;
    void *output;
} atoll_sha256_job;

/// Whether this processor and system have the lanes. Nothing else here may be called before it has
/// returned true.
bool atoll_sha256_lanes_are_there(void);

/// Makes `count` hashes, whose first byte is `tag`; the last lanes do nothing when count is no
/// multiple of sixteen. No job's input may be another's output, nor overlap its own.
void atoll_sha256_lanes_hash(uint8_t tag, const atoll_sha256_job *jobs, size_t count);
