// SPDX-License-Identifier: Apache-2.0
// The constants of SHA-2: the first 64 binary places of roots of the first primes (FIPS 180-4,
// sections 4.2.3 and 5.3.5). SHA-256 takes the first 32 of them.

const mask = (1n << 64n) - 1n;

/** The first 64 bits behind the point of the root of a prime. */
function rootFraction(prime: bigint, degree: 2n | 3n): bigint {
  // The integer root of prime · 2^(64 · degree) has 64 binary places.
  const target = prime << (64n * degree);
  let low = 0n;
  let high = 1n << 70n;
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** degree <= target) low = middle;
    else high = middle;
  }
  return low & mask;
}

const primes: bigint[] = [];
for (let number = 2n; primes.length < 80; number += 1n) {
  if (primes.every((prime) => number % prime !== 0n)) primes.push(number);
}
/** For each of the first 80 primes, the places of its cube root. */
export const cubeRoots = primes.map((prime) => rootFraction(prime, 3n));
/** For each of the first 8 primes, the places of its square root. */
export const squareRoots = primes.slice(0, 8).map((prime) => rootFraction(prime, 2n));
