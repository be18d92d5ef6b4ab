// SPDX-License-Identifier: Apache-2.0
// What the state holds under a key, or that it holds nothing (specs/state.md).
import { concat, fromHex, toHex } from "../bytes/hex";
import { sha256 } from "../crypto/sha256";
import type { StateProof } from "./chain";
import { demand } from "./failure";

const leafTag = Uint8Array.of(0);
const innerTag = Uint8Array.of(1);
const zero = new Uint8Array(32);

const bit = (path: Uint8Array, depth: number): number => (path[depth >> 3]! >> (7 - (depth & 7))) & 1;

function endHash(proof: StateProof, path: Uint8Array, valueHash: Uint8Array | null): Uint8Array {
  const end = proof.end;
  if ("included" in end) {
    demand(valueHash !== null, "the state holds a value there");
    demand(toHex(valueHash!) === end.included.valueHash, "the state holds another value there");
    return sha256(concat(leafTag, path, valueHash!));
  }
  demand(valueHash === null, "the state holds nothing there");
  if ("empty" in end) return zero;
  const other = fromHex(end.otherLeaf.key);
  const agrees = proof.siblings.every((_, depth) => bit(other, depth) === bit(path, depth));
  demand(agrees && toHex(other) !== toHex(path), "the leaf shown is not on this path");
  return sha256(concat(leafTag, other, fromHex(end.otherLeaf.valueHash)));
}

/**
 * Checks that a root's state holds a value under a key, or nothing when `value` is null.
 *
 * @throws VerificationFailure with what is wrong.
 */
export function verifyState(
  proof: StateProof, root: string, key: Uint8Array, value: Uint8Array | null,
): void {
  const path = sha256(key);
  let hash = endHash(proof, path, value === null ? null : sha256(value));
  for (let depth = proof.siblings.length - 1; depth >= 0; depth -= 1) {
    const sibling = fromHex(proof.siblings[depth]!);
    hash = bit(path, depth) === 1
      ? sha256(concat(innerTag, sibling, hash)) : sha256(concat(innerTag, hash, sibling));
  }
  demand(toHex(hash) === root, "the path does not lead to the state's root");
}
