// SPDX-License-Identifier: Apache-2.0
import type { GatewayClient } from "../client/client";
import type { components } from "../generated/api";

/**
 * Where a `WebSocket` for events is opened, with a ticket where the client shows a key.
 *
 * Browsers send no header fields with a socket's handshake. The ticket opens one socket within
 * half a minute, so an address is asked for anew each time.
 */
export async function socketAddress(client: GatewayClient): Promise<string> {
  const address = client.address === "" ? globalThis.location.origin : client.address;
  const socket = `${address.replace(/^http/, "ws")}/v1/socket`;
  if (!client.hasKey) return socket;
  const { ticket } = await client.post<components["schemas"]["Ticket"]>(
    "/v1/access/tickets", { path: "/v1/socket" });
  return `${socket}?ticket=${ticket}`;
}
