// SPDX-License-Identifier: Apache-2.0
import type { Session } from "../client/session";
import { compose } from "../messages/compose";
import { submit } from "./submit";
import type { Outcome } from "./submit";

/** Finds that a milestone of the payer's contract was reached, and has its part paid out. */
export function releaseEscrow(
  session: Session, contract: bigint, milestone = 0,
): Promise<Outcome> {
  return submit(session, [
    compose("treasury", { reachMilestone: { grant: contract, milestone } }),
    compose("treasury", { claimGrant: contract }),
  ]);
}

/** Takes back what no milestone has released, as the payer. */
export function cancelEscrow(session: Session, contract: bigint): Promise<Outcome> {
  return submit(session, [compose("treasury", { revokeGrant: contract })]);
}
