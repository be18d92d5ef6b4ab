// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import test from "node:test";
import { sdk, vectors } from "./sdk.mjs";

test("every message encodes to the bytes that the Swift code gives", () => {
  assert.ok(vectors.messages.length > 60);
  for (const { module, value, payload } of vectors.messages) {
    const composed = sdk.composeJSON(module, value);
    assert.equal(sdk.toHex(composed.payload), payload, `${module} ${JSON.stringify(value)}`);
  }
});

test("every message reads back to the value it was written from", () => {
  for (const { module, value, payload } of vectors.messages) {
    const codec = sdk.messageCodecs[module];
    assert.deepEqual(codec.toJSON(sdk.decode(codec, sdk.fromHex(payload))), value);
  }
});

test("bytes that are missing, follow, or take more than they need are refused", () => {
  for (const { module, payload } of vectors.messages) {
    const codec = sdk.messageCodecs[module];
    const bytes = sdk.fromHex(payload);
    assert.throws(() => sdk.decode(codec, sdk.concat(bytes, Uint8Array.of(0))), sdk.DecodingError);
    assert.throws(() => sdk.decode(codec, bytes.slice(0, -1)), sdk.DecodingError);
  }
  assert.throws(() => new sdk.Reader(Uint8Array.of(0x80, 0x00)).tag(), sdk.DecodingError);
  assert.throws(() => new sdk.Reader(Uint8Array.of(2)).flag(), sdk.DecodingError);
});

test("a decoder survives any bytes", () => {
  let seed = 7;
  const next = () => (seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0) >>> 24;
  for (const { module, payload } of vectors.messages) {
    for (let round = 0; round < 40; round += 1) {
      const bytes = sdk.fromHex(payload);
      for (let flips = 0; flips < 3; flips += 1) bytes[next() % bytes.length] = next();
      try {
        const codec = sdk.messageCodecs[module];
        const value = sdk.decode(codec, bytes);
        assert.deepEqual(sdk.encode(codec, value), bytes, "what reads has one encoding");
      } catch (failure) {
        assert.ok(failure instanceof sdk.DecodingError, String(failure));
      }
    }
  }
});

test("a transaction has the hash, the signature and the bytes that the Swift code gives", async () => {
  for (const one of vectors.transactions) {
    const value = sdk.transaction.fromJSON(one.transaction);
    const signer = await sdk.signerOf(sdk.fromHex(one.seed));
    assert.equal(signer.publicKey, one.transaction.sender);
    assert.equal(signer.account, one.account);
    assert.equal(sdk.hashOf(value), one.hash);
    const signed = await sdk.signTransaction(value, signer);
    assert.equal(sdk.toHex(signed.signature), one.signature);
    assert.equal(sdk.toHex(sdk.encode(sdk.signedTransaction, signed)), one.bytes);
    const portable = sdk.signWith(sdk.fromHex(one.seed), sdk.signedBytesOf(value));
    assert.equal(sdk.toHex(portable), one.signature, "the portable signer gives the same");
  }
});

test("a job has the id, and its input the bytes, that the Swift code gives", () => {
  const { sender, transaction, terms, job } = vectors.job;
  const order = sdk.decode(sdk.messageCodecs.market, sdk.composeJSON("market", { openOrder: { terms } }).payload);
  assert.equal(sdk.jobOf(sender, transaction, order.openOrder.terms), job);
  const digest = "d4".repeat(32);
  const empty = sdk.encode(sdk.jobInput, { standardInput: null, files: [] });
  assert.equal(sdk.toHex(empty), vectors.input.empty);
  const full = sdk.encode(sdk.jobInput, {
    standardInput: { digest, size: 1n }, files: [{ path: "a/b", blob: { digest, size: 2n } }],
  });
  assert.equal(sdk.toHex(full), vectors.input.full);
});

test("a genesis names the chain that the Swift code names", () => {
  assert.equal(sdk.readGenesis(vectors.genesis.text).chain, vectors.genesis.chain);
  const spaced = vectors.genesis.text.replaceAll(":", " : ");
  assert.equal(sdk.readGenesis(spaced).chain, vectors.genesis.chain, "white space says nothing");
});

test("amounts read and print as decimals of 18 places, and nothing else is an amount", () => {
  assert.equal(sdk.parseAmount("1.5"), 1_500_000_000_000_000_000n);
  assert.equal(sdk.formatAmount(1n), "0.000000000000000001");
  assert.equal(sdk.formatAmount(20n * sdk.unitsPerWhole), "20");
  for (const text of ["", "-1", "1e3", "1.", ".5", "1.1234567890123456789", "9".repeat(40)]) {
    assert.throws(() => sdk.parseAmount(text), RangeError, text);
  }
});
