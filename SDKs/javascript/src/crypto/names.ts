// SPDX-License-Identifier: Apache-2.0
// What keys are called: accounts, identities, multikeys.
import { base58 } from "../bytes/base58";
import { concat, fromHex, toHex, utf8 } from "../bytes/hex";
import { sha256 } from "./sha256";

/** The identity that begins with a key: `did:atoll:` and the key's account in base 58. */
export const didOf = (account: string): string => `did:atoll:z${base58(fromHex(account))}`;

/** A key as documents of identities write it: multicodec ed25519-pub in base 58. */
export const multikeyOf = (publicKey: string): string =>
  `z${base58(concat(Uint8Array.of(0xed, 0x01), fromHex(publicKey)))}`;

/** What an identity commits to until its spare key takes it back. */
export const recoveryOf = (publicKey: string): string =>
  toHex(sha256(concat(utf8("atoll/identity/recovery/1\0"), fromHex(publicKey))));
