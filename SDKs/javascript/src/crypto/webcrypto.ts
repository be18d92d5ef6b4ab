// SPDX-License-Identifier: Apache-2.0
// The runtime's WebCrypto: a global in browsers and in Node 20, a module in Node 18.

/** WebCrypto, or nothing where the runtime has none (a page that is not from a secure origin). */
export async function webCrypto(): Promise<Crypto | null> {
  const own = (globalThis as { crypto?: Crypto }).crypto;
  if (own?.getRandomValues !== undefined) return own;
  const node = (globalThis as { process?: { versions?: { node?: string } } }).process;
  if (node?.versions?.node === undefined) return null;
  const name = "node:crypto";
  return ((await import(name)) as { webcrypto: Crypto }).webcrypto;
}

/** Random bytes that nobody can guess. */
export async function randomBytes(count: number): Promise<Uint8Array> {
  const crypto = await webCrypto();
  if (crypto === null) throw new Error("this runtime gives no random bytes");
  return crypto.getRandomValues(new Uint8Array(count));
}
