// SPDX-License-Identifier: Apache-2.0
// Negotiations: what clients and providers say of a task before anything is ordered.
import { concat, toHex, utf8 } from "../bytes/hex";
import { encode } from "../codec/codec";
import type { ValueOf } from "../codec/codec";
import { list, named, oneOf, optional, struct } from "../codec/compounds";
import { bytes, id32, signature, text, u8, u32, u64, u128, unit } from "../codec/scalars";
import { accepts } from "../crypto/ed25519";
import { sha256 } from "../crypto/sha256";
import type { Signer } from "../crypto/signer";
import { fromHex } from "../bytes/hex";

/** What one execution costs: a base, and a rate for each million units. */
export const tariff = struct({ base: u128, perMillionUnits: u128 });
export type Tariff = ValueOf<typeof tariff>;

/** What a client asks of everybody. */
export const taskManifest = struct({
  chain: id32, client: id32, kind: text(32),
  priority: named({ low: 0, normal: 1, high: 2, urgent: 3 }, "tag"), specification: bytes(4_096),
  requirements: struct({
    capabilities: list(text(32), 8), certifications: list(text(64), 8),
    region: optional(text(32)), deadline: u64, budgetMax: u128, asset: u64,
  }),
  deliverables: list(text(64), 8), units: u64, places: u8,
  pricing: oneOf({
    bids: [0, unit], rising: [1, struct({ start: u128, step: u128, stepMilliseconds: u32 })],
  }),
  opened: u64, bidsBy: u64, awardBy: u64, salt: id32,
});
export type TaskManifest = ValueOf<typeof taskManifest>;

/** A provider's offer for one place. */
export const taskBid = struct({
  task: id32, revision: u32, tariff, finishesInMilliseconds: u64, guarantees: list(text(64), 8),
  credentials: list(id32, 8), reputation: struct({ account: id32, height: u64 }),
  escrow: struct({ milestones: u8, rung: u8 }), validUntil: u64,
});
export type TaskBid = ValueOf<typeof taskBid>;

/** What is said about a task. */
export const taskMessage = oneOf({
  manifest: [0, taskManifest], bid: [1, taskBid],
  counterBid: [2, struct({ task: id32, bidder: id32, revision: u32, tariff, validUntil: u64 })],
  award: [3, struct({
    task: id32, place: u8, attempt: u8, bidder: id32, revision: u32, tariff, orderBy: u64,
  })],
  refusal: [4, struct({
    task: id32, bidder: id32, revision: u32,
    reason: named({ price: 0, capacity: 1, terms: 2, time: 3, other: 4 }, "tag"),
  })],
  withdrawal: [5, struct({ task: id32, revision: u32 })],
});
export type TaskMessage = ValueOf<typeof taskMessage>;

/** The same with its signer and signature. */
export const signedTaskMessage = struct({ message: taskMessage, signer: id32, signature });
export type SignedTaskMessage = ValueOf<typeof signedTaskMessage>;

/** The task of a manifest. */
export const taskOf = (manifest: TaskManifest): string =>
  toHex(sha256(concat(utf8("atoll/task/1\0"), encode(taskManifest, manifest))));

/** What a tariff comes to, rounded up. */
export const billFor = (price: Tariff, units: bigint): bigint =>
  price.base + (price.perMillionUnits * units + 999_999n) / 1_000_000n;

const signedBytes = (message: TaskMessage, signer: string): Uint8Array =>
  concat(utf8("atoll/task-message/1\0"), encode(taskMessage, message), fromHex(signer));

/** Signs a message of a negotiation. */
export async function signTaskMessage(message: TaskMessage, signer: Signer): Promise<SignedTaskMessage> {
  const own = await signer.sign(signedBytes(message, signer.publicKey));
  return { message, signer: signer.publicKey, signature: own };
}

/** Whether a message's signer has signed it. */
export const isSigned = (one: SignedTaskMessage): boolean =>
  accepts(fromHex(one.signer), one.signature, signedBytes(one.message, one.signer));
