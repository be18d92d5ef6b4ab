// SPDX-License-Identifier: Apache-2.0
import type { Session } from "../client/session";
import { compose } from "../messages/compose";
import { submit } from "./submit";
import type { Outcome } from "./submit";

/** Locks base units, which then vote; they can be unlocked when no vote of theirs goes on. */
export function lockForVotes(session: Session, amount: bigint): Promise<Outcome> {
  return submit(session, [compose("governance", { lock: amount })]);
}
