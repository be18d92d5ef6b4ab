// SPDX-License-Identifier: Apache-2.0
import { gateway } from "./gateway";
import { useResource } from "./useResource";
import type { Resource } from "./useResource";

/** How proposals of one kind are decided; shares are parts of a million. */
export interface KindRules {
  kind: string;
  discussionMilliseconds: number;
  votingMilliseconds: number;
  timeLockMilliseconds: number;
  houses: { electorate: string; quorum: number; approval: number }[];
}

/** The figures of the modules that governance can change. */
export interface Figures { [module: string]: { [name: string]: string | number } }

/** How every kind of proposal is decided. */
export const useRules = (): Resource<{ kinds: KindRules[] }> =>
  useResource("rules", () => gateway.get<{ kinds: KindRules[] }>("/v1/proposal-rules"));

/** The figures as they are now. */
export const useFigures = (): Resource<Figures> =>
  useResource("figures", () => gateway.get<Figures>("/v1/figures"), 10_000);
