// SPDX-License-Identifier: Apache-2.0
import type { Session } from "../client/session";
import { compose } from "../messages/compose";
import { submit } from "./submit";
import type { Outcome } from "./submit";

/** Unlocks base units that were locked for votes. */
export function unlock(session: Session, amount: bigint): Promise<Outcome> {
  return submit(session, [compose("governance", { unlock: amount })]);
}
