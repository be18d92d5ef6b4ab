// SPDX-License-Identifier: Apache-2.0
import type { Session } from "../client/session";
import { compose } from "../messages/compose";
import { submit } from "./submit";
import type { Outcome } from "./submit";

/** Takes base units back from behind a validator; they come after the unbonding time. */
export function undelegate(
  session: Session, operator: string, amount: bigint, compounds = false,
): Promise<Outcome> {
  return submit(session, [compose("staking", { undelegate: { operator, amount, compounds } })]);
}
