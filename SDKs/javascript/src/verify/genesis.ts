// SPDX-License-Identifier: Apache-2.0
// What a chain begins with, and its name, which is a hash of it (LEDGER-12).
import { concat, toHex, utf8 } from "../bytes/hex";
import { Writer } from "../bytes/writer";
import { parseAmount } from "../codec/amount";
import { sha256 } from "../crypto/sha256";
import { accountOf } from "../crypto/signer";
import { parseRaw } from "./rawjson";
import type { RawJSON } from "./rawjson";

/** A voter and its weight. */
export interface Validator { key: string; stake: bigint; name?: string; account?: string }

/** What is needed of a genesis to transact and to verify. */
export interface Genesis {
  name: string;
  /** The chain's name: 64 hexadecimal digits. */
  chain: string;
  validators: Validator[];
  fees: { base: bigint; perByte: bigint; perMessage: bigint };
  validityBlocksMax: bigint;
  checkpointBlocks: bigint;
  epochCheckpoints: bigint;
}

function write(writer: Writer, json: RawJSON): void {
  switch (json.kind) {
    case "null": return writer.length(0);
    case "bool":
      writer.length(1);
      return writer.byte(json.value ? 1 : 0);
    case "number":
      writer.length(2);
      return writer.text(json.text);
    case "string":
      writer.length(3);
      return writer.text(json.text);
    case "array":
      writer.length(4);
      writer.length(json.elements.length);
      return json.elements.forEach((element) => write(writer, element));
    case "object": {
      writer.length(5);
      writer.length(json.members.length);
      const sorted = json.members.map(([name, value]) => [utf8(name), value] as const)
        .sort((left, right) => compare(left[0], right[0]));
      for (const [name, value] of sorted) {
        writer.variable(name);
        write(writer, value);
      }
    }
  }
}

function compare(left: Uint8Array, right: Uint8Array): number {
  for (let place = 0; place < Math.min(left.length, right.length); place += 1) {
    if (left[place] !== right[place]) return left[place]! - right[place]!;
  }
  return left.length - right.length;
}

/** The name of the chain that begins with a genesis. */
export function chainOf(json: RawJSON): string {
  const writer = new Writer();
  write(writer, json);
  return toHex(sha256(concat(utf8("atoll/genesis/1\0"), writer.bytes)));
}

/**
 * Reads a genesis file.
 *
 * @throws SyntaxError or TypeError when it is none.
 */
export function readGenesis(text: string): Genesis {
  const plain = JSON.parse(text) as {
    name: string; ledger?: { [name: string]: unknown };
    validators: { publicKey: string; stake: number | string; name: string; account?: string }[];
  };
  if (!Array.isArray(plain.validators) || plain.validators.length === 0) {
    throw new TypeError("a genesis names its validators");
  }
  const ledger = plain.ledger ?? {};
  const amount = (name: string, standard: string): bigint =>
    parseAmount(String(ledger[name] ?? standard));
  const count = (name: string, standard: number): bigint =>
    BigInt((ledger[name] as number | undefined) ?? standard);
  return {
    name: String(plain.name), chain: chainOf(parseRaw(text)),
    validators: plain.validators.map((one) => ({
      key: one.publicKey, stake: BigInt(one.stake), name: one.name,
      account: one.account ?? accountOf(one.publicKey),
    })),
    fees: {
      base: amount("feeBase", "0.0001"), perByte: amount("feePerByte", "0.000001"),
      perMessage: amount("feePerMessage", "0.0001"),
    },
    validityBlocksMax: count("validityBlocksMax", 20_000),
    checkpointBlocks: count("checkpointBlocks", 1_024),
    epochCheckpoints: count("epochCheckpoints", 16),
  };
}
