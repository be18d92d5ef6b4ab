// SPDX-License-Identifier: Apache-2.0
// A job's receipt, and whether it adds up (specs/receipt.md).
import { concat, fromHex, toHex, utf8 } from "../bytes/hex";
import { encode } from "../codec/codec";
import type { ValueOf } from "../codec/codec";
import { list, named, optional, struct } from "../codec/compounds";
import { id32, signature, u8, u16, u64, u128 } from "../codec/scalars";
import { accepts } from "../crypto/ed25519";
import { sha256 } from "../crypto/sha256";
import { accountOf } from "../crypto/signer";
import { jobResult, price } from "../messages/market";
import type { JobResult, Price } from "../messages/market";

const moment = struct({ height: u64, time: u64 });
const evidence = struct({ resultDigest: id32, salt: id32, key: id32, signature });
const execution = struct({
  provider: id32, price, evidence: optional(evidence), bill: u128, paid: u128,
  paidFromBonds: u128, slashed: u128, finding: named({ agreed: 0, dissented: 1, undecided: 2 }),
});
export type Execution = ValueOf<typeof execution>;

/** What the chain keeps of a job that has ended. */
export const receipt = struct({
  version: u16, chain: id32, job: id32, client: id32, kind: named({ wasm: 0 }, "tag"),
  rung: named({ signed: 0, replicated: 2 }), moduleDigest: id32, inputDigest: id32,
  argumentsDigest: id32, replicas: u8,
  ending: named({ settled: 0, undetermined: 1, expired: 2, cancelled: 3 }),
  result: optional(jobResult), executions: list(execution, 9), asset: u64, maxCost: u128,
  cost: u128, refund: u128, opened: moment, ended: moment,
});
export type Receipt = ValueOf<typeof receipt>;

/** The hash of a result, which providers sign. */
export function resultDigest(result: JobResult): string {
  return toHex(sha256(concat(utf8("atoll/market/result/1\0"), encode(jobResult, result))));
}

/** What an execution with so much fuel costs, rounded up. */
export function billOf(price: Price, fuel: bigint): bigint {
  return price.base + (price.perMillionFuel * fuel + 999_999n) / 1_000_000n;
}

/** Everything that does not add up, in sentences; nothing when all does. */
export function flawsOf(value: Receipt): string[] {
  return [
    ...value.executions.flatMap((one) => flawsOfExecution(one, value)), ...flawsOfMoney(value),
    ...flawsOfEnding(value),
  ];
}

function flawsOfExecution(one: Execution, value: Receipt): string[] {
  const flaws: string[] = [];
  if (one.evidence === null) {
    return one.finding === "undecided" ? [] : [`${one.provider} was judged without a result`];
  }
  if (accountOf(one.evidence.key) !== one.provider) {
    flaws.push(`the key of ${one.provider} is another account's`);
  }
  const signed = concat(
    utf8("atoll/market/result-statement/1\0"),
    ...[value.chain, value.job, one.provider, one.evidence.resultDigest].map(fromHex));
  if (!accepts(fromHex(one.evidence.key), one.evidence.signature, signed)) {
    flaws.push(`the signature of ${one.provider} does not fit its result`);
  }
  const agrees = value.result !== null && one.evidence.resultDigest === resultDigest(value.result);
  if (one.finding === "agreed" && !agrees) {
    flaws.push(`${one.provider} is said to agree and gave another result`);
  }
  if (one.finding === "dissented" && agrees) {
    flaws.push(`${one.provider} is said to dissent and gave the accepted result`);
  }
  return flaws;
}

function flawsOfMoney(value: Receipt): string[] {
  const flaws: string[] = [];
  const paid = value.executions.reduce((sum, one) => sum + one.paid, 0n);
  if (paid !== value.cost) flaws.push("the payments do not add up to the cost");
  if (value.cost + value.refund !== value.maxCost) {
    flaws.push("cost and refund are not the escrow");
  }
  if (value.result === null) return flaws;
  for (const one of value.executions) {
    if (one.finding !== "agreed") {
      if (one.paid !== 0n || one.paidFromBonds !== 0n) {
        flaws.push(`${one.provider} was paid without agreeing`);
      }
      continue;
    }
    if (billOf(one.price, value.result.fuelUsed) !== one.bill) {
      flaws.push(`the bill of ${one.provider} is not its price`);
    }
    if (one.paid !== 0n && one.paid !== one.bill) flaws.push(`${one.provider} was not paid its bill`);
  }
  return flaws;
}

function flawsOfEnding(value: Receipt): string[] {
  const agreed = value.executions.filter((one) => one.finding === "agreed").length;
  const flaws: string[] = [];
  switch (value.ending) {
    case "settled":
      if (value.result === null) flaws.push("it is settled without a result");
      if (agreed * 2 <= value.executions.length) flaws.push("no majority gave the result");
      if (value.executions.length < value.replicas) flaws.push("too few executions");
      if (value.rung !== (value.replicas > 1 ? "replicated" : "signed")) {
        flaws.push("it claims another rung than its replicas allow");
      }
      return flaws;
    case "undetermined":
    case "expired":
      return value.cost === 0n && value.result === null && agreed === 0
        ? [] : ["the client paid for an order that did not settle"];
    case "cancelled":
      return value.result === null && agreed === 0 ? [] : ["a cancelled order has a result"];
  }
}
