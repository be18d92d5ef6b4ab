// SPDX-License-Identifier: Apache-2.0
import { fromHex, toHex } from "../bytes/hex";
import type { Session } from "../client/session";
import { decode, encode } from "../codec/codec";
import { randomBytes } from "../crypto/webcrypto";
import type { components } from "../generated/api";
import type { OrderTerms } from "../messages/market";
import { orderTerms } from "../messages/market";
import {
  billFor, isSigned, signTaskMessage, signedTaskMessage, taskOf,
} from "../messages/tasks";
import type { TaskBid, TaskManifest, TaskMessage } from "../messages/tasks";
import { chainTime, termsOf } from "./openJob";
import type { JobRequest } from "./openJob";

/** A task whose places were awarded: its order is still to be opened. */
export interface NegotiatedTask {
  task: string;
  /** The terms of the order: the price is that of the awards. */
  terms: OrderTerms;
  awards: { bidder: string; price: bigint }[];
}

/** How long bids are awaited, and after that awards may be given. */
const biddingMilliseconds = 3_000n;
const awardingMilliseconds = 15_000n;

/**
 * Asks providers for bids and awards the work to the cheapest; nothing is ordered yet.
 *
 * Bids are believed by their signatures alone: the gateway only carries them.
 *
 * @param budget The most that all executions together may cost, in base units.
 * @throws Error when fewer providers bid within the budget than are wanted.
 */
export async function negotiateTask(
  session: Session, request: JobRequest, budget: bigint,
): Promise<NegotiatedTask> {
  const terms = await termsOf(session, request);
  const opened = await chainTime(session.client);
  const manifest = await manifestOf(session, terms, budget, opened);
  const task = taskOf(manifest);
  await say(session, { manifest });
  await new Promise((resolve) => setTimeout(resolve, Number(biddingMilliseconds)));
  const offers = await bidsOn(session, task, manifest);
  const chosen = offers.slice(0, manifest.places);
  if (chosen.length < manifest.places) {
    throw new Error(`${chosen.length} of ${manifest.places} providers bid within the budget; nothing was ordered`);
  }
  for (const [place, { bidder, bid }] of chosen.entries()) {
    await say(session, {
      award: {
        task, place, attempt: 0, bidder, revision: bid.revision, tariff: bid.tariff,
        // Opened at once: whoever was awarded a place keeps a slot free no longer than that.
        orderBy: manifest.awardBy,
      },
    });
  }
  const awards = chosen.map(({ bidder, price }) => ({ bidder, price }));
  const dearest = awards.reduce((most, one) => (one.price > most ? one.price : most), 0n);
  return {
    task, awards, terms: { ...terms, maxCost: dearest * BigInt(manifest.places), salt: task },
  };
}

/** What is asked of everybody: the order's terms without a price and without a name. */
async function manifestOf(
  { genesis, signer }: Session, terms: OrderTerms, budgetMax: bigint, opened: bigint,
): Promise<TaskManifest> {
  const specification = encode(orderTerms, { ...terms, maxCost: 0n, salt: "00".repeat(32) });
  const bidsBy = opened + biddingMilliseconds;
  return {
    chain: genesis.chain, client: signer.publicKey, kind: "wasm/1", priority: "normal",
    specification,
    requirements: {
      capabilities: ["wasm/1"], certifications: [], region: null, deadline: terms.deadline,
      budgetMax, asset: terms.asset,
    },
    deliverables: ["output"], units: terms.limits.fuelMax, places: terms.replicas,
    pricing: { bids: null }, opened, bidsBy, awardBy: bidsBy + awardingMilliseconds,
    salt: toHex(await randomBytes(32)),
  };
}

async function say({ client, signer }: Session, message: TaskMessage): Promise<void> {
  const signed = encode(signedTaskMessage, await signTaskMessage(message, signer));
  await client.request("POST", "/v1/tasks", signed, "application/octet-stream");
}

/** Bids that their bidders signed and that a place can pay, the cheapest first. */
async function bidsOn(
  { client }: Session, task: string, manifest: TaskManifest,
): Promise<{ bidder: string; bid: TaskBid; price: bigint }[]> {
  const view = await client.get<components["schemas"]["Task"]>(`/v1/tasks/${task}`);
  const share = manifest.requirements.budgetMax / BigInt(manifest.places);
  const offers = [];
  for (const one of view.bids) {
    const signed = decode(signedTaskMessage, fromHex(one.signed));
    if (!("bid" in signed.message) || signed.message.bid.task !== task || !isSigned(signed)) continue;
    const { bid } = signed.message;
    const price = billFor(bid.tariff, manifest.units);
    if (price <= share) offers.push({ bidder: signed.signer, bid, price });
  }
  return offers.sort((left, right) =>
    (left.price === right.price ? (left.bidder < right.bidder ? -1 : 1)
      : left.price < right.price ? -1 : 1));
}
