// SPDX-License-Identifier: Apache-2.0
// Reads canonical bytes and refuses every other form of the same value (specs/encoding.md).

/** Bytes that are no canonical encoding of what was asked for. */
export class DecodingError extends Error {
  constructor(reason: string, readonly offset: number) {
    super(`${reason} at byte ${offset}`);
    this.name = "DecodingError";
  }
}

/** Reads values from bytes that may come from anybody. */
export class Reader {
  private place = 0;

  constructor(private readonly bytes: Uint8Array) {}

  /** How many bytes are left. */
  get remaining(): number {
    return this.bytes.length - this.place;
  }

  /** The next bytes as they are. */
  fixed(count: number): Uint8Array {
    if (count > this.remaining) this.fail(`${count - this.remaining} bytes are missing`);
    const part = this.bytes.slice(this.place, this.place + count);
    this.place += count;
    return part;
  }

  /** A whole number of `width` bytes, least significant first. */
  unsigned(width: number): bigint {
    const part = this.fixed(width);
    let value = 0n;
    for (let place = width - 1; place >= 0; place -= 1) value = (value << 8n) | BigInt(part[place]!);
    return value;
  }

  /** One byte. */
  byte(): number {
    return this.fixed(1)[0]!;
  }

  /** A flag, which is 0 or 1. */
  flag(): boolean {
    const byte = this.byte();
    if (byte > 1) this.fail(`a flag is 0 or 1, not ${byte}`);
    return byte === 1;
  }

  /** A tag in the shortest ULEB128 of at most 32 bits. */
  tag(): number {
    let value = 0;
    for (let shift = 0; shift <= 28; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if ((byte & 0x80) !== 0) continue;
      if ((byte === 0 && shift > 0) || value > 0xffff_ffff) this.fail("a length is not shortest");
      return value;
    }
    return this.fail("a length is longer than 32 bits");
  }

  /** A length of at most `limit`. */
  length(limit: number): number {
    const length = this.tag();
    if (length > limit) this.fail(`${length} is above the most, ${limit}`);
    return length;
  }

  /** Bytes with their length before them. */
  variable(limit: number): Uint8Array {
    return this.fixed(this.length(limit));
  }

  /** A text in UTF-8 of at most `limit` bytes. */
  text(limit: number): string {
    const bytes = this.variable(limit);
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      return this.fail("a text is not UTF-8");
    }
  }

  /** Refuses bytes after the end. */
  finish(): void {
    if (this.remaining > 0) this.fail(`${this.remaining} bytes follow the end`);
  }

  /** Refuses what was read. */
  fail(reason: string): never {
    throw new DecodingError(reason, this.place);
  }
}
