// SPDX-License-Identifier: Apache-2.0
import type { GatewayClient } from "../client/client";
import { GatewayProblem } from "../client/problem";

/** One thing that happened on the chain. */
export interface ChainEvent {
  /** Its place, `height.index`. */
  id: string;
  /** `<module>.<name>`, or `gap` when events were missed. */
  name: string;
  data: { [name: string]: unknown };
}

/** What is followed. */
export interface FollowOptions {
  /** `events` when missing. */
  topics?: ("events" | "jobs" | "proposals" | "transactions" | "blocks")[];
  job?: string;
  account?: string;
  /** Begin after this `height.index`; at the head when missing. */
  after?: string;
  signal?: AbortSignal;
  /** Told whenever the stream opens or is lost. */
  isOpen?: (isOpen: boolean) => void;
}

/** How long a lost stream is left alone before it is opened again. */
const pauseMilliseconds = 2_000;
/** The most characters of one event: some events of 4 KiB each fit. */
const eventMax = 1 << 20;

/**
 * Events as they become final, without gaps over lost connections, until the signal ends it.
 *
 * @throws GatewayProblem when the gateway refuses, such as without a key where one is demanded.
 */
export async function* followEvents(
  client: GatewayClient, options: FollowOptions = {},
): AsyncGenerator<ChainEvent, void, void> {
  const { signal, isOpen } = options;
  let after = options.after;
  while (!signal?.aborted) {
    try {
      const response = await client.open(`/v1/events?${queryOf(options, after)}`, signal);
      isOpen?.(true);
      if (response.body !== null) {
        for await (const event of eventsOf(response.body)) {
          after = event.id;
          yield event;
        }
      }
    } catch (failure) {
      if (failure instanceof GatewayProblem && failure.status < 500) throw failure;
      // The gateway went away; it is asked again below.
    } finally {
      isOpen?.(false);
    }
    if (!signal?.aborted) await new Promise((resolve) => setTimeout(resolve, pauseMilliseconds));
  }
}

function queryOf(options: FollowOptions, after: string | undefined): string {
  const query = new URLSearchParams();
  if (options.topics !== undefined) query.set("topics", options.topics.join(","));
  if (options.job !== undefined) query.set("job", options.job);
  if (options.account !== undefined) query.set("account", options.account);
  if (after !== undefined) query.set("after", after);
  return query.toString();
}

/** Reads server-sent events until the stream ends. */
async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<ChainEvent, void, void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const parts = (rest + decoder.decode(value, { stream: true })).split("\n\n");
      rest = parts.pop() ?? "";
      if (rest.length > eventMax) throw new TypeError("an event does not end");
      for (const part of parts) {
        const event = read(part);
        if (event !== null) yield event;
      }
    }
  } finally {
    // Who stops listening lets the connection go.
    await reader.cancel().catch(() => undefined);
  }
}

/** One event; nothing for comments and what names no event. */
function read(part: string): ChainEvent | null {
  const lines = part.split("\n");
  const field = (name: string): string | undefined =>
    lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
  const [id, name, data] = [field("id"), field("event"), field("data")];
  if (id === undefined || name === undefined || data === undefined) return null;
  return { id, name, data: JSON.parse(data) as { [name: string]: unknown } };
}
