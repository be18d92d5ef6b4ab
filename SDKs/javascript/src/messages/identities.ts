// SPDX-License-Identifier: Apache-2.0
// Modules/Identities: identities, their logs, and those who attest.
import type { ValueOf } from "../codec/codec";
import { list, oneOf, optional, struct } from "../codec/compounds";
import { bytes, id32, signature, text, u8, u64, u128, unit } from "../codec/scalars";

const service = struct({ id: text(256), type: text(256), addresses: list(text(256), 8) });
const delegateKey = struct({ multicodec: bytes(35), uses: u8, expiry: optional(u64) });

/** What an entry of an identity's log does. */
export const identityAction = oneOf({
  create: [0, struct({ key: id32, recovery: id32 })], rotate: [1, struct({ key: id32 })],
  recover: [2, struct({ with: id32, key: id32, recovery: id32 })],
  setDelegates: [3, list(delegateKey, 16)], setServices: [4, list(service, 16)],
  setSpecification: [5, optional(id32)], deactivate: [6, unit],
});

/** An entry of an identity's log, before it is signed. */
export const identityOperation = struct({
  chain: id32, subject: id32, sequence: u64, previous: id32, action: identityAction,
});
export const signedOperation = struct({ operation: identityOperation, signature });

/** What may be asked about identities. */
export const identitiesMessage = oneOf({
  create: [0, struct({
    identities: list(struct({ key: id32, recovery: id32, signature }), 500),
  })],
  submit: [1, struct({ operations: list(signedOperation, 384) })],
  registerIssuer: [2, struct({
    issuer: id32, types: list(text(48), 16), address: text(256), bond: u128,
  })],
  updateIssuer: [3, struct({
    issuer: id32, types: list(text(48), 16), address: text(256), addedBond: u128,
  })],
  retireIssuer: [4, struct({ issuer: id32 })],
  withdrawIssuerBond: [5, struct({ issuer: id32 })],
  anchorStatus: [6, struct({ issuer: id32, list: text(256), digest: id32 })],
  reportIssuance: [7, struct({
    issuer: id32, key: id32, document: bytes(32_768), options: bytes(4_096), signature,
  })],
  reportToken: [8, struct({ issuer: id32, key: id32, signed: bytes(32_768), signature })],
  vouchForPerson: [9, struct({ issuer: id32, account: id32, person: id32, until: u64 })],
  endVouch: [10, struct({ issuer: id32, account: id32 })],
  setPersonIssuers: [11, list(id32, 64)],
});
export type IdentitiesMessage = ValueOf<typeof identitiesMessage>;
