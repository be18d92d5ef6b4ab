// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import test from "node:test";
import { fixture, sdk } from "./sdk.mjs";

const text = () => new TextDecoder().decode(fixture("genesis.json"));
const light = () => new sdk.LightClient(sdk.readGenesis(text()));

test("a real receipt holds in all its steps", () => {
  const checks = light().checkReceipt(sdk.receiptFile.read(fixture("job.receipt")));
  assert.deepEqual(checks.map(({ name, finding }) => [name, finding]), [
    ["chain", "holds"], ["quorum", "holds"], ["state", "holds"], ["time", "holds"],
    ["receipt", "holds"],
  ]);
});

test("a receipt file has one encoding", () => {
  const bytes = fixture("job.receipt");
  assert.deepEqual(sdk.receiptFile.write(sdk.receiptFile.read(bytes)), bytes);
});

test("a receipt with any changed byte does not hold", () => {
  const bytes = fixture("job.receipt");
  const client = light();
  // Every seventh byte, among them such of each field, path, header and signature.
  for (let place = 8; place < bytes.length; place += Math.max(7, Math.floor(bytes.length / 120))) {
    const other = bytes.slice();
    other[place] ^= 1 << (place % 8);
    let holds = false;
    try {
      holds = client.checkReceipt(sdk.receiptFile.read(other)).every((one) => one.finding === "holds");
    } catch (failure) {
      assert.ok(failure instanceof sdk.DecodingError, String(failure));
    }
    assert.ok(!holds, `byte ${place}`);
  }
});

test("a receipt of one chain does not hold under the genesis of another", () => {
  const other = new sdk.LightClient(sdk.readGenesis(text().replace("atoll-local", "atoll-other")));
  const checks = other.checkReceipt(sdk.receiptFile.read(fixture("job.receipt")));
  assert.equal(checks[0].finding, "fails");
  assert.equal(checks[1].finding, "notReached");
});

test("a proof says what an account has, and of nobody else", () => {
  const file = sdk.proofFile.read(fixture("balance.proof"));
  const account = sdk.toHex(file[0].entries[0].key.slice(1, 33));
  const proven = light().balance(file, account);
  assert.ok(proven.amount > 0n);
  assert.ok(proven.height > 0n);
  assert.throws(() => light().balance(file, "00".repeat(32)), sdk.VerificationFailure);
  file[0].entries[0].value[0] ^= 1;
  assert.throws(() => light().balance(file, account), sdk.VerificationFailure);
});

test("a certificate with too little stake is no proof", () => {
  const file = sdk.receiptFile.read(fixture("job.receipt"));
  const { certificate } = file.finality;
  const genesis = sdk.readGenesis(text());
  const count = certificate.signatures.length;
  assert.equal(sdk.verifyCertificate(certificate, genesis.validators, genesis.chain), count);
  const heavy = genesis.validators.map((one, place) => ({ ...one, stake: place === 0 ? 10n ** 9n : 1n }));
  const first = (certificate.signers[0] & 1) === 1;
  const check = () => sdk.verifyCertificate(certificate, heavy, genesis.chain);
  if (first) check();
  else assert.throws(check, sdk.VerificationFailure);
  const short = { ...certificate, signers: Uint8Array.of(1), signatures: certificate.signatures.slice(0, 1) };
  assert.throws(() => sdk.verifyCertificate(short, genesis.validators, genesis.chain), sdk.VerificationFailure);
});
