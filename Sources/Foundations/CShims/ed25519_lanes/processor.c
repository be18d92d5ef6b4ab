// SPDX-License-Identifier: Apache-2.0
#if defined(__x86_64__)
#include "../include/ed25519_lanes.h"
#include <cpuid.h>
#include <stdint.h>

// Bits of CPUID leaf 7, register EBX: AVX512F, DQ, IFMA, BW, VL.
static const uint32_t instructions = UINT32_C(1) << 16 | UINT32_C(1) << 17 | UINT32_C(1) << 21
    | UINT32_C(1) << 30 | UINT32_C(1) << 31;
// Bits of XCR0: the registers xmm, ymm, k, the upper halves of zmm0-15, and zmm16-31.
static const uint32_t registers =
    UINT32_C(1) << 1 | UINT32_C(1) << 2 | UINT32_C(1) << 5 | UINT32_C(1) << 6 | UINT32_C(1) << 7;
// Bit of CPUID leaf 1, register ECX: the system has turned XGETBV on.
static const uint32_t xgetbv_is_on = UINT32_C(1) << 27;

// XCR0: which registers the system keeps for each thread. Faults where XGETBV is not on.
static uint32_t kept_registers(void) {
    uint32_t low, high;
    __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return low;
}

bool atoll_ed25519_lanes_exist(void) {
    uint32_t eax, ebx, ecx, edx;
    if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx) || (ecx & xgetbv_is_on) == 0) return false;
    if ((kept_registers() & registers) != registers) return false;
    return __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx)
        && (ebx & instructions) == instructions;
}
#endif
