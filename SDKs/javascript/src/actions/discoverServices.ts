// SPDX-License-Identifier: Apache-2.0
import type { GatewayClient } from "../client/client";
import type { components } from "../generated/api";

/** What is looked for; amounts in base units. */
export interface ServiceQuery {
  /** What is to be done, such as `wasm/1`. */
  capability?: string;
  /** Where: this region and those in it. */
  region?: string;
  units?: bigint;
  priceMax?: bigint;
  scoreMin?: number;
  freeSlots?: number;
  order?: "price" | "latency" | "reputation";
  limit?: number;
}

/** Providers that announce what is asked for: cheapest, nearest or best first. */
export async function discoverServices(
  client: GatewayClient, query: ServiceQuery = {},
): Promise<components["schemas"]["Service"][]> {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) words.set(name, String(value));
  }
  const page = await client.get<components["schemas"]["ServicePage"]>(`/v1/services?${words}`);
  return page.services;
}
