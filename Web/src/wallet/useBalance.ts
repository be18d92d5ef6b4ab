// SPDX-License-Identifier: Apache-2.0
import { gateway } from "../data/gateway";
import { useResource } from "../data/useResource";
import type { Resource } from "../data/useResource";

/** What an account has of the native asset, in base units. */
export function useBalance(account: string | null): Resource<bigint> {
  return useResource(account === null ? null : `balance ${account}`, async () => {
    const { balances } = await gateway.account(account!);
    return BigInt(balances.find((one) => one.asset === 0)?.amount ?? "0");
  }, 3_000);
}
