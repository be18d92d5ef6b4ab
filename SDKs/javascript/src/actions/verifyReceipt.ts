// SPDX-License-Identifier: Apache-2.0
import type { GatewayClient } from "../client/client";
import { handoverFile, receiptFile } from "../verify/files";
import type { ReceiptFile } from "../verify/files";
import type { Check } from "../verify/lightClient";
import { LightClient } from "../verify/lightClient";
import type { Genesis } from "../verify/genesis";

/** The most files of handovers fetched at once: each names up to 64 epochs. */
const handoverFilesMax = 256;

/** Fetches a job's receipt and checks it with the genesis alone. */
export async function verifyReceipt(
  client: GatewayClient, genesis: Genesis, job: string,
): Promise<{ file: ReceiptFile; bytes: Uint8Array; checks: Check[] }> {
  const bytes = await client.bytes(`/v1/jobs/${job}/receipt`);
  const file = receiptFile.read(bytes);
  const light = new LightClient(genesis);
  await learn(client, light, file.header.epoch);
  return { file, bytes, checks: light.checkReceipt(file) };
}

/** Fetches the handovers up to an epoch and checks each. */
export async function learn(
  client: GatewayClient, light: LightClient, epoch: bigint,
): Promise<void> {
  for (let count = 0; light.nextEpoch <= epoch && count < handoverFilesMax; count += 1) {
    const from = light.nextEpoch - 1n;
    const handovers = handoverFile.read(await client.bytes(`/v1/handovers?from=${from}`));
    if (handovers.length === 0) return;
    light.extend(handovers);
  }
}
