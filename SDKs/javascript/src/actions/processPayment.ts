// SPDX-License-Identifier: Apache-2.0
import type { Session } from "../client/session";
import { compose } from "../messages/compose";
import { submit } from "./submit";
import type { Outcome } from "./submit";

/** One payment, in base units of an asset; the native one when none is named. */
export interface Payment { account: string; amount: bigint; asset?: bigint }

/** Pays one or many at once, all or nobody, and waits until it is final. */
export function processPayment(session: Session, payments: Payment[]): Promise<Outcome> {
  const parts = payments.map(({ account, amount, asset = 0n }) => ({ account, asset, amount }));
  return submit(session, [compose("accounts", { transfer: { parts } })]);
}
