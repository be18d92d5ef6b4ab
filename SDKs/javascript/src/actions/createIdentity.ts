// SPDX-License-Identifier: Apache-2.0
import { concat, utf8 } from "../bytes/hex";
import type { Session } from "../client/session";
import { encode } from "../codec/codec";
import { recoveryOf } from "../crypto/names";
import type { Signer } from "../crypto/signer";
import { compose } from "../messages/compose";
import { identityOperation } from "../messages/identities";
import { submit } from "./submit";
import type { Outcome } from "./submit";

/**
 * Begins the log of an identity; the session's signer pays.
 *
 * @param spareKey The public key that may take the identity back when its own key is lost.
 * @param holder Whose identity it is; the session's signer when missing.
 */
export async function createIdentity(
  session: Session, spareKey: string, holder: Signer = session.signer,
): Promise<Outcome> {
  const recovery = recoveryOf(spareKey);
  const operation = encode(identityOperation, {
    chain: session.genesis.chain, subject: holder.account, sequence: 0n, previous: "00".repeat(32),
    action: { create: { key: holder.publicKey, recovery } },
  });
  const signature = await holder.sign(concat(utf8("atoll/identity/operation/1\0"), operation));
  const identities = [{ key: holder.publicKey, recovery, signature }];
  return submit(session, [compose("identities", { create: { identities } })]);
}
