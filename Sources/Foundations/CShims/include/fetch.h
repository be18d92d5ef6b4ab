// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Asks for the cache line of an address, which will be read or written soon; does nothing else,
/// even for an address that is not there.
static inline void atoll_fetch(const void *address) { __builtin_prefetch(address); }
