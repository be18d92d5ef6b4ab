// SPDX-License-Identifier: Apache-2.0
// For processors of other kinds: there are no lanes, so nobody calls what they would do.
#if !defined(__x86_64__)
#include "../include/ed25519_lanes.h"
#include "../include/ed25519_lanes_parts.h"

bool atoll_ed25519_lanes_exist(void) { return false; }

void atoll_ed25519_lanes_start(void) {}

uint8_t atoll_ed25519_lanes_verify(
    const uint8_t *claims, const uint8_t *messages, const size_t message_counts[8]) {
    (void)claims, (void)messages, (void)message_counts;
    return 0;
}

void atoll_ed25519_lanes_field(
    int question, const uint64_t left[40], const uint64_t right[40], uint64_t result[40]) {
    (void)question, (void)left, (void)right, (void)result;
}

uint8_t atoll_ed25519_lanes_decode(const uint8_t *encodings, uint64_t x[40], uint64_t y[40]) {
    (void)encodings, (void)x, (void)y;
    return 0;
}

void atoll_ed25519_lanes_sha512(
    const uint8_t *heads, const uint8_t *rests, const size_t counts[8], uint8_t *hashes) {
    (void)heads, (void)rests, (void)counts, (void)hashes;
}

void atoll_ed25519_lanes_reduce(const uint8_t *number, uint8_t *remainder) {
    (void)number, (void)remainder;
}

void atoll_ed25519_lanes_base_multiple(size_t number, uint64_t limbs[15]) {
    (void)number, (void)limbs;
}
#endif
