// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import test from "node:test";
import { sdk } from "./sdk.mjs";

test("base 58 keeps leading zeros and has no letters that look alike", () => {
  assert.equal(sdk.base58(Uint8Array.of()), "");
  assert.equal(sdk.base58(Uint8Array.of(0, 0, 1)), "112");
  assert.equal(sdk.base58(sdk.utf8("hello world")), "StV1DL6CwTryKyV");
});
