// SPDX-License-Identifier: Apache-2.0
import { GatewayClient } from "../../../SDKs/javascript/src/client/client";
import type { components } from "../../../SDKs/javascript/src/generated/api";
import { readGenesis } from "../../../SDKs/javascript/src/verify/genesis";
import type { Genesis } from "../../../SDKs/javascript/src/verify/genesis";
import { accessKey, watchedFetch } from "./access";

/** The shapes of the gateway's answers. */
export type Schemas = components["schemas"];

/** The gateway that served this page. */
export const gateway = new GatewayClient("", {
  timeoutMilliseconds: 15_000, accessKey, fetch: watchedFetch,
});

let known: Promise<Genesis> | null = null;

/** Where this browser remembers the chain it met first at this address. */
const chainKey = "atoll.chain";

/** The genesis of the gateway's chain; fetched once. */
export function genesis(): Promise<Genesis> {
  known ??= gateway.genesisText().then(readGenesis).catch((failure) => {
    known = null;
    throw failure;
  });
  return known;
}

/** Whether this address served another chain before; what was believed then no longer counts. */
export function remembersOtherChain(chain: string): boolean {
  const before = localStorage.getItem(chainKey);
  if (before === null) localStorage.setItem(chainKey, chain);
  return before !== null && before !== chain;
}

/** Takes the chain of now as the one that is expected from here on. */
export function acceptChain(chain: string): void {
  localStorage.setItem(chainKey, chain);
}
