// SPDX-License-Identifier: Apache-2.0
// LEDGER-3: what an account asks the chain to do, all of it or nothing.
import { concat, toHex, utf8 } from "../bytes/hex";
import { encode } from "../codec/codec";
import type { ValueOf } from "../codec/codec";
import { list, struct } from "../codec/compounds";
import { id32, signature, u64, u128 } from "../codec/scalars";
import { sha256 } from "../crypto/sha256";
import type { Signer } from "../crypto/signer";
import { message } from "../messages/message";

/** The fields of a transaction, in order. */
export const transaction = struct({
  chain: id32, sender: id32, nonce: u64, feeMax: u128, validUntil: u64,
  messages: list(message, 64),
});
export type Transaction = ValueOf<typeof transaction>;

/** A transaction with its sender's signature, as it travels. */
export const signedTransaction = struct({ transaction, signature });
export type SignedTransaction = ValueOf<typeof signedTransaction>;

const domain = utf8("atoll/transaction/1\0");
/** The most bytes of one signed transaction. */
export const transactionBytesMax = 65_536;

/** What the sender signs. */
export function signedBytesOf(value: Transaction): Uint8Array {
  return concat(domain, encode(transaction, value));
}

/** A transaction's name. */
export function hashOf(value: Transaction): string {
  return toHex(sha256(signedBytesOf(value)));
}

/** Signs a transaction. */
export async function signTransaction(
  value: Transaction, signer: Signer,
): Promise<SignedTransaction> {
  return { transaction: value, signature: await signer.sign(signedBytesOf(value)) };
}
