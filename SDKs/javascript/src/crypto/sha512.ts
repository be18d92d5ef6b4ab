// SPDX-License-Identifier: Apache-2.0
// SHA-512 (FIPS 180-4) for the portable Ed25519; messages here are short.

import { cubeRoots as rounds, squareRoots as start } from "./constants";

const mask = (1n << 64n) - 1n;
const turn = (word: bigint, bits: bigint): bigint =>
  ((word >> bits) | (word << (64n - bits))) & mask;

function compress(state: bigint[], words: bigint[]): void {
  for (let place = 16; place < 80; place += 1) {
    const early = words[place - 15]!;
    const late = words[place - 2]!;
    const first = turn(early, 1n) ^ turn(early, 8n) ^ (early >> 7n);
    const second = turn(late, 19n) ^ turn(late, 61n) ^ (late >> 6n);
    words[place] = (words[place - 16]! + first + words[place - 7]! + second) & mask;
  }
  let [a, b, c, d, e, f, g, h] = state as [
    bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];
  for (let place = 0; place < 80; place += 1) {
    const sum = turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n);
    const choice = (e & f) ^ (~e & mask & g);
    const first = h + sum + choice + rounds[place]! + words[place]!;
    const other = turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n);
    const second = other + ((a & b) ^ (a & c) ^ (b & c));
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) & mask, c, b, a, (first + second) & mask];
  }
  [a, b, c, d, e, f, g, h].forEach((word, place) => {
    state[place] = (state[place]! + word) & mask;
  });
}

/** The SHA-512 of some bytes. */
export function sha512(bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array((Math.floor((bytes.length + 16) / 128) + 1) * 128);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(bytes.length) * 8n);
  const state = start.slice();
  for (let block = 0; block < padded.length; block += 128) {
    const words: bigint[] = [];
    for (let place = 0; place < 16; place += 1) words.push(view.getBigUint64(block + 8 * place));
    compress(state, words);
  }
  const digest = new Uint8Array(64);
  const out = new DataView(digest.buffer);
  state.forEach((word, place) => out.setBigUint64(8 * place, word));
  return digest;
}
