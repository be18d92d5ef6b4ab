// SPDX-License-Identifier: Apache-2.0
// Modules/Names: names that stand for accounts.
import type { ValueOf } from "../codec/codec";
import { oneOf, struct } from "../codec/compounds";
import { id32, text, u8, u128 } from "../codec/scalars";

const name = text(32);
const offer = struct({ name, owner: id32, amount: u128 });

/** What may be asked of the names. */
export const namesMessage = oneOf({
  claim: [0, offer], bid: [1, offer], renew: [2, struct({ name, terms: u8 })],
  point: [3, struct({ name, target: id32 })], transfer: [4, struct({ name, owner: id32 })],
  release: [5, struct({ name })],
});
export type NamesMessage = ValueOf<typeof namesMessage>;
