// SPDX-License-Identifier: Apache-2.0
// Eight points of edwards25519 at a time, -x^2 + y^2 = 1 + d x^2 y^2 (RFC 8032, 5.1.4).
//
// The sums are complete: they hold for every two points of the curve. Lanes whose encoding is no
// point run along with values that mean nothing; no step can fail, and their verdict is no.
#pragma once
#include "field.h"

/// x = X/Z, y = Y/Z, x y = T/Z; all four carried.
typedef struct { field x, y, z, t; } point;

/// A point without T, enough to double it.
typedef struct { field x, y, z; } projective;

/// The result of one step before its last products: X = EF, Y = GH, Z = FG, T = EH; all carried.
typedef struct { field e, f, g, h; } completed;

/// A point in the form that is cheapest to add: Y + X, Y - X, 2Z, 2dT; narrow.
typedef struct { field sum, difference, twice_z, scaled_t; } prepared;

LANES_STEP point extended(completed a) {
    return (point){
        field_product(a.e, a.f), field_product(a.g, a.h), field_product(a.f, a.g),
        field_product(a.e, a.h)};
}

LANES_STEP projective projected(completed a) {
    return (projective){
        field_product(a.e, a.f), field_product(a.g, a.h), field_product(a.f, a.g)};
}

/// Twice a point: E = 2XY, H = X^2 + Y^2, G = Y^2 - X^2, F = 2Z^2 - G.
///
/// These are RFC 8032's with the signs of F and H turned, which turns X, Y, Z, T at once and so
/// means the same point. The widest limbs, of F, are below (2 * 267 + 267 + 512) * 2^52 < 2^63.
LANES_STEP completed doubled(projective a) {
    wide xx = square(a.x), yy = square(a.y), zz = square(a.z), xy = product(a.x, a.y);
    return (completed){
        carried(sum(xy, xy)), carried(sum(sum(zz, zz), difference(xx, yy))),
        carried(difference(yy, xx)), carried(sum(xx, yy))};
}

/// The sum of a point and one whose products with 2dT and 2Z are known:
/// E = B - A, F = D - C, G = D + C, H = B + A (RFC 8032, 5.1.4).
LANES_STEP completed added(point a, field sum_of_b, field difference_of_b, wide c, wide d) {
    wide first = product(field_difference(a.y, a.x), difference_of_b);
    wide second = product(field_sum(a.y, a.x), sum_of_b);
    return (completed){
        carried(difference(second, first)), carried(difference(d, c)), carried(sum(d, c)),
        carried(sum(second, first))};
}

LANES_STEP completed added_prepared(point a, prepared b) {
    return added(
        a, b.sum, b.difference, product(a.t, b.scaled_t), product(a.z, b.twice_z));
}

/// As above for b with Z = 1, whose `twice_z` is not read: 2Z of the other stands for the product.
LANES_STEP completed added_affine(point a, prepared b) {
    wide twice_z = sum(widened(a.z), widened(a.z));
    return added(a, b.sum, b.difference, product(a.t, b.scaled_t), twice_z);
}

LANES_STEP prepared prepare(point a) {
    return (prepared){
        field_sum(a.y, a.x), field_difference(a.y, a.x), field_sum(a.z, a.z),
        field_product(a.t, curve_twice_d())};
}

/// Minus the point in the lanes of the set: x turns its sign, so two coordinates change places.
LANES_STEP prepared turned(lane_set set, prepared a) {
    return (prepared){
        choose(set, a.difference, a.sum), choose(set, a.sum, a.difference), a.twice_z,
        choose(set, narrow_negative(a.scaled_t), a.scaled_t)};
}

LANES_STEP point minus(point a) {
    field zero = field_small(0);
    return (point){field_difference(zero, a.x), a.y, a.z, field_difference(zero, a.t)};
}

LANES_STEP projective without_t(point a) { return (projective){a.x, a.y, a.z}; }

/// The lanes that hold the neutral element (0, 1).
LANES_STEP lane_set is_identity(projective a) {
    return is_zero(a.x) & is_zero(field_difference(a.y, a.z));
}
