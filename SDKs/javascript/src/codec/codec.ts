// SPDX-License-Identifier: Apache-2.0
// One description a type, from which its bytes, its JSON and its TypeScript type all come.
import { Reader } from "../bytes/reader";
import { Writer } from "../bytes/writer";

/** What JSON can hold. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** How values of one type are written and read. */
export interface Codec<Value> {
  write(writer: Writer, value: Value): void;
  read(reader: Reader): Value;
  /** As JSON: numbers above 32 bits and bytes are strings, decimal and hexadecimal. */
  toJSON(value: Value): Json;
  fromJSON(json: Json): Value;
}

/** The type that a codec writes. */
export type ValueOf<C> = C extends Codec<infer Value> ? Value : never;

/** The canonical bytes of a value. */
export function encode<Value>(codec: Codec<Value>, value: Value): Uint8Array {
  const writer = new Writer();
  codec.write(writer, value);
  return writer.bytes;
}

/**
 * The value of canonical bytes.
 *
 * @throws DecodingError when they are not exactly one value within its limits.
 */
export function decode<Value>(codec: Codec<Value>, bytes: Uint8Array): Value {
  const reader = new Reader(bytes);
  const value = codec.read(reader);
  reader.finish();
  return value;
}
