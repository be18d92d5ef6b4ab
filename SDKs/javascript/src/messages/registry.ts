// SPDX-License-Identifier: Apache-2.0
// Modules/Registry: who offers work, with which bond.
import type { ValueOf } from "../codec/codec";
import { list, oneOf, struct } from "../codec/compounds";
import { id32, text, u32, u128, unit } from "../codec/scalars";

/** What a provider offers; capabilities in ascending order of their bytes. */
export const providerTerms = struct({
  endpoint: text(260), capabilities: list(text(32), 16), basePrice: u128,
  pricePerMillionFuel: u128, slots: u32,
});

/** What may be asked of the registry. */
export const registryMessage = oneOf({
  register: [0, struct({ peer: id32, terms: providerTerms, bond: u128 })],
  update: [1, struct({ terms: providerTerms, addedBond: u128 })],
  pause: [2, unit], resume: [3, unit], unbond: [4, unit], withdraw: [5, unit],
});
export type RegistryMessage = ValueOf<typeof registryMessage>;
