// SPDX-License-Identifier: Apache-2.0
import type { Session } from "../client/session";
import { compose } from "../messages/compose";
import { submit } from "./submit";
import type { Outcome } from "./submit";

/** Sends base units of an asset to an account. */
export function transfer(
  session: Session, account: string, amount: bigint, asset = 0n,
): Promise<Outcome> {
  return submit(session, [compose("accounts", { transfer: { parts: [{ account, asset, amount }] } })]);
}
