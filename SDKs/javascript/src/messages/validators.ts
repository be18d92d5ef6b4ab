// SPDX-License-Identifier: Apache-2.0
// Modules/Validators: who votes on blocks.
import type { ValueOf } from "../codec/codec";
import { oneOf, struct } from "../codec/compounds";
import { id32, rest, signature, text, u128, unit } from "../codec/scalars";

/** A key with the proof that its holder wants it to vote. */
export const keyClaim = struct({ key: id32, proof: signature });

/** What may be asked of the validators' module; evidence travels as its own canonical bytes. */
export const validatorsMessage = oneOf({
  join: [0, struct({ claim: keyClaim, name: text(64), stake: u128, fees: id32 })],
  addStake: [1, u128], leave: [2, unit], rotateKey: [3, keyClaim],
  update: [4, struct({ name: text(64), fees: id32 })], resume: [5, unit],
  submitEvidence: [6, rest], submitLaneEvidence: [7, rest],
});
export type ValidatorsMessage = ValueOf<typeof validatorsMessage>;
