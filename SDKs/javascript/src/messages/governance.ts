// SPDX-License-Identifier: Apache-2.0
// Modules/Governance: proposals, votes, and what they change.
import type { ValueOf } from "../codec/codec";
import { list, named, oneOf, optional, struct } from "../codec/compounds";
import { id32, text, u8, u32, u64, u128 } from "../codec/scalars";
import { message } from "./message";

/** What a proposal does. */
export const proposalKind = named({
  text: 0, parameter: 1, treasury: 2, upgrade: 3, validators: 4, role: 5, constitutional: 6,
  emergency: 7, board: 8,
});
/** What a vote says. */
export const choice = named({ yes: 0, no: 1, abstain: 2, veto: 3 });
/** Who votes. */
export const electorate = named({ stake: 0, roots: 1, council: 2, emergency: 3, board: 4 });
/** A new value of one figure, in JSON as in a genesis file. */
export const figureChange = struct({ module: u8, name: text(64), value: text(256) });
/** A program version that the nodes shall run from an epoch on. */
export const upgrade = struct({ version: u32, digest: id32, epoch: u64 });

/** What is proposed. */
export const draft = struct({
  kind: proposalKind, title: text(128), text: id32, changes: list(figureChange, 16),
  messages: list(message, 8), upgrade: optional(upgrade), ratifies: optional(u64),
});
export type Draft = ValueOf<typeof draft>;

const kindRules = struct({
  houses: list(struct({ electorate, quorum: u64, approval: u64 }), 4),
  discussion: u64, voting: u64, timeLock: u64,
});

/** What may be asked of the governance. */
export const governanceMessage = oneOf({
  lock: [0, u128], unlock: [1, u128], delegate: [2, optional(id32)], refresh: [3, id32],
  propose: [4, struct({ draft, deposit: u128 })], withdraw: [5, u64],
  vote: [6, struct({ proposal: u64, choice })], signalReady: [7, struct({ version: u32, plan: id32 })],
  setSeats: [8, struct({
    electorate, seats: list(struct({ account: id32, weight: u64 }), 100),
  })],
  setRules: [9, struct({ kind: proposalKind, rules: kindRules })],
});
export type GovernanceMessage = ValueOf<typeof governanceMessage>;
