// SPDX-License-Identifier: Apache-2.0
import { fromHex, toHex, utf8 } from "../bytes/hex";
import type { GatewayClient } from "../client/client";
import type { Signer } from "../crypto/signer";
import type { components } from "../generated/api";

type Schemas = components["schemas"];

/** What precedes the text that is signed. */
const domain = "atoll/login/1\0";

/**
 * Logs in with a wallet's signature: the answer's `token` is shown as a key for an hour.
 *
 * @throws Error when the gateway asks for a signature of something else than a login here.
 */
export async function login(
  client: GatewayClient, signer: Signer, delegations?: unknown[],
): Promise<Schemas["Session"]> {
  const challenge = await client.post<Schemas["Challenge"]>(
    "/v1/access/challenges", { publicKey: signer.publicKey });
  // What is signed is what can be read: nothing but a login of this key.
  const signed = utf8(domain + challenge.text);
  if (toHex(signed) !== challenge.signedBytes || !challenge.text.includes(signer.publicKey)) {
    throw new Error("the gateway asks for a signature that is no login");
  }
  const signature = toHex(await signer.sign(fromHex(challenge.signedBytes)));
  return client.post("/v1/access/sessions", { nonce: challenge.nonce, signature, delegations });
}

/** Ends the session that the client shows. */
export async function logout(client: GatewayClient): Promise<void> {
  await client.request("DELETE", "/v1/access/sessions/current");
}
