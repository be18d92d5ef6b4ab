// SPDX-License-Identifier: Apache-2.0
// Modules/Mandates: who acts for whom, within which limits.
import type { Codec, ValueOf } from "../codec/codec";
import { list, oneOf, optional, struct } from "../codec/compounds";
import { flag, id32, u8, u64, u128 } from "../codec/scalars";
import { message } from "./message";

/** The tag of a message, as itself. */
const tag: Codec<number> = {
  write: (writer, value) => writer.length(value), read: (reader) => reader.tag(),
  toJSON: (value) => value, fromJSON: (json) => Number(json),
};

/** What a mandate covers; lists in ascending order. */
export const mandateScope = struct({
  kinds: list(struct({ module: u8, tag }), 64), resources: optional(list(id32, 64)),
  budgets: list(struct({ asset: u64, total: u128, perPeriod: optional(u128) }), 8),
  periodMilliseconds: u64, from: u64, until: u64, paysFees: flag,
});
const authorization = struct({ asset: u64, valueMax: u128, until: u64, credential: id32 });

/** What may be asked about mandates and machines. */
export const mandatesMessage = oneOf({
  grant: [0, struct({ delegate: id32, scope: mandateScope })],
  narrow: [1, struct({ parent: id32, delegate: id32, scope: mandateScope })],
  revoke: [2, struct({ mandate: id32 })], act: [3, struct({ mandate: id32, message })],
  payFees: [4, struct({ mandate: id32 })], setOwner: [5, struct({ machine: id32, owner: id32 })],
  authorise: [6, struct({ machine: id32, authorization: optional(authorization) })],
  releaseMachine: [7, struct({ machine: id32 })],
});
export type MandatesMessage = ValueOf<typeof mandatesMessage>;
