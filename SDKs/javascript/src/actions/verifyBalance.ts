// SPDX-License-Identifier: Apache-2.0
import { toHex } from "../bytes/hex";
import type { GatewayClient } from "../client/client";
import { proofFile } from "../verify/files";
import type { Genesis } from "../verify/genesis";
import { LightClient, balanceKey } from "../verify/lightClient";
import { learn } from "./verifyReceipt";

/** Fetches the proof of an account's balance and checks it with the genesis alone. */
export async function verifyBalance(
  client: GatewayClient, genesis: Genesis, account: string, asset = 0n,
): Promise<{ amount: bigint; height: bigint }> {
  const key = toHex(balanceKey(account, asset));
  const file = proofFile.read(await client.bytes(`/v1/proofs/accounts/${key}`));
  const light = new LightClient(genesis);
  for (const section of file) await learn(client, light, section.header.epoch);
  return light.balance(file, account, asset);
}
