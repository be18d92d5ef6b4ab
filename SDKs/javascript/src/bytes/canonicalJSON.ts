// SPDX-License-Identifier: Apache-2.0
// JSON in its one form (RFC 8785): members in the order of their UTF-16, nothing between.

/** The canonical text of a value. */
export function canonicalJSON(value: unknown): string {
  if (value === null || typeof value !== "object") {
    if (typeof value === "number" && !Number.isFinite(value)) throw new TypeError("no number of JSON");
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJSON).join(",")}]`;
  const members = Object.entries(value).filter(([, one]) => one !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${members.map(([name, one]) => `${JSON.stringify(name)}:${canonicalJSON(one)}`).join(",")}}`;
}
