// SPDX-License-Identifier: Apache-2.0
// A request to one module, as a transaction carries it.
import type { ValueOf } from "../codec/codec";
import { struct } from "../codec/compounds";
import { bytes, u8 } from "../codec/scalars";

/** The numbers of the modules. */
export const modules = {
  ledger: 0, accounts: 1, registry: 2, market: 3, reputation: 4, validators: 5, staking: 6,
  treasury: 7, governance: 8, exchange: 9, leases: 10, identities: 16,
  names: 17, mandates: 18,
} as const;
export type ModuleName = keyof typeof modules;

/** The module's number and its message's canonical bytes. */
export const message = struct({ module: u8, payload: bytes(65_536) });
export type Message = ValueOf<typeof message>;
