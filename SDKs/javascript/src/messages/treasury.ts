// SPDX-License-Identifier: Apache-2.0
// Modules/Treasury: accounts of several keys, pools, grants, airdrops, auctions, bounties.
import type { ValueOf } from "../codec/codec";
import { list, oneOf, struct } from "../codec/compounds";
import { flag, id32, text, u8, u64, u128 } from "../codec/scalars";
import { message } from "./message";

/** Where money comes from or goes to. */
export const source = oneOf({ account: [0, id32], pool: [1, u64] });
/** One payment of a pool. */
export const payment = struct({ to: id32, asset: u64, amount: u128 });
const stretch = struct({ duration: u64, share: u64 });
/** When a grant becomes its receiver's. Times are milliseconds, shares parts of a million. */
export const schedule = oneOf({
  curve: [0, struct({
    start: u64, atStart: u64, cliff: u64, duration: u64, period: u64, lock: u64, accrues: flag,
  })],
  stretches: [1, struct({ start: u64, rows: list(stretch, 32) })],
  milestones: [2, list(u64, 32)],
});
const auctionTerms = struct({
  asset: u64, supply: u128, startPrice: u128, endPrice: u128, start: u64, end: u64,
  cap: u128, isForPersons: flag,
});
const bounty = struct({
  pool: u64, asset: u64, subject: id32,
  rows: list(struct({ severity: text(32), least: u128, most: u128 }), 16),
  isOpen: flag, paid: u128,
});
const decision = struct({ account: id32, number: u64 });

/** What may be asked of the treasury. */
export const treasuryMessage = oneOf({
  createMultisig: [0, struct({ members: list(id32, 32), threshold: u8 })],
  propose: [1, struct({ account: id32, messages: list(message, 8), expires: u64 })],
  approve: [2, decision], withdraw: [3, decision],
  setMembers: [4, struct({ members: list(id32, 32), threshold: u8 })],
  createPool: [5, struct({ name: text(64), owner: id32 })],
  deposit: [6, struct({ pool: u64, asset: u64, amount: u128 })],
  spend: [7, struct({ pool: u64, payments: list(payment, 256) })],
  setLimit: [8, struct({ pool: u64, asset: u64, amount: u128, period: u64 })],
  setOwner: [9, struct({ pool: u64, owner: id32 })],
  createGrant: [10, struct({
    source, receiver: source, asset: u64, amount: u128, schedule, isRevocable: flag,
  })],
  claimGrant: [11, u64], revokeGrant: [12, u64],
  reachMilestone: [13, struct({ grant: u64, milestone: u8 })],
  createAirdrop: [14, struct({
    source, asset: u64, amount: u128, root: id32, leaves: u64, opens: u64, expires: u64,
  })],
  claimAirdrop: [15, struct({
    airdrop: u64, place: u64, account: id32, amount: u128, proof: list(id32, 32),
  })],
  sweepAirdrop: [16, u64],
  createAuction: [17, struct({ terms: auctionTerms, source })],
  bid: [18, struct({ auction: u64, offer: u128 })],
  collect: [19, struct({ auction: u64, bidder: id32 })], closeAuction: [20, u64],
  openBounty: [21, bounty],
  award: [22, struct({ bounty: u64, to: id32, severity: text(32), amount: u128 })],
  closeBounty: [23, u64],
  giveBadge: [24, struct({ to: id32, name: text(64), evidence: id32 })],
  revokeBadge: [25, struct({ from: id32, name: text(64) })],
});
export type TreasuryMessage = ValueOf<typeof treasuryMessage>;
