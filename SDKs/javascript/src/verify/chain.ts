// SPDX-License-Identifier: Apache-2.0
// Headers, votes and certificates as light clients read them (specs/light-client.md).
import type { ValueOf } from "../codec/codec";
import { list, oneOf, struct } from "../codec/compounds";
import { bytes, id32, signature, u64, u128, unit } from "../codec/scalars";

/** The header of a block. */
export const header = struct({
  chain: id32, epoch: u64, slot: u64, height: u64, parentSlot: u64, parent: id32, timestamp: u64,
  payloadDigest: id32, stateHeight: u64, stateRoot: id32, proposer: id32,
});
export type Header = ValueOf<typeof header>;

/** What validators say about a slot. */
export const statement = oneOf({
  notar: [0, struct({ slot: u64, block: id32 })], skip: [1, struct({ slot: u64 })],
  final: [2, struct({ slot: u64, block: id32 })],
});
export type Statement = ValueOf<typeof statement>;

/** A statement with the signatures of those who made it. */
export const certificate = struct({
  epoch: u64, statement, signers: bytes(16), signatures: list(signature, 128),
});
export type Certificate = ValueOf<typeof certificate>;

/** What proves a header final. */
export const finalityProof = struct({ descendants: list(header, 4_096), certificate });
export type FinalityProof = ValueOf<typeof finalityProof>;

/** A path of the state tree, from the root down, and what is at its end. */
export const stateProof = struct({
  siblings: list(id32, 256),
  end: oneOf({
    included: [0, struct({ valueHash: id32 })], empty: [1, unit],
    otherLeaf: [2, struct({ key: id32, valueHash: id32 })],
  }),
});
export type StateProof = ValueOf<typeof stateProof>;

/** The validators of an epoch, as the state names them before it begins. */
export const nextSet = struct({
  epoch: u64, validators: list(struct({ key: id32, stake: u128 }), 128),
});

/** How an epoch named the validators of the next. */
export const handover = struct({ header, finality: finalityProof, next: nextSet, proof: stateProof });
export type Handover = ValueOf<typeof handover>;
