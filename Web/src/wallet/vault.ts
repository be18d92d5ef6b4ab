// SPDX-License-Identifier: Apache-2.0
// A key at rest: AES-256-GCM under a key that PBKDF2 makes of a passphrase.
import { fromHex, toHex, utf8 } from "../../../SDKs/javascript/src/bytes/hex";

/** How often PBKDF2 hashes: what OWASP asks for with SHA-256. */
const iterationsUsual = 600_000;
/** The most a file may ask for, so that a foreign backup cannot hang the page. */
const iterationsMax = 10_000_000;

/** A sealed key as it is stored and backed up. */
export interface SealedKey {
  version: 1;
  publicKey: string;
  account: string;
  iterations: number;
  salt: string;
  nonce: string;
  sealed: string;
}

async function keyOf(passphrase: string, salt: Uint8Array, iterations: number): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey("raw", utf8(passphrase), "PBKDF2", false, ["deriveKey"]);
  return crypto.subtle.deriveKey(
    { name: "PBKDF2", hash: "SHA-256", salt, iterations }, base,
    { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

/** Seals a seed; the public key is bound to it. */
export async function seal(
  seed: Uint8Array, publicKey: string, account: string, passphrase: string,
): Promise<SealedKey> {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const key = await keyOf(passphrase, salt, iterationsUsual);
  const sealed = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv: nonce, additionalData: utf8(publicKey) }, key, seed);
  return {
    version: 1, publicKey, account, iterations: iterationsUsual, salt: toHex(salt),
    nonce: toHex(nonce), sealed: toHex(new Uint8Array(sealed)),
  };
}

/**
 * Opens a sealed key.
 *
 * @throws Error when the passphrase is wrong or the file was changed.
 */
export async function open(one: SealedKey, passphrase: string): Promise<Uint8Array> {
  const key = await keyOf(passphrase, fromHex(one.salt), one.iterations);
  try {
    const seed = await crypto.subtle.decrypt(
      { name: "AES-GCM", iv: fromHex(one.nonce), additionalData: utf8(one.publicKey) }, key,
      fromHex(one.sealed));
    return new Uint8Array(seed);
  } catch {
    throw new Error("That passphrase does not open this wallet.");
  }
}

/** Reads a sealed key from text that may come from anywhere. */
export function readSealed(text: string): SealedKey {
  const one = JSON.parse(text) as Partial<SealedKey>;
  const isHex = (value: unknown, bytes: number): boolean =>
    typeof value === "string" && value.length === 2 * bytes && /^[0-9a-f]*$/.test(value);
  const isSound = one.version === 1 && isHex(one.publicKey, 32) && isHex(one.account, 32)
    && isHex(one.salt, 16) && isHex(one.nonce, 12) && isHex(one.sealed, 48)
    && Number.isInteger(one.iterations) && one.iterations! > 0 && one.iterations! <= iterationsMax;
  if (!isSound) throw new Error("That is no wallet file.");
  return one as SealedKey;
}
