// SPDX-License-Identifier: Apache-2.0
import type { Session } from "../client/session";
import type { components } from "../generated/api";
import type { Check } from "../verify/lightClient";
import { followJob } from "./followJob";
import type { NegotiatedTask } from "./negotiateTask";
import { placeOrder } from "./openJob";
import { verifyReceipt } from "./verifyReceipt";

/** Work that was done, with what proves it. */
export interface Execution {
  job: string;
  view: components["schemas"]["Job"];
  /** What the program wrote to its standard output. */
  output: Uint8Array;
  /** The receipt's checks, made here with the genesis alone. */
  checks: Check[];
}

/**
 * Has an awarded task done: opens its order, which holds the price in escrow, follows the providers
 * to the end, and verifies the receipt.
 *
 * @throws Error when the work was not settled, or its receipt does not hold.
 */
export async function coordinateExecution(
  session: Session, negotiated: NegotiatedTask,
  tell: (view: components["schemas"]["Job"]) => void = () => undefined,
): Promise<Execution> {
  const { job } = await placeOrder(session, negotiated.terms);
  const view = await followJob(session.client, job, tell);
  if (view.state !== "settled") throw new Error(`job ${job} ended as ${view.state}`);
  const { checks } = await verifyReceipt(session.client, session.genesis, job);
  if (checks.some((one) => one.finding !== "holds")) {
    throw new Error(`the receipt of job ${job} does not hold`);
  }
  return { job, view, output: await session.client.bytes(`/v1/jobs/${job}/stdout`), checks };
}
