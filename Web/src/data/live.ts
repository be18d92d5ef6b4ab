// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from "react";
import { followEvents } from "../../../SDKs/javascript/src/actions/followEvents";
import type { ChainEvent } from "../../../SDKs/javascript/src/actions/followEvents";
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

/** How many blocks before now the events begin: a minute. */
const earlierBlocks = 60;

/** Events as they happen, newest first, and whether the stream is open. */
export function useEvents(): { events: ChainEvent[]; isOpen: boolean } {
  const [events, setEvents] = useState<ChainEvent[]>([]);
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    const abort = new AbortController();
    const read = async (): Promise<void> => {
      const head = await gateway.status().then((status) => status.height, () => 0);
      const after = head === 0 ? undefined : `${Math.max(0, head - earlierBlocks)}.0`;
      const options = { after, signal: abort.signal, isOpen: setOpen };
      for await (const event of followEvents(gateway, options)) {
        // A gap has no module: what is missing is not shown, what follows is.
        if (event.name !== "gap") setEvents((old) => [event, ...old].slice(0, eventsMax));
      }
    };
    // Where the gateway refuses, the whole page says so.
    read().catch(() => setOpen(false));
    return () => abort.abort();
  }, []);
  return { events, isOpen };
}
