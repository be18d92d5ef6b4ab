// SPDX-License-Identifier: Apache-2.0
// Modules/Exchange: pools of two assets, trades, windows where what roles earned is converted.
import type { ValueOf } from "../codec/codec";
import { oneOf, optional, struct } from "../codec/compounds";
import { u64, u128 } from "../codec/scalars";

/** An amount of an asset. */
export const assetAmount = struct({ asset: u64, amount: u128 });
/** What the rate of a role's asset depends on. */
export const windowTerms = struct({ target: u128, reference: u128 });

/** What may be asked of the exchange. Fees are millionths, times milliseconds. */
export const exchangeMessage = oneOf({
  createPool: [0, struct({
    one: assetAmount, other: assetAmount, fee: u64, lockedUntil: optional(u64),
  })],
  addLiquidity: [1, struct({
    pool: u64, firstMost: u128, secondMost: u128, firstLeast: u128, secondLeast: u128,
  })],
  removeLiquidity: [2, struct({ pool: u64, shares: u128, firstLeast: u128, secondLeast: u128 })],
  swap: [3, struct({ pool: u64, sold: assetAmount, least: u128, expires: u64 })],
  lock: [4, struct({ pool: u64, shares: u128, until: u64 })], unlock: [5, u64], fund: [6, u128],
  convert: [7, struct({ asset: u64, amount: u128, least: u128 })],
  setWindow: [8, struct({ asset: u64, terms: optional(windowTerms) })],
});
export type ExchangeMessage = ValueOf<typeof exchangeMessage>;
