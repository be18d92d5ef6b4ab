// SPDX-License-Identifier: Apache-2.0
// Modules/Staking: bonds of roles, delegations, rewards.
import type { ValueOf } from "../codec/codec";
import { named, oneOf, optional, struct } from "../codec/compounds";
import { flag, id32, rest, text, u8, u64, u128 } from "../codec/scalars";

/** What a bond is for. */
export const role = named({
  holder: 1, compute: 2, storage: 3, bandwidth: 4, orchestrator: 5, wholesaler: 6, developer: 7,
  marketer: 8, node: 9, supplier: 10, fisherman: 11, gateway: 12, application: 13, machine: 14,
  issuer: 15, council: 16,
});
/** Where and under whom a machine stands. */
export const failureDomain = struct({ country: text(64), region: text(64), entity: text(64) });
/** An amount behind a validator; what compounds is never paid out. */
export const stakeOrder = struct({ operator: id32, amount: u128, compounds: flag });
const bondAmounts = struct({ role, base: u128, second: u128 });

/** What may be asked of the staking module. */
export const stakingMessage = oneOf({
  openBond: [0, struct({
    role, base: u128, second: u128, lock: u8, signer: optional(id32),
    domain: optional(failureDomain),
  })],
  addBond: [1, bondAmounts], reduceBond: [2, bondAmounts],
  leave: [3, role], pause: [4, role], resume: [5, role],
  setSigner: [6, struct({ role, signer: optional(id32) })],
  extendLock: [7, struct({ role, lock: u8 })], breakLock: [8, role],
  submitContradiction: [9, rest],
  delegate: [10, stakeOrder], undelegate: [11, stakeOrder],
  redelegate: [12, struct({ from: stakeOrder, to: id32 })],
  claim: [13, id32], setCommission: [14, u64],
  tokenize: [15, struct({ operator: id32, shares: u128 })],
  redeem: [16, struct({ operator: id32, shares: u128 })],
  insure: [17, flag], settle: [18, struct({ owner: id32, operator: id32 })], fund: [19, u128],
});
export type StakingMessage = ValueOf<typeof stakingMessage>;
