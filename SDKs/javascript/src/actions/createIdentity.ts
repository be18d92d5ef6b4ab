// SPDX-License-Identifier: Apache-2.0
import { concat, utf8 } from "../bytes/hex";
import type { Session } from "../client/session";
import { encode } from "../codec/codec";
import { compose } from "../messages/compose";
import { identityOperation } from "../messages/identities";
import { submit } from "./submit";
import type { Outcome } from "./submit";

/**
 * Begins the log of the signer's identity.
 *
 * @param recovery The account of the spare key that may take the identity back.
 */
export async function createIdentity(session: Session, recovery: string): Promise<Outcome> {
  const { signer, genesis } = session;
  const operation = encode(identityOperation, {
    chain: genesis.chain, subject: signer.account, sequence: 0n, previous: "00".repeat(32),
    action: { create: { key: signer.publicKey, recovery } },
  });
  const signature = await signer.sign(concat(utf8("atoll/identity/operation/1\0"), operation));
  const identities = [{ key: signer.publicKey, recovery, signature }];
  return submit(session, [compose("identities", { create: { identities } })]);
}
