// SPDX-License-Identifier: Apache-2.0
// Canonical bytes (BCS, specs/encoding.md): little-endian integers, ULEB128 lengths.
import { utf8 } from "./hex";

/** Appends values in their one encoding. */
export class Writer {
  private buffer = new Uint8Array(256);
  private count = 0;

  /** What was written so far. */
  get bytes(): Uint8Array {
    return this.buffer.slice(0, this.count);
  }

  /** Appends bytes as they are. */
  fixed(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.count);
    this.count += bytes.length;
  }

  /** Appends a whole number of `width` bytes, least significant first. */
  unsigned(value: bigint, width: number): void {
    if (value < 0n || value >> BigInt(8 * width) !== 0n) {
      throw new RangeError(`${value} does not fit ${8 * width} bits`);
    }
    this.reserve(width);
    let rest = value;
    for (let place = 0; place < width; place += 4) {
      const word = Number(rest & 0xffff_ffffn);
      for (let byte = 0; byte < Math.min(4, width - place); byte += 1) {
        this.buffer[this.count + place + byte] = (word >>> (8 * byte)) & 255;
      }
      rest >>= 32n;
    }
    this.count += width;
  }

  /** Appends one byte. */
  byte(value: number): void {
    if (!Number.isInteger(value) || value < 0 || value > 255) {
      throw new RangeError(`${value} is no byte`);
    }
    this.reserve(1);
    this.buffer[this.count] = value;
    this.count += 1;
  }

  /** Appends a length or a tag: ULEB128 of at most 32 bits. */
  length(value: number): void {
    if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff) {
      throw new RangeError(`${value} is no 32-bit length`);
    }
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.byte(rest);
  }

  /** Appends a length and the bytes. */
  variable(bytes: Uint8Array): void {
    this.length(bytes.length);
    this.fixed(bytes);
  }

  /** Appends the length of a text in UTF-8, then the text. */
  text(text: string): void {
    this.variable(utf8(text));
  }

  private reserve(more: number): void {
    if (this.count + more <= this.buffer.length) return;
    const grown = new Uint8Array(Math.max(2 * this.buffer.length, this.count + more));
    grown.set(this.buffer.subarray(0, this.count));
    this.buffer = grown;
  }
}
