// SPDX-License-Identifier: Apache-2.0
#if defined(__x86_64__)
#include "decode.h"

LANES_STEP pair pair_product(pair a, pair b) {
    for (int i = 0; i < 2; i++) a.one[i] = field_product(a.one[i], b.one[i]);
    return a;
}

// a squared `count` times, times b.
LANES_PART static pair squared_times(pair a, int count, pair b) {
    for (int n = 0; n < count; n++)
        for (int i = 0; i < 2; i++) a.one[i] = field_square(a.one[i]);
    return pair_product(a, b);
}

// a to the power of 2^250 - 1; `ones_n` is a to the power of n ones in binary.
LANES_PART static pair power_of_250_ones(pair a) {
    pair ones_2 = squared_times(a, 1, a);
    pair ones_4 = squared_times(ones_2, 2, ones_2);
    pair ones_5 = squared_times(ones_4, 1, a);
    pair ones_10 = squared_times(ones_5, 5, ones_5);
    pair ones_20 = squared_times(ones_10, 10, ones_10);
    pair ones_25 = squared_times(ones_20, 5, ones_5);
    pair ones_50 = squared_times(ones_25, 25, ones_25);
    pair ones_100 = squared_times(ones_50, 50, ones_50);
    pair ones_200 = squared_times(ones_100, 100, ones_100);
    return squared_times(ones_200, 50, ones_50);
}

// a to the power of (p-5)/8 = 2^252 - 3: 250 ones, then 01.
LANES_PART static pair root_power(pair a) { return squared_times(power_of_250_ones(a), 2, a); }

// a to the power of p-2 = 2^255 - 21: 250 ones, then 01011.
LANES_PART pair lanes_inverse(pair a) {
    pair cubed = squared_times(a, 1, a);
    pair eleventh = squared_times(a, 3, cubed);
    return squared_times(power_of_250_ones(a), 5, eleventh);
}

// With u = y^2 - 1 and v = d y^2 + 1, u v^3 (u v^7)^((p-5)/8) is a root of +-u/v or of
// +-u/v sqrt(-1) (RFC 8032, 5.1.3, steps 2 and 3); v is never zero, since -1/d is no square.
LANES_PART lane_set lanes_decode(const encoding from[2], point to[2]) {
    const field one = field_small(1);
    pair u, v, v_cubed, ratio;
    for (int i = 0; i < 2; i++) {
        to[i].y = field_from_words(from[i].word);
        field yy = field_square(to[i].y);
        u.one[i] = field_difference(yy, one);
        v.one[i] = field_sum(field_product(curve_d(), yy), one);
        v_cubed.one[i] = field_product(field_square(v.one[i]), v.one[i]);
        field v_seventh = field_product(field_square(v_cubed.one[i]), v.one[i]);
        ratio.one[i] = field_product(u.one[i], v_seventh);
    }
    const pair power = root_power(ratio);
    lane_set are_points = 0xff;
    for (int i = 0; i < 2; i++) {
        field x = field_product(field_product(u.one[i], v_cubed.one[i]), power.one[i]);
        field check = field_product(v.one[i], field_square(x));
        lane_set is_root = is_zero(field_difference(check, u.one[i]));
        lane_set is_turned = is_zero(field_sum(check, u.one[i]));
        x = choose(is_root, x, field_product(x, root_of_minus_one()));
        lane_set wants_odd = _mm512_movepi64_mask(from[i].word[3]);
        x = choose(is_odd(x) ^ wants_odd, field_difference(field_small(0), x), x);
        to[i] = (point){x, to[i].y, one, field_product(x, to[i].y)};
        are_points &= is_root | is_turned;
    }
    return are_points;
}
#endif
