// SPDX-License-Identifier: Apache-2.0
import type { Session } from "../client/session";
import { compose } from "../messages/compose";
import { submit } from "./submit";
import type { Outcome } from "./submit";

/** Votes on a proposal with everything the sender had locked or delegated when voting began. */
export function vote(
  session: Session, proposal: bigint, choice: "yes" | "no" | "abstain" | "veto",
): Promise<Outcome> {
  return submit(session, [compose("governance", { vote: { proposal, choice } })]);
}
