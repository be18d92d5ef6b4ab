// SPDX-License-Identifier: Apache-2.0
import type { Signer } from "../crypto/signer";
import type { Genesis } from "../verify/genesis";
import { readGenesis } from "../verify/genesis";
import type { GatewayClient } from "./client";

/** What every action needs: a gateway, the chain behind it, and who signs. */
export interface Session {
  client: GatewayClient;
  genesis: Genesis;
  signer: Signer;
}

/**
 * Asks a gateway for its genesis and checks that the gateway follows that chain.
 *
 * @param chain The chain that is expected; any when missing.
 * @throws Error when the gateway is of another chain than it says or than is expected.
 */
export async function openSession(
  client: GatewayClient, signer: Signer, chain?: string,
): Promise<Session> {
  const genesis = readGenesis(await client.genesisText());
  const status = await client.status();
  if (status.chain !== genesis.chain || (chain !== undefined && chain !== genesis.chain)) {
    throw new Error(`the gateway follows chain ${status.chain}, its genesis begins ${genesis.chain}`);
  }
  return { client, genesis, signer };
}
