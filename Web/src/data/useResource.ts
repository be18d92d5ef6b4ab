// SPDX-License-Identifier: Apache-2.0
import { useCallback, useEffect, useRef, useState } from "react";

/** Something that is loaded, and perhaps loaded again. */
export interface Resource<Value> {
  data: Value | undefined;
  /** Why the last attempt failed. */
  error: Error | undefined;
  /** Whether nothing is known yet. */
  isLoading: boolean;
  /** Whether what is shown is older than it should be, because attempts fail. */
  isStale: boolean;
  /** When `data` came, in milliseconds since 1970. */
  at: number;
  reload: () => void;
}

interface State<Value> { key: string | null; data?: Value; error?: Error; at: number }

/** Who shows the same thing: what one of them learns, all show. */
const showing = new Map<string, Set<(state: State<any>) => void>>();

function share(key: string, state: State<any>): void {
  showing.get(key)?.forEach((show) => show(state));
}

/**
 * Loads something under a key, keeps it while it is loaded again, and repeats.
 *
 * @param key What is loaded; nothing when null.
 * @param every Milliseconds between attempts; once when zero. A hidden page waits.
 */
export function useResource<Value>(
  key: string | null, load: () => Promise<Value>, every = 0,
): Resource<Value> {
  const [state, setState] = useState<State<Value>>({ key: null, at: 0 });
  const [turn, setTurn] = useState(0);
  const latest = useRef(load);
  latest.current = load;
  useEffect(() => {
    if (key === null) return undefined;
    let isOver = false;
    let timer = 0;
    const others = showing.get(key) ?? new Set();
    showing.set(key, others.add(setState));
    const attempt = async (): Promise<void> => {
      if (document.visibilityState === "hidden" && every > 0) {
        timer = window.setTimeout(() => void attempt(), every);
        return;
      }
      try {
        const data = await latest.current();
        if (!isOver) share(key, { key, data, at: Date.now() });
      } catch (failure) {
        const error = failure instanceof Error ? failure : new Error(String(failure));
        if (!isOver) setState((old) => ({ key, data: old.key === key ? old.data : undefined, error, at: old.at }));
      }
      if (!isOver && every > 0) timer = window.setTimeout(() => void attempt(), every);
    };
    void attempt();
    return () => {
      isOver = true;
      others.delete(setState);
      if (others.size === 0) showing.delete(key);
      window.clearTimeout(timer);
    };
  }, [key, every, turn]);
  const reload = useCallback(() => setTurn((count) => count + 1), []);
  const isMine = state.key === key;
  return {
    data: isMine ? state.data : undefined, error: isMine ? state.error : undefined,
    isLoading: key !== null && (!isMine || (state.data === undefined && state.error === undefined)),
    isStale: isMine && state.error !== undefined && state.data !== undefined, at: state.at, reload,
  };
}
