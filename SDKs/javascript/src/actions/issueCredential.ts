// SPDX-License-Identifier: Apache-2.0
import { base58 } from "../bytes/base58";
import { canonicalJSON } from "../bytes/canonicalJSON";
import { concat, utf8 } from "../bytes/hex";
import { didOf, multikeyOf } from "../crypto/names";
import { sha256 } from "../crypto/sha256";
import type { Signer } from "../crypto/signer";

/** A document of JSON. */
export interface Document { [name: string]: unknown }

/** What is said of whom. */
export interface CredentialWish {
  /** Its kind, beside `VerifiableCredential`. */
  type: string;
  /** Of whom: a DID. */
  subject: string;
  claims: Document;
  /** For how long it counts; a year when missing. */
  validSeconds?: number;
  id?: string;
}

/** A moment as documents write it, in whole seconds. */
const moment = (milliseconds: number): string =>
  `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;

/**
 * Signs a credential with the key of an identity (W3C Data Integrity, `eddsa-jcs-2022`).
 *
 * Nothing is sent: whoever holds the credential shows it, and anybody checks it.
 */
export async function issueCredential(
  issuer: Signer, wish: CredentialWish, now = Date.now(),
): Promise<Document> {
  const did = didOf(issuer.account);
  const context = ["https://www.w3.org/ns/credentials/v2"];
  const unsigned: Document = {
    "@context": context, ...(wish.id === undefined ? {} : { id: wish.id }),
    type: ["VerifiableCredential", wish.type], issuer: did, validFrom: moment(now),
    validUntil: moment(now + 1_000 * (wish.validSeconds ?? 365 * 86_400)),
    credentialSubject: { ...wish.claims, id: wish.subject },
  };
  const options: Document = {
    type: "DataIntegrityProof", cryptosuite: "eddsa-jcs-2022", created: moment(now),
    verificationMethod: `${did}#${multikeyOf(issuer.publicKey)}`, proofPurpose: "assertionMethod",
    "@context": context,
  };
  const hash = (value: Document): Uint8Array => sha256(utf8(canonicalJSON(value)));
  const proofValue = `z${base58(await issuer.sign(concat(hash(options), hash(unsigned))))}`;
  return { ...unsigned, proof: { ...options, proofValue } };
}
