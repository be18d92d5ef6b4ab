// SPDX-License-Identifier: Apache-2.0
// Ed25519 verdicts for eight signatures at a time, by the rule of ZIP-215 (CRYPTO-2, CRYPTO-13).
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    /// How many signatures one call decides.
    ATOLL_ED25519_LANES = 8,
    /// The bytes of a claim: the key A, then R and S of the signature.
    ATOLL_ED25519_CLAIM_BYTES = 96,
};

/// Whether this processor has the instructions and this system keeps their registers.
bool atoll_ed25519_lanes_exist(void);

/// Prepares the lanes where they exist: to be called once, and to have returned, before the calls
/// below and those of ed25519_lanes_parts.h.
void atoll_ed25519_lanes_start(void);

/// Bit i says whether signature i is that of key i over message i.
///
/// `claims` are eight claims in a row; `messages` are the eight messages in a row, message i of
/// message_counts[i] bytes. Every verdict is that of the claim alone, for all bytes there are. The
/// time depends on the longest message only.
uint8_t atoll_ed25519_lanes_verify(
    const uint8_t *claims, const uint8_t *messages, const size_t message_counts[8]);
