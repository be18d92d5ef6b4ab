// SPDX-License-Identifier: Apache-2.0
import type { Session } from "../client/session";
import { compose } from "../messages/compose";
import { submit } from "./submit";
import type { Outcome } from "./submit";

/** Puts base units behind a validator; with `compounds` its rewards are added to them. */
export function delegate(
  session: Session, operator: string, amount: bigint, compounds = false,
): Promise<Outcome> {
  return submit(session, [compose("staking", { delegate: { operator, amount, compounds } })]);
}
