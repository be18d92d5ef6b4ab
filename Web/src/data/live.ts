// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from "react";
import { gateway } from "./gateway";
import type { Schemas } from "./gateway";
import { useResource } from "./useResource";
import type { Resource } from "./useResource";

/** How many blocks the overview remembers: two minutes of one a second. */
const blocksMax = 120;
/** How many events are remembered. */
const eventsMax = 60;

type Block = Schemas["Block"];
let recent: Block[] = [];

/** The newest blocks, oldest first; only new ones are fetched. */
export function useBlocks(): Resource<Block[]> {
  return useResource("blocks", async () => {
    const last = recent[recent.length - 1];
    const path = last === undefined ? "/v1/blocks?limit=100" : `/v1/blocks?limit=100&from=${last.height + 1}`;
    const page = await gateway.get<Schemas["BlockPage"]>(path);
    const joins = last === undefined || page.blocks[0] === undefined || page.blocks[0].parent === last.hash;
    recent = [...(joins ? recent : []), ...page.blocks].slice(-blocksMax);
    return recent;
  }, 1_000);
}

/** The state of the gateway and of its chain. */
export const useStatus = (): Resource<Schemas["Status"]> =>
  useResource("status", () => gateway.status(), 2_000);

/** Transactions of each second before now, oldest first. */
export function perSecond(blocks: Block[], seconds: number): number[] {
  const end = Math.floor((blocks[blocks.length - 1]?.time ?? 0) / 1_000);
  const counts = new Array<number>(seconds).fill(0);
  for (const block of blocks) {
    const place = seconds - 1 - (end - Math.floor(block.time / 1_000));
    if (place >= 0 && place < seconds) counts[place] = (counts[place] ?? 0) + block.transactions.length;
  }
  return counts;
}

/** One thing that happened on the chain. */
export interface ChainEvent {
  id: string;
  name: string;
  data: { [name: string]: unknown };
}

/** How many blocks before now the events begin: a minute. */
const earlierBlocks = 60;

/** Events as they happen, newest first, and whether the stream is open. */
export function useEvents(query = ""): { events: ChainEvent[]; isOpen: boolean } {
  const [events, setEvents] = useState<ChainEvent[]>([]);
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    const abort = new AbortController();
    const read = async (): Promise<void> => {
      const head = await gateway.status().then((status) => status.height, () => 0);
      let after = head === 0 ? "" : `${Math.max(0, head - earlierBlocks)}.0`;
      while (!abort.signal.aborted) {
        try {
          const place = after === "" ? "" : `&after=${after}`;
          const response = await fetch(`/v1/events?${query}${place}`, { signal: abort.signal });
          if (!response.ok || response.body === null) throw new Error(`${response.status}`);
          setOpen(true);
          await lines(response.body, (event) => {
            after = event.id;
            setEvents((old) => [event, ...old].slice(0, eventsMax));
          });
        } catch {
          // The gateway went away; it is asked again below.
        }
        setOpen(false);
        await new Promise((resolve) => setTimeout(resolve, 2_000));
      }
    };
    void read();
    return () => abort.abort();
  }, [query]);
  return { events, isOpen };
}

/** Reads server-sent events until the stream ends. */
async function lines(body: ReadableStream<Uint8Array>, take: (event: ChainEvent) => void): Promise<void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const parts = (rest + decoder.decode(value, { stream: true })).split("\n\n");
    rest = parts.pop() ?? "";
    for (const part of parts) {
      const field = (name: string): string | undefined =>
        part.split("\n").find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
      const [id, name, data] = [field("id"), field("event"), field("data")];
      // A gap has no module: what is missing is not shown, what follows is.
      if (id === undefined || name === undefined || data === undefined || !name.includes(".")) continue;
      take({ id, name, data: JSON.parse(data) as { [name: string]: unknown } });
    }
  }
}
