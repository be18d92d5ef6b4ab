// SPDX-License-Identifier: Apache-2.0
// Modules/Accounts: balances and transfers.
import type { ValueOf } from "../codec/codec";
import { list, oneOf, struct } from "../codec/compounds";
import { id32, u64, u128 } from "../codec/scalars";

/** One recipient's part of a transfer. */
export const transferPart = struct({ account: id32, asset: u64, amount: u128 });

/** What may be asked of the accounts. */
export const accountsMessage = oneOf({
  transfer: [0, struct({ parts: list(transferPart, 1_024) })],
});
export type AccountsMessage = ValueOf<typeof accountsMessage>;
