// SPDX-License-Identifier: Apache-2.0
import type { Session } from "../client/session";
import { compose } from "../messages/compose";
import { submit } from "./submit";
import type { Outcome } from "./submit";

/** Takes an order back that nobody runs yet. */
export function cancelJob(session: Session, job: string): Promise<Outcome> {
  return submit(session, [compose("market", { cancelOrder: { job } })]);
}
