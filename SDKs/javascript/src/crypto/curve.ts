// SPDX-License-Identifier: Apache-2.0
// The group of Ed25519 (RFC 8032) in extended coordinates over whole numbers.

const prime = (1n << 255n) - 19n;
/** The order of the base point. */
export const order = (1n << 252n) + 27_742_317_777_372_353_535_851_937_790_883_648_493n;

const mod = (value: bigint): bigint => {
  const rest = value % prime;
  return rest < 0n ? rest + prime : rest;
};

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = mod(base);
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = mod(result * square);
    square = mod(square * square);
  }
  return result;
}

const d = mod(-121_665n * power(121_666n, prime - 2n));
const rootOfMinusOne = power(2n, (prime - 1n) / 4n);

/** A point of the curve; `t · z` is `x · y`. */
export interface Point { x: bigint; y: bigint; z: bigint; t: bigint }

/** The neutral point. */
export const neutral: Point = { x: 0n, y: 1n, z: 1n, t: 0n };

/** The sum of two points, the same or not. */
export function add(left: Point, right: Point): Point {
  const a = mod((left.y - left.x) * (right.y - right.x));
  const b = mod((left.y + left.x) * (right.y + right.x));
  const c = mod(2n * d * mod(left.t * right.t));
  const two = mod(2n * left.z * right.z);
  const [e, f, g, h] = [b - a, two - c, two + c, b + a];
  return { x: mod(e * f), y: mod(g * h), z: mod(f * g), t: mod(e * h) };
}

/** Twice a point, cheaper than adding it to itself. */
export function twice(point: Point): Point {
  const [a, b] = [mod(point.x * point.x), mod(point.y * point.y)];
  const c = 2n * point.z * point.z;
  const sum = point.x + point.y;
  const [e, g] = [sum * sum - a - b, b - a];
  const [f, h] = [mod(g - c), -a - b];
  const [left, right] = [mod(e), mod(h)];
  return { x: mod(left * f), y: mod(g * right), z: mod(f * g), t: mod(left * right) };
}

/** One point so many times and another so many times, together, in one run of doublings. */
export function twoTimes(first: Point, count: bigint, second: Point, other: bigint): Point {
  const both = add(first, second);
  let sum = neutral;
  for (let place = 255n; place >= 0n; place -= 1n) {
    sum = twice(sum);
    const bits = Number((count >> place) & 1n) + 2 * Number((other >> place) & 1n);
    if (bits !== 0) sum = add(sum, bits === 1 ? first : bits === 2 ? second : both);
  }
  return sum;
}

/** The point so many times. */
export function times(point: Point, count: bigint): Point {
  let sum = neutral;
  let double = point;
  for (let rest = count; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) sum = add(sum, double);
    double = twice(double);
  }
  return sum;
}

/** The point on the other side. */
export const negated = (point: Point): Point => ({
  x: mod(-point.x), y: point.y, z: point.z, t: mod(-point.t),
});

/** Whether it is the neutral point. */
export const isNeutral = (point: Point): boolean =>
  mod(point.x) === 0n && mod(point.y - point.z) === 0n;

/** A whole number from bytes, least significant first. */
export function fromLittleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let place = bytes.length - 1; place >= 0; place -= 1) {
    value = (value << 8n) | BigInt(bytes[place]!);
  }
  return value;
}

/** 32 bytes of a whole number, least significant first. */
export function toLittleEndian(value: bigint): Uint8Array {
  const bytes = new Uint8Array(32);
  for (let place = 0; place < 32; place += 1) bytes[place] = Number((value >> BigInt(8 * place)) & 255n);
  return bytes;
}

/**
 * The point of 32 bytes, or nothing when they are none.
 *
 * As ZIP-215 has it, the `y` may exceed the prime and an `x` of zero may carry a sign.
 */
export function decompress(bytes: Uint8Array): Point | null {
  const sign = bytes[31]! >> 7;
  const y = mod(fromLittleEndian(bytes) & ((1n << 255n) - 1n));
  const square = mod(y * y);
  const above = mod(square - 1n);
  const below = mod(d * square + 1n);
  // x = above · below³ · (above · below⁷)^((p - 5) / 8), RFC 8032 section 5.1.3.
  const cube = mod(below * below * below);
  let x = mod(above * cube * power(above * cube * cube * below, (prime - 5n) / 8n));
  const check = mod(below * x * x);
  if (check !== above) {
    if (check !== mod(-above)) return null;
    x = mod(x * rootOfMinusOne);
  }
  if (Number(x & 1n) !== sign) x = mod(-x);
  return { x, y, z: 1n, t: mod(x * y) };
}

/** The 32 bytes of a point. */
export function compress(point: Point): Uint8Array {
  const inverse = power(point.z, prime - 2n);
  const bytes = toLittleEndian(mod(point.y * inverse));
  bytes[31] = bytes[31]! | (Number(mod(point.x * inverse) & 1n) << 7);
  return bytes;
}

/** The point that keys are multiples of. */
export const base: Point = (() => {
  const bytes = new Uint8Array(32).fill(0x66);
  bytes[0] = 0x58;
  const point = decompress(bytes);
  if (point === null) throw new Error("the base point is on the curve");
  return point;
})();
