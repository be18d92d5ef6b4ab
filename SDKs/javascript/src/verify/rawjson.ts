// SPDX-License-Identifier: Apache-2.0
// JSON with its numbers as written, which the chain's identity is a hash of.

/** A JSON value whose numbers are texts. */
export type RawJSON =
  | { kind: "null" }
  | { kind: "bool"; value: boolean }
  | { kind: "number"; text: string }
  | { kind: "string"; text: string }
  | { kind: "array"; elements: RawJSON[] }
  | { kind: "object"; members: [string, RawJSON][] };

/** The deepest nesting. */
const depthMax = 64;

/**
 * Reads JSON.
 *
 * @throws SyntaxError when the text is none, nests deeper than 64, or names a member twice.
 */
export function parseRaw(text: string): RawJSON {
  // The platform's parser judges the form; this one only keeps the numbers.
  JSON.parse(text);
  let place = 0;
  const space = (): void => {
    while (" \t\r\n".includes(text[place] ?? "x")) place += 1;
  };
  const string = (): string => {
    const begin = place;
    place += 1;
    while (text[place] !== '"') place += text[place] === "\\" ? 2 : 1;
    place += 1;
    return JSON.parse(text.slice(begin, place)) as string;
  };
  const value = (depth: number): RawJSON => {
    if (depth > depthMax) throw new SyntaxError(`JSON nests deeper than ${depthMax}`);
    space();
    const first = text[place];
    if (first === '"') return { kind: "string", text: string() };
    if (first === "{") return object(depth);
    if (first === "[") return array(depth);
    const word = /[-+.0-9a-zA-Z]+/y;
    word.lastIndex = place;
    const found = word.exec(text)?.[0] ?? "";
    place += found.length;
    if (found === "null") return { kind: "null" };
    if (found === "true" || found === "false") return { kind: "bool", value: found === "true" };
    return { kind: "number", text: found };
  };
  const array = (depth: number): RawJSON => {
    const elements: RawJSON[] = [];
    place += 1;
    space();
    while (text[place] !== "]") {
      elements.push(value(depth + 1));
      space();
      if (text[place] === ",") place += 1;
      space();
    }
    place += 1;
    return { kind: "array", elements };
  };
  const object = (depth: number): RawJSON => {
    const members: [string, RawJSON][] = [];
    const names = new Set<string>();
    place += 1;
    space();
    while (text[place] !== "}") {
      space();
      const name = string();
      if (names.has(name)) throw new SyntaxError(`the member ${name} is there twice`);
      names.add(name);
      space();
      place += 1;
      members.push([name, value(depth + 1)]);
      space();
      if (text[place] === ",") place += 1;
      space();
    }
    place += 1;
    return { kind: "object", members };
  };
  return value(0);
}
