// SPDX-License-Identifier: Apache-2.0

const letters = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/** The base 58 text of some bytes, as names of identities use it. */
export function base58(bytes: Uint8Array): string {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  let text = "";
  for (; value > 0n; value /= 58n) text = letters[Number(value % 58n)]! + text;
  for (const byte of bytes) {
    if (byte !== 0) break;
    text = `1${text}`;
  }
  return text;
}

/**
 * The bytes of a base 58 text of at most 128 letters.
 *
 * @throws RangeError when it is none.
 */
export function fromBase58(text: string): Uint8Array {
  if (text.length > 128) throw new RangeError("a text of base 58 is too long");
  let value = 0n;
  for (const letter of text) {
    const place = letters.indexOf(letter);
    if (place < 0) throw new RangeError(`${letter} is no letter of base 58`);
    value = value * 58n + BigInt(place);
  }
  const bytes: number[] = [];
  for (; value > 0n; value >>= 8n) bytes.unshift(Number(value & 255n));
  for (const letter of text) {
    if (letter !== "1") break;
    bytes.unshift(0);
  }
  return Uint8Array.from(bytes);
}
