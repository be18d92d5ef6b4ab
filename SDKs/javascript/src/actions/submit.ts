// SPDX-License-Identifier: Apache-2.0
import { encode } from "../codec/codec";
import type { Session } from "../client/session";
import { GatewayProblem, TransactionRefused } from "../client/problem";
import type { Message } from "../messages/message";
import { hashOf, signTransaction, signedTransaction } from "../transactions/transaction";

/** What became of a transaction that took effect. */
export interface Outcome { hash: string; height: number; index: number; fee: bigint }

/** How many nonces may be taken by others of the same account before it is given up. */
const attemptsMax = 8;
/** How many blocks a transaction may wait for its own. */
const validityBlocks = 2_000n;
const nonceTrouble = new Set(["nonceTooLow", "nonceTooHigh", "nonceTaken"]);

/**
 * Signs messages as one transaction, sends it, and waits until it is final.
 *
 * @throws TransactionRefused when a module refused it; GatewayProblem when the gateway did.
 */
export async function submit(
  session: Session, messages: Message[], timeoutMilliseconds = 30_000,
): Promise<Outcome> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await attemptOnce(session, messages, timeoutMilliseconds);
    } catch (failure) {
      const code = failure instanceof TransactionRefused ? failure.refusal.name
        : failure instanceof GatewayProblem ? failure.code : "";
      if (!nonceTrouble.has(code) || attempt === attemptsMax) throw failure;
      await new Promise((resolve) => setTimeout(resolve, 50 * attempt));
    }
  }
}

async function attemptOnce(
  { client, genesis, signer }: Session, messages: Message[], timeout: number,
): Promise<Outcome> {
  const [status, account] = await Promise.all([client.status(), client.account(signer.account)]);
  const validity = genesis.validityBlocksMax < validityBlocks
    ? genesis.validityBlocksMax : validityBlocks;
  const draft = {
    chain: genesis.chain, sender: signer.publicKey, nonce: BigInt(account.nonce), feeMax: 0n,
    validUntil: BigInt(status.height) + validity, messages,
  };
  // Every amount takes as many bytes, so the fee is that of the draft.
  const count = encode(signedTransaction, { transaction: draft, signature: new Uint8Array(64) }).length;
  const { base, perByte, perMessage } = genesis.fees;
  const feeMax = base + perByte * BigInt(count) + perMessage * BigInt(messages.length);
  const signed = await signTransaction({ ...draft, feeMax }, signer);
  const response = await client.request(
    "POST", `/v1/transactions?wait=final&timeout=${Math.min(timeout, 30_000)}`,
    encode(signedTransaction, signed), "application/octet-stream", timeout + 5_000);
  const answer = (await response.json()) as {
    height: number; index: number; verdict: string; fee: string;
    refusal: { module: string; name: string; detail: string } | null;
  };
  const hash = hashOf(signed.transaction);
  if (answer.refusal !== null) throw new TransactionRefused(hash, answer.refusal);
  return { hash, height: answer.height, index: answer.index, fee: BigInt(answer.fee) };
}
