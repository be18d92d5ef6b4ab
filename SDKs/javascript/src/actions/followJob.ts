// SPDX-License-Identifier: Apache-2.0
import type { GatewayClient } from "../client/client";
import type { components } from "../generated/api";

type Job = components["schemas"]["Job"];

/** Whether nothing more can happen to a job. */
export const hasEnded = (job: Job): boolean => job.settlement !== undefined;

/**
 * Looks at a job until it has ended and tells each new state.
 *
 * @throws Error when it has not ended in time.
 */
export async function followJob(
  client: GatewayClient, job: string, tell: (job: Job) => void = () => undefined,
  timeoutMilliseconds = 120_000,
): Promise<Job> {
  const end = Date.now() + timeoutMilliseconds;
  let told = "";
  for (;;) {
    const view = await client.job(job);
    const state = JSON.stringify(view);
    if (state !== told) tell(view);
    told = state;
    if (hasEnded(view)) return view;
    if (Date.now() > end) throw new Error(`job ${job} is still ${view.state}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
