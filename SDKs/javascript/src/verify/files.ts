// SPDX-License-Identifier: Apache-2.0
// The files that travel: a mark of eight bytes, then one canonical value.
import { concat, equalBytes, utf8 } from "../bytes/hex";
import { DecodingError } from "../bytes/reader";
import { decode, encode } from "../codec/codec";
import type { Codec, ValueOf } from "../codec/codec";
import { list, optional, struct } from "../codec/compounds";
import { bytes, u8 } from "../codec/scalars";
import { finalityProof, handover, header, stateProof } from "./chain";
import { receipt } from "./receipt";

/** A file of one kind. */
export interface FileForm<Value> {
  read(file: Uint8Array): Value;
  write(value: Value): Uint8Array;
}

function file<Value>(mark: string, bytesMax: number, codec: Codec<Value>): FileForm<Value> {
  const prefix = utf8(mark);
  return {
    read(file) {
      if (file.length > bytesMax) throw new DecodingError(`more than ${bytesMax} bytes`, 0);
      if (!equalBytes(file.subarray(0, prefix.length), prefix)) {
        throw new DecodingError(`the file does not begin with ${mark}`, 0);
      }
      return decode(codec, file.subarray(prefix.length));
    },
    write: (value) => concat(prefix, encode(codec, value)),
  };
}

const receiptContent = struct({ receipt, proof: stateProof, header, finality: finalityProof });
export type ReceiptFile = ValueOf<typeof receiptContent>;
/** A receipt with what proves it. */
export const receiptFile = file("ATOLLRC1", 1 << 20, receiptContent);

const proofEntry = struct({
  module: u8, key: bytes(256), value: optional(bytes(65_536)), proof: stateProof,
});
export type ProofEntry = ValueOf<typeof proofEntry>;
const proofContent = list(
  struct({ header, finality: finalityProof, entries: list(proofEntry, 64) }), 8);
export type ProofFile = ValueOf<typeof proofContent>;
/** What the state holds under some keys, with what proves it. */
export const proofFile = file("ATOLLPF1", 1 << 20, proofContent);

/** How epochs named the validators of the next. */
export const handoverFile = file("ATOLLHO1", 1_024 * 65_536, list(handover, 1_024));
