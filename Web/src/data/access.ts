// SPDX-License-Identifier: Apache-2.0
// Who this page is at a gateway that answers only those it knows (GATEWAY-40).
import { useSyncExternalStore } from "react";

/** What the page shows as `Authorization`: a session after a login, or a key. */
interface Shown { text: string; account: string | null; expires: number | null }

/** Whether the gateway lets this page read. */
export interface Access {
  /** The gateway wants to know who asks, and nothing is shown that it takes. */
  isNeeded: boolean;
  /** It knows who asks, and does not let them read. */
  isRefused: boolean;
  shown: Shown | null;
}

/** Lasts as long as the tab, so that a reload keeps it and nothing else finds it. */
const storageKey = "atoll.session";

function stored(): Shown | null {
  try {
    const one = JSON.parse(sessionStorage.getItem(storageKey) ?? "null") as Shown | null;
    return one !== null && (one.expires === null || one.expires > Date.now()) ? one : null;
  } catch {
    return null;
  }
}

let state: Access = { isNeeded: false, isRefused: false, shown: stored() };
const listeners = new Set<() => void>();

function change(next: Access): void {
  state = next;
  if (next.shown === null) sessionStorage.removeItem(storageKey);
  else sessionStorage.setItem(storageKey, JSON.stringify(next.shown));
  listeners.forEach((listener) => listener());
}

/** The access now. */
export const useAccess = (): Access =>
  useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, () => state);

/** What requests show. */
export const accessKey = (): string | undefined => state.shown?.text;

/** Shows something from now on. */
export function show(text: string, account: string | null = null, expires: number | null = null): void {
  change({ isNeeded: false, isRefused: false, shown: { text, account, expires } });
}

/** Shows nothing any more. */
export const showNothing = (): void => change({ isNeeded: true, isRefused: false, shown: null });

/** Asks, and notes when the gateway wants to know who asks. */
export async function watchedFetch(path: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const isLogin = String(path).startsWith("/v1/access/");
  if (state.isNeeded && state.shown === null && !isLogin) return answer(401, "keyNeeded");
  const response = await fetch(path, init);
  if (isLogin) return response;
  if (response.status === 401) showNothing();
  if (response.status === 403 && (init?.method ?? "GET") === "GET" && !state.isRefused) {
    const problem = await response.clone().json().catch(() => ({})) as { scope?: string };
    if (problem.scope === "read") change({ ...state, isRefused: true });
  }
  return response;
}

/** What the gateway would answer: it is not asked again before somebody signs in. */
function answer(status: number, name: string): Response {
  const problem = { type: name, detail: "Sign in first." };
  return new Response(JSON.stringify(problem), { status });
}
