// SPDX-License-Identifier: Apache-2.0
import type { Session } from "../client/session";
import { compose } from "../messages/compose";
import { submit } from "./submit";
import type { Outcome } from "./submit";

/** Takes what a delegation behind a validator has earned. */
export function claimRewards(session: Session, operator: string): Promise<Outcome> {
  return submit(session, [compose("staking", { claim: operator })]);
}
