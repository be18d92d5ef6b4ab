// SPDX-License-Identifier: Apache-2.0
// What the tests share: the built package, the vectors, the files of a real cloud.
import { readFileSync } from "node:fs";
export * as sdk from "../dist/atoll.js";

export const vectors = JSON.parse(
  readFileSync(new URL("vectors.json", import.meta.url), "utf8"));

/** A file of tests/fixtures, which a real local cloud wrote. */
export const fixture = (name) =>
  new Uint8Array(readFileSync(new URL(`fixtures/${name}`, import.meta.url)));
