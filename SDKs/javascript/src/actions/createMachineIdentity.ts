// SPDX-License-Identifier: Apache-2.0
import type { Session } from "../client/session";
import { didOf } from "../crypto/names";
import { newSeed, signerOf } from "../crypto/signer";
import type { Signer } from "../crypto/signer";
import { createIdentity } from "./createIdentity";

/** A machine with an identity of its own on the chain. */
export interface MachineIdentity {
  /** `did:atoll:…`, resolvable from the first block that holds it. */
  did: string;
  signer: Signer;
  /** What takes the identity back when the machine's key is lost: keep it elsewhere. */
  spareSeed: Uint8Array;
  height: number;
}

/**
 * Gives a machine an identity: a key of its own and the beginning of its log; the session pays.
 *
 * @param seed The machine's key; a new one when missing.
 */
export async function createMachineIdentity(
  session: Session, seed?: Uint8Array,
): Promise<MachineIdentity> {
  const signer = await signerOf(seed ?? await newSeed());
  const spareSeed = await newSeed();
  const spare = await signerOf(spareSeed);
  const { height } = await createIdentity(session, spare.publicKey, signer);
  return { did: didOf(signer.account), signer, spareSeed, height };
}
