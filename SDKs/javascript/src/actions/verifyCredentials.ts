// SPDX-License-Identifier: Apache-2.0
import { fromBase58 } from "../bytes/base58";
import { canonicalJSON } from "../bytes/canonicalJSON";
import { concat, utf8 } from "../bytes/hex";
import type { GatewayClient } from "../client/client";
import { accepts } from "../crypto/ed25519";
import { sha256 } from "../crypto/sha256";
import type { components } from "../generated/api";
import type { Document } from "./issueCredential";

/** Whom a verifier trusts to attest what: kinds of credentials, and the DIDs that may. */
export interface Trust { [type: string]: string[] }

/** What was found of one credential. */
export interface CredentialFinding {
  /** Whether every check holds, the signature's here included. */
  verified: boolean;
  /** Whether the signature is that of the key it names, as checked by this program. */
  isSigned: boolean;
  /** What the gateway found, check by check. */
  checks: components["schemas"]["Verification"]["results"][number]["checks"];
}

/**
 * Verifies credentials: signatures here, whose keys they are and the rest at the gateway.
 *
 * @param trust What issuers are believed; the gateway's own policy when missing.
 */
export async function verifyCredentials(
  client: GatewayClient, credentials: Document[], trust?: Trust,
): Promise<CredentialFinding[]> {
  const findings: CredentialFinding[] = [];
  for (const credential of credentials) {
    const options = trust === undefined ? {} : { policy: { issuers: trust } };
    const answer = await client.post<components["schemas"]["Verification"]>(
      "/v1/credentials/verify", { verifiableCredential: credential, options });
    const isSigned = hasOwnSignature(credential);
    findings.push({
      verified: answer.verified && isSigned, isSigned,
      checks: answer.results.flatMap((one) => one.checks),
    });
  }
  return findings;
}

/** Whether the only proof of a document is a signature of the key that it names. */
function hasOwnSignature(credential: Document): boolean {
  const { proof, ...unsigned } = credential as { proof?: Document };
  if (proof === undefined || Array.isArray(proof)) return false;
  const { proofValue, ...options } = proof;
  const method = String(options["verificationMethod"] ?? "");
  try {
    const key = fromBase58(method.slice(method.indexOf("#") + 2));
    const signature = fromBase58(String(proofValue).slice(1));
    if (key[0] !== 0xed || key[1] !== 0x01 || options["cryptosuite"] !== "eddsa-jcs-2022") return false;
    const hash = (value: unknown): Uint8Array => sha256(utf8(canonicalJSON(value)));
    return accepts(key.slice(2), signature, concat(hash(options), hash(unsigned)));
  } catch {
    return false;
  }
}
