// SPDX-License-Identifier: Apache-2.0
// Every state of the page has an address.
import React, { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
const tell = (): void => listeners.forEach((listener) => listener());
window.addEventListener("popstate", tell);

/** The address now: its path's parts and its query. */
export interface Place { parts: string[]; query: URLSearchParams; text: string }

/** Where the page is. */
export function usePlace(): Place {
  const text = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => location.pathname + location.search);
  const url = new URL(text, location.origin);
  return {
    parts: url.pathname.split("/").filter((part) => part !== "").map(decodeURIComponent),
    query: url.searchParams, text,
  };
}

/** Goes to an address of this page. */
export function go(to: string, replaces = false): void {
  if (replaces) history.replaceState(null, "", to);
  else history.pushState(null, "", to);
  tell();
  if (!replaces) window.scrollTo(0, 0);
}

/** A link within the page. */
export function Link(
  { to, children, ...rest }: { to: string } & React.AnchorHTMLAttributes<HTMLAnchorElement>,
): JSX.Element {
  return (
    <a
      href={to} {...rest}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        go(to);
      }}
    >
      {children}
    </a>
  );
}
