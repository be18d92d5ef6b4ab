// SPDX-License-Identifier: Apache-2.0
import type { Session } from "../client/session";
import { compose } from "../messages/compose";
import type { Draft } from "../messages/governance";
import { submit } from "./submit";
import type { Outcome } from "./submit";

/** Proposes something and leaves a deposit of base units. */
export function propose(session: Session, draft: Draft, deposit: bigint): Promise<Outcome> {
  return submit(session, [compose("governance", { propose: { draft, deposit } })]);
}
