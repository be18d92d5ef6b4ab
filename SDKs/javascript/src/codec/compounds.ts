// SPDX-License-Identifier: Apache-2.0
import type { Codec, Json, ValueOf } from "./codec";

type Fields = { [name: string]: Codec<any> };
/** The object that a list of fields describes. */
export type Struct<F extends Fields> = { [Name in keyof F]: ValueOf<F[Name]> };

/** Fields in this order. */
export function struct<F extends Fields>(fields: F): Codec<Struct<F>> {
  const names = Object.keys(fields) as (keyof F & string)[];
  return {
    write: (writer, value) => {
      for (const name of names) fields[name]!.write(writer, value[name]);
    },
    read: (reader) => {
      const value = {} as Struct<F>;
      for (const name of names) value[name] = fields[name]!.read(reader);
      return value;
    },
    toJSON: (value) => {
      const json: { [name: string]: Json } = {};
      for (const name of names) json[name] = fields[name]!.toJSON(value[name]);
      return json;
    },
    fromJSON: (json) => {
      const members = members_(json);
      const value = {} as Struct<F>;
      for (const name of names) value[name] = fields[name]!.fromJSON(members[name] ?? null);
      return value;
    },
  };
}

function members_(json: Json): { [name: string]: Json } {
  if (json === null || typeof json !== "object" || Array.isArray(json)) {
    throw new TypeError("an object is wanted");
  }
  return json;
}

/** A value or nothing. */
export function optional<Value>(codec: Codec<Value>): Codec<Value | null> {
  return {
    write: (writer, value) => {
      writer.byte(value === null ? 0 : 1);
      if (value !== null) codec.write(writer, value);
    },
    read: (reader) => (reader.flag() ? codec.read(reader) : null),
    toJSON: (value) => (value === null ? null : codec.toJSON(value)),
    fromJSON: (json) => (json === null ? null : codec.fromJSON(json)),
  };
}

/** At most `limit` values. */
export function list<Value>(codec: Codec<Value>, limit: number): Codec<Value[]> {
  return {
    write: (writer, values) => {
      writer.length(values.length);
      for (const value of values) codec.write(writer, value);
    },
    read: (reader) => {
      const count = reader.length(limit);
      const values: Value[] = [];
      for (let place = 0; place < count; place += 1) values.push(codec.read(reader));
      return values;
    },
    toJSON: (values) => values.map((value) => codec.toJSON(value)),
    fromJSON: (json) => {
      if (!Array.isArray(json)) throw new TypeError("a list is wanted");
      return json.map((element) => codec.fromJSON(element));
    },
  };
}

type Cases = { [name: string]: [tag: number, codec: Codec<any>] };
/** One of several cases: an object whose only member names the case. */
export type OneOf<C extends Cases> = {
  [Name in keyof C]: { [Only in Name]: ValueOf<C[Name][1]> };
}[keyof C];

/** A tag, then the value of its case. */
export function oneOf<C extends Cases>(cases: C): Codec<OneOf<C>> {
  const find = (value: object): [string, number, Codec<any>, any] => {
    const names = Object.keys(value);
    const name = names[0] ?? "";
    const found = Object.prototype.hasOwnProperty.call(cases, name) ? cases[name] : undefined;
    if (names.length !== 1 || found === undefined) {
      throw new TypeError(`one of ${Object.keys(cases).join(", ")} is wanted`);
    }
    return [name, found[0], found[1], (value as any)[name]];
  };
  return {
    write: (writer, value) => {
      const [, tag, codec, inner] = find(value);
      writer.length(tag);
      codec.write(writer, inner);
    },
    read: (reader) => {
      const tag = reader.tag();
      for (const [name, [known, codec]] of Object.entries(cases)) {
        if (known === tag) return { [name]: codec.read(reader) } as OneOf<C>;
      }
      return reader.fail(`${tag} is no known tag`);
    },
    toJSON: (value) => {
      const [name, , codec, inner] = find(value);
      return { [name]: codec.toJSON(inner) };
    },
    fromJSON: (json) => {
      const [name, , codec, inner] = find(members_(json));
      return { [name]: codec.fromJSON(inner) } as OneOf<C>;
    },
  };
}

/** One of some names, written as its number. */
export function named<Name extends string>(
  numbers: Record<Name, number>, width: "byte" | "tag" = "byte",
): Codec<Name> {
  const byNumber = new Map(Object.entries<number>(numbers).map(([name, number]) => [number, name]));
  const check = (name: string): Name => {
    if (!Object.prototype.hasOwnProperty.call(numbers, name)) {
      throw new TypeError(`one of ${Object.keys(numbers).join(", ")} is wanted, not ${name}`);
    }
    return name as Name;
  };
  return {
    write: (writer, value) => {
      const number = numbers[check(value)];
      if (width === "tag") writer.length(number);
      else writer.byte(number);
    },
    read: (reader) => {
      const number = width === "tag" ? reader.tag() : reader.byte();
      return (byNumber.get(number) as Name) ?? reader.fail(`${number} is no known number`);
    },
    toJSON: (value) => value,
    fromJSON: (json) => check(String(json)),
  };
}
