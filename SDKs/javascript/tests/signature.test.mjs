// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";
import { sdk } from "./sdk.mjs";

test("SHA-256 is that of the runtime at every length around a block", () => {
  for (let length = 0; length < 200; length += 1) {
    const bytes = new Uint8Array(length).fill(length);
    const expected = createHash("sha256").update(bytes).digest("hex");
    assert.equal(sdk.toHex(sdk.sha256(bytes)), expected);
  }
});

test("the portable signer and RFC 8032 agree", () => {
  const seed = sdk.fromHex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
  const key = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
  const signature = "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";
  assert.equal(sdk.toHex(sdk.publicKeyOf(seed)), key);
  assert.equal(sdk.toHex(sdk.signWith(seed, Uint8Array.of(0x72))), signature);
  assert.ok(sdk.accepts(sdk.fromHex(key), sdk.fromHex(signature), Uint8Array.of(0x72)));
});

test("a changed message, key or signature is refused", () => {
  const seed = new Uint8Array(32).fill(9);
  const key = sdk.publicKeyOf(seed);
  const message = sdk.utf8("pay one");
  const signature = sdk.signWith(seed, message);
  assert.ok(sdk.accepts(key, signature, message));
  assert.ok(!sdk.accepts(key, signature, sdk.utf8("pay two")));
  for (let place = 0; place < 64; place += 7) {
    const other = signature.slice();
    other[place] ^= 1;
    assert.ok(!sdk.accepts(key, other, message));
  }
  assert.ok(!sdk.accepts(sdk.publicKeyOf(new Uint8Array(32).fill(8)), signature, message));
});

test("signatures on which libraries differ are decided by ZIP-215", () => {
  // A and R of small order with S zero hold; an S that is not below the order does not.
  const small = sdk.fromHex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa");
  const zero = sdk.concat(small, new Uint8Array(32));
  assert.ok(sdk.accepts(small, zero, sdk.utf8("any")));
  const order = sdk.fromHex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  assert.ok(!sdk.accepts(small, sdk.concat(small, order), sdk.utf8("any")));
});

test("WebCrypto signs where the runtime knows Ed25519, and gives the portable signature", async () => {
  const seed = await sdk.newSeed();
  const signer = await sdk.signerOf(seed);
  const message = sdk.utf8("hello");
  assert.deepEqual(await signer.sign(message), sdk.signWith(seed, message));
  assert.ok(["webcrypto", "portable"].includes(signer.backend));
});
