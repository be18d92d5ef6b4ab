// SPDX-License-Identifier: Apache-2.0
#if defined(__x86_64__)
#include "../include/ed25519_lanes.h"

// The compiler's own question asks the processor for the instructions and the system, through
// XGETBV, whether it keeps their registers for each thread.
bool atoll_ed25519_lanes_exist(void) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")
        && __builtin_cpu_supports("avx512ifma") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512vl");
}
#endif
