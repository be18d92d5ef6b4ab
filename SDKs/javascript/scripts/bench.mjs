// SPDX-License-Identifier: Apache-2.0
// Encode and sign, verify and hash, a second: node scripts/bench.mjs
import * as sdk from "../dist/atoll.js";

const signer = await sdk.signerOf(new Uint8Array(32).fill(7));
const message = sdk.compose("accounts", {
  transfer: { parts: [{ account: "ab".repeat(32), asset: 0n, amount: 1n }] },
});
const draft = (nonce) => ({
  chain: "cd".repeat(32), sender: signer.publicKey, nonce: BigInt(nonce), feeMax: 1n,
  validUntil: 2_000n, messages: [message],
});

async function rate(name, act, milliseconds = 1_000) {
  const begin = performance.now();
  let count = 0;
  while (performance.now() - begin < milliseconds) {
    await act(count);
    count += 1;
  }
  const each = (performance.now() - begin) / count;
  console.log(`${name}: ${Math.round(1_000 / each)}/s`);
}

const signed = await sdk.signTransaction(draft(0), signer);
const key = sdk.fromHex(signer.publicKey);
const bytes = sdk.signedBytesOf(signed.transaction);
await rate(`encode and sign (${signer.backend})`, async (nonce) => {
  sdk.encode(sdk.signedTransaction, await sdk.signTransaction(draft(nonce), signer));
});
await rate("encode alone", (nonce) => sdk.encode(sdk.transaction, draft(nonce)));
await rate("verify a signature by ZIP-215", () => sdk.accepts(key, signed.signature, bytes));
await rate("SHA-256 of 1 KiB", () => sdk.sha256(new Uint8Array(1_024)));
