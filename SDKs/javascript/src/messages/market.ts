// SPDX-License-Identifier: Apache-2.0
// Modules/Market: orders, bids, results.
import type { ValueOf } from "../codec/codec";
import { list, named, oneOf, struct } from "../codec/compounds";
import { id32, signature, text, u8, u32, u64, u128, unit } from "../codec/scalars";

/** How much one execution may use. */
export const jobLimits = struct({
  fuelMax: u64, memoryBytesMax: u64, outputBytesMax: u64, wallMilliseconds: u64,
});

/** What a client asks for and offers. */
export const orderTerms = struct({
  kind: named({ wasm: 0 }, "tag"), moduleDigest: id32, inputDigest: id32,
  arguments: list(text(2_048), 64), limits: jobLimits, replicas: u8, asset: u64, maxCost: u128,
  deadline: u64, salt: id32,
});
export type OrderTerms = ValueOf<typeof orderTerms>;

/** The price of one execution. */
export const price = struct({ base: u128, perMillionFuel: u128 });
export type Price = ValueOf<typeof price>;

/** How a program ended badly. */
export const jobTrap = named({
  unreachable: 1, memoryOutOfBounds: 2, tableOutOfBounds: 3, divideByZero: 4, integerOverflow: 5,
  badConversion: 6, stackOverflow: 7, indirectCallToNull: 8, badSignature: 9, other: 255,
});

/** How a program ended. */
export const jobOutcome = oneOf({
  exited: [1, u32], trapped: [2, jobTrap], fuelExhausted: [3, unit], memoryExceeded: [4, unit],
  outputExceeded: [5, unit], invalidModule: [6, unit], unsupportedImport: [7, unit],
  missingStart: [8, unit], invalidInput: [11, unit],
});

/** What an execution gave. */
export const jobResult = struct({
  outcome: jobOutcome, outputDigest: id32, outputBytes: u64, fuelUsed: u64,
});
export type JobResult = ValueOf<typeof jobResult>;

/** Why a provider cannot do the work. */
export const giveUpReason = named({
  moduleUnavailable: 0, inputUnavailable: 1, wallClockExceeded: 2, overloaded: 3, shuttingDown: 4,
  engineFailed: 5, outsideAuthorization: 6,
}, "tag");

/** What may be asked of the market. */
export const marketMessage = oneOf({
  openOrder: [0, struct({ terms: orderTerms })],
  placeBid: [1, struct({ job: id32, price })],
  commitResult: [2, struct({ job: id32, commitment: id32 })],
  revealResult: [3, struct({ job: id32, result: jobResult, salt: id32, key: id32, signature })],
  giveUp: [4, struct({ job: id32, reason: giveUpReason })],
  cancelOrder: [5, struct({ job: id32 })],
});
export type MarketMessage = ValueOf<typeof marketMessage>;
