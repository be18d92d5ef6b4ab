// SPDX-License-Identifier: Apache-2.0
import { concat, fromHex, toHex, utf8 } from "../bytes/hex";
import type { GatewayClient } from "../client/client";
import type { Session } from "../client/session";
import { encode } from "../codec/codec";
import { list, optional, struct } from "../codec/compounds";
import { text, u64, id32 } from "../codec/scalars";
import { sha256 } from "../crypto/sha256";
import { randomBytes } from "../crypto/webcrypto";
import { compose } from "../messages/compose";
import { orderTerms } from "../messages/market";
import type { OrderTerms } from "../messages/market";
import { submit } from "./submit";

/** What is to run. Amounts are base units. */
export interface JobRequest {
  /** The program: WebAssembly with WASI preview 1. */
  module: Uint8Array;
  arguments?: string[];
  standardInput?: Uint8Array;
  files?: { path: string; content: Uint8Array }[];
  fuelMax?: bigint;
  memoryBytesMax?: bigint;
  outputBytesMax?: bigint;
  /** How many providers run it, 1 to 5; two when missing. */
  replicas?: number;
  /** The most it may cost; what the dearest providers would ask when missing. */
  maxCost?: bigint;
  timeoutMilliseconds?: number;
}

const blob = struct({ digest: id32, size: u64 });
/** The list of a job's input files. */
export const jobInput = struct({
  standardInput: optional(blob), files: list(struct({ path: text(512), blob }), 1_024),
});

/** The id of the job that an order opens. */
export function jobOf(sender: string, transaction: string, terms: OrderTerms): string {
  return toHex(sha256(concat(
    utf8("atoll/market/job/1\0"), fromHex(sender), fromHex(transaction),
    encode(orderTerms, terms))));
}

/** A job that was ordered. */
export interface OpenedJob { job: string; terms: OrderTerms; transaction: string; height: number }

/** Uploads a program with its input and orders its execution. */
export async function openJob(session: Session, request: JobRequest): Promise<OpenedJob> {
  return placeOrder(session, await termsOf(session, request), request.timeoutMilliseconds);
}

/** Opens the order of terms. */
export async function placeOrder(
  session: Session, terms: OrderTerms, timeoutMilliseconds = timeoutUsual,
): Promise<OpenedJob> {
  const message = compose("market", { openOrder: { terms } });
  const sent = await submit(session, [message], timeoutMilliseconds);
  return {
    job: jobOf(session.signer.account, sent.hash, terms), terms, transaction: sent.hash,
    height: sent.height,
  };
}

/** Uploads a program with its input and says what an order of it would be. */
export async function termsOf({ client }: Session, request: JobRequest): Promise<OrderTerms> {
  const keep = async (bytes: Uint8Array): Promise<{ digest: string; size: bigint }> => {
    const kept = await client.upload(bytes);
    return { digest: kept.digest, size: BigInt(kept.size) };
  };
  const program = await keep(request.module);
  const standardInput = request.standardInput === undefined
    ? null : await keep(request.standardInput);
  const files = [];
  for (const file of request.files ?? []) {
    files.push({ path: file.path, blob: await keep(file.content) });
  }
  files.sort((left, right) => (left.path < right.path ? -1 : 1));
  const input = await keep(encode(jobInput, { standardInput, files }));
  const timeout = request.timeoutMilliseconds ?? timeoutUsual;
  const [fuelMax, replicas] = [request.fuelMax ?? 1_000_000_000n, request.replicas ?? 2];
  const quote = await client.post<{ costMax: string }>(
    "/v1/quotes", { fuelMax: Number(fuelMax), replicas });
  return {
    kind: "wasm", moduleDigest: program.digest, inputDigest: input.digest,
    arguments: request.arguments ?? [],
    limits: {
      fuelMax, memoryBytesMax: request.memoryBytesMax ?? 256n << 20n,
      outputBytesMax: request.outputBytesMax ?? 4n << 20n,
      wallMilliseconds: BigInt(Math.min(Math.max(1_000, Math.floor(timeout / 4)), timeout)),
    },
    replicas, asset: 0n, maxCost: request.maxCost ?? BigInt(quote.costMax),
    deadline: (await chainTime(client)) + BigInt(timeout), salt: toHex(await randomBytes(32)),
  };
}

const timeoutUsual = 60_000;

/** The chain's time now: that of the newest block and how long ago it came. */
export async function chainTime(client: GatewayClient): Promise<bigint> {
  const status = await client.status();
  return BigInt(status.headTime) + BigInt(status.lastBlockAgeMilliseconds ?? 0);
}
