// SPDX-License-Identifier: Apache-2.0
// Ed25519 in plain TypeScript: verification by the chain's own rule, and signing where the runtime
// has no WebCrypto. Signing here takes time that depends on the key; WebCrypto is used where it is.
import { concat } from "../bytes/hex";
import {
  add, base, compress, decompress, fromLittleEndian, isNeutral, negated, order, times,
  toLittleEndian, twoTimes,
} from "./curve";
import { sha512 } from "./sha512";

/**
 * Whether a key signed a message, by ZIP-215 as all nodes decide it (specs/cryptography.md).
 *
 * About four milliseconds.
 */
export function accepts(key: Uint8Array, signature: Uint8Array, message: Uint8Array): boolean {
  if (key.length !== 32 || signature.length !== 64) return false;
  const commitment = decompress(signature.subarray(0, 32));
  const point = decompress(key);
  const scalar = fromLittleEndian(signature.subarray(32));
  if (commitment === null || point === null || scalar >= order) return false;
  const challenge = fromLittleEndian(sha512(concat(signature.subarray(0, 32), key, message))) % order;
  const difference = add(twoTimes(base, scalar, negated(point), challenge), negated(commitment));
  return isNeutral(times(difference, 8n));
}

function expand(seed: Uint8Array): { scalar: bigint; prefix: Uint8Array } {
  if (seed.length !== 32) throw new RangeError("a seed has 32 bytes");
  const hash = sha512(seed);
  hash[0] = hash[0]! & 248;
  hash[31] = (hash[31]! & 127) | 64;
  return { scalar: fromLittleEndian(hash.subarray(0, 32)), prefix: hash.slice(32) };
}

/** The public key of a seed of 32 bytes. */
export function publicKeyOf(seed: Uint8Array): Uint8Array {
  return compress(times(base, expand(seed).scalar));
}

/** The signature of a message by a seed's key (RFC 8032). */
export function signWith(seed: Uint8Array, message: Uint8Array): Uint8Array {
  const { scalar, prefix } = expand(seed);
  const key = compress(times(base, scalar));
  const nonce = fromLittleEndian(sha512(concat(prefix, message))) % order;
  const commitment = compress(times(base, nonce));
  const challenge = fromLittleEndian(sha512(concat(commitment, key, message))) % order;
  return concat(commitment, toLittleEndian((nonce + challenge * scalar) % order));
}
