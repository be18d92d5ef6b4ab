// SPDX-License-Identifier: Apache-2.0
#if defined(__x86_64__)
#include "base.h"
#include "decode.h"

_Alignas(64) base_entry lanes_base_multiples[BASE_MULTIPLES];

// Multiples 1 to 128, each in one lane of sixteen points of eight lanes.
enum { GROUPS = (BASE_MULTIPLES - 1) / 8 };

// B in all lanes: y = 4/5, which is 0x6666...6658, and x even (RFC 8032, 5.1).
LANES_PART static point base_point(void) {
    const uint64_t sixes = 0x6666666666666666;
    const encoding bytes = {{same(sixes - 14), same(sixes), same(sixes), same(sixes)}};
    const encoding twice[2] = {bytes, bytes};
    point both[2];
    lanes_decode(twice, both);
    return both[0];
}

// Copies the lanes of the set.
LANES_STEP void put(lane_set set, point from, point *to) {
    to->x = choose(set, from.x, to->x);
    to->y = choose(set, from.y, to->y);
    to->z = choose(set, from.z, to->z);
    to->t = choose(set, from.t, to->t);
}

// With Z = 1 instead of the two points' own.
LANES_PART static void normalize(point both[2]) {
    pair inverse = lanes_inverse((pair){{both[0].z, both[1].z}});
    for (int i = 0; i < 2; i++) {
        both[i].x = field_product(both[i].x, inverse.one[i]);
        both[i].y = field_product(both[i].y, inverse.one[i]);
        both[i].z = field_small(1);
        both[i].t = field_product(both[i].x, both[i].y);
    }
}

LANES_STEP void put_limbs(field value, words column[5]) {
    value = canonical(value);
    for (int i = 0; i < 5; i++) column[i] = value.limb[i];
}

// Eight points with Z = 1 as entries.
LANES_PART static void write_entries(point from, base_entry to[8]) {
    prepared ready = prepare(from);
    words column[BASE_ENTRY_WORDS] = {0};
    put_limbs(ready.sum, column);
    put_limbs(ready.difference, column + 5);
    put_limbs(ready.scaled_t, column + 10);
    column[15] = same(0);
    for (int half = 0; half < 2; half++) {
        transpose(column + 8 * half);
        for (int lane = 0; lane < 8; lane++)
            store_words(to[lane].word + 8 * half, column[8 * half + lane]);
    }
}

LANES_PART void lanes_prepare_base(void) {
    const point base = base_point();
    const prepared step = prepare(base);
    point group[GROUPS] = {0}, running = base;
    for (int multiple = 0; multiple < 8 * GROUPS; multiple++) {
        put((lane_set)(1 << multiple % 8), running, &group[multiple / 8]);
        running = extended(added_prepared(running, step));
    }
    for (int i = 0; i < GROUPS; i += 2) normalize(group + i);
    // 0 B is (0, 1): Y + X = Y - X = 1.
    lanes_base_multiples[0] = (base_entry){{[0] = 1, [5] = 1}};
    for (int i = 0; i < GROUPS; i++) write_entries(group[i], lanes_base_multiples + 1 + 8 * i);
}
#endif
