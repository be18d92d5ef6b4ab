// SPDX-License-Identifier: Apache-2.0
import { fromHex, toHex } from "../bytes/hex";
import type { Codec, Json } from "./codec";

/** Whole numbers of at most 32 bits, as JavaScript numbers. */
function small(width: number): Codec<number> {
  return {
    write: (writer, value) => writer.unsigned(BigInt(value), width),
    read: (reader) => Number(reader.unsigned(width)),
    toJSON: (value) => value,
    fromJSON: (json) => {
      if (typeof json !== "number") throw new TypeError("a number is wanted");
      return json;
    },
  };
}

/** Whole numbers of 64 or 128 bits, as `bigint`. */
function large(width: number): Codec<bigint> {
  return {
    write: (writer, value) => writer.unsigned(value, width),
    read: (reader) => reader.unsigned(width),
    toJSON: (value) => value.toString(),
    fromJSON: (json) => BigInt(textOf(json)),
  };
}

function textOf(json: Json): string {
  if (typeof json !== "string") throw new TypeError("a text is wanted");
  return json;
}

export const u8 = small(1);
export const u16 = small(2);
export const u32 = small(4);
export const u64 = large(8);
/** An amount in base units, or a count of shares or votes. */
export const u128 = large(16);

/** True or false. */
export const flag: Codec<boolean> = {
  write: (writer, value) => writer.byte(value ? 1 : 0),
  read: (reader) => reader.flag(),
  toJSON: (value) => value,
  fromJSON: (json) => json === true,
};

/** An identifier, key or digest of 32 bytes, as 64 hexadecimal digits. */
export const id32: Codec<string> = {
  write: (writer, value) => {
    const bytes = fromHex(value);
    if (bytes.length !== 32) throw new RangeError(`${value} has no 64 hexadecimal digits`);
    writer.fixed(bytes);
  },
  read: (reader) => toHex(reader.fixed(32)),
  toJSON: (value) => value,
  fromJSON: textOf,
};

/** An Ed25519 signature of 64 bytes. */
export const signature: Codec<Uint8Array> = {
  write: (writer, value) => {
    if (value.length !== 64) throw new RangeError("a signature has 64 bytes");
    writer.fixed(value);
  },
  read: (reader) => reader.fixed(64),
  toJSON: toHex,
  fromJSON: (json) => fromHex(textOf(json)),
};

/** A text of at most `limit` bytes. */
export function text(limit: number): Codec<string> {
  return {
    write: (writer, value) => writer.text(value),
    read: (reader) => reader.text(limit),
    toJSON: (value) => value,
    fromJSON: textOf,
  };
}

/** At most `limit` bytes. */
export function bytes(limit: number): Codec<Uint8Array> {
  return {
    write: (writer, value) => writer.variable(value),
    read: (reader) => reader.variable(limit),
    toJSON: toHex,
    fromJSON: (json) => fromHex(textOf(json)),
  };
}

/** All bytes that are left: a value whose form only the chain knows. */
export const rest: Codec<Uint8Array> = {
  write: (writer, value) => writer.fixed(value),
  read: (reader) => reader.fixed(reader.remaining),
  toJSON: toHex,
  fromJSON: (json) => fromHex(textOf(json)),
};

/** Nothing: the value of a case that says everything by its name. */
export const unit: Codec<null> = {
  write: () => undefined,
  read: () => null,
  toJSON: () => null,
  fromJSON: () => null,
};
