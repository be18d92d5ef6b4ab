// SPDX-License-Identifier: Apache-2.0
import type { Session } from "../client/session";
import { compose } from "../messages/compose";
import type { MessageOf } from "../messages/compose";
import { submit } from "./submit";
import type { Outcome } from "./submit";

type Grant = Extract<MessageOf<"treasury">, { createGrant: unknown }>["createGrant"];

/** Money that the ledger holds between two: it goes to the payee by milestones. */
export interface EscrowWish {
  /** Who is paid: an account. */
  payee: string;
  /** The whole, in base units, taken from the payer now. */
  amount: bigint;
  asset?: bigint;
  /** The milestones' parts in millionths, together a million; one for the whole when missing. */
  milestones?: bigint[];
  /** Whether the payer may take back what no milestone has released; yes when missing. */
  isRevocable?: boolean;
}

/** An escrow contract on the ledger. */
export interface EscrowContract { number: bigint; outcome: Outcome }

/** Puts money into escrow; nobody but the contract's rules can move it. */
export async function createEscrowContract(
  session: Session, wish: EscrowWish,
): Promise<EscrowContract> {
  const grant: Grant = {
    source: { account: session.signer.account }, receiver: { account: wish.payee },
    asset: wish.asset ?? 0n, amount: wish.amount,
    schedule: { milestones: wish.milestones ?? [1_000_000n] },
    isRevocable: wish.isRevocable ?? true,
  };
  const outcome = await submit(session, [compose("treasury", { createGrant: grant })]);
  const view = await session.client.get<{ events?: { module: string; name?: string; number?: number }[] }>(
    `/v1/transactions/${outcome.hash}`);
  const created = view.events?.find((one) => one.module === "treasury" && one.name === "grantCreated");
  const number = created?.number;
  if (number === undefined) throw new Error(`the escrow contract of ${outcome.hash} has no number`);
  return { number: BigInt(number), outcome };
}
