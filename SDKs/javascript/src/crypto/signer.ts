// SPDX-License-Identifier: Apache-2.0
import { concat, fromHex, toHex, utf8 } from "../bytes/hex";
import { publicKeyOf, signWith } from "./ed25519";
import { sha256 } from "./sha256";
import { randomBytes, webCrypto } from "./webcrypto";

/** Who signs, without showing the secret. */
export interface Signer {
  /** The public key, 64 hexadecimal digits. */
  readonly publicKey: string;
  /** The account of the key, 64 hexadecimal digits. */
  readonly account: string;
  /** What signs: the runtime's WebCrypto, or the portable code of this package. */
  readonly backend: "webcrypto" | "portable";
  sign(message: Uint8Array): Promise<Uint8Array>;
}

/** The bytes before the seed in PKCS #8 (RFC 8410). */
const pkcs8Prefix = fromHex("302e020100300506032b657004220420");

/** The account of a public key: SHA-256 of `atoll/account/1`, a zero byte and the key. */
export function accountOf(publicKey: string): string {
  return toHex(sha256(concat(utf8("atoll/account/1\0"), fromHex(publicKey))));
}

/** A fresh seed of 32 random bytes. */
export const newSeed = (): Promise<Uint8Array> => randomBytes(32);

/**
 * A signer of a seed of 32 bytes.
 *
 * WebCrypto holds the key where it knows Ed25519, and then it cannot be read out again; elsewhere
 * the portable code signs with the seed itself.
 */
export async function signerOf(seed: Uint8Array): Promise<Signer> {
  const publicKey = toHex(publicKeyOf(seed));
  const account = accountOf(publicKey);
  const subtle = (await webCrypto())?.subtle;
  if (subtle !== undefined) {
    try {
      const key = await subtle.importKey(
        "pkcs8", concat(pkcs8Prefix, seed), { name: "Ed25519" }, false, ["sign"]);
      return {
        publicKey, account, backend: "webcrypto",
        sign: async (message) => new Uint8Array(await subtle.sign("Ed25519", key, message)),
      };
    } catch {
      // A runtime without Ed25519 throws NotSupportedError.
    }
  }
  const own = seed.slice();
  return {
    publicKey, account, backend: "portable", sign: async (message) => signWith(own, message),
  };
}
