// SPDX-License-Identifier: Apache-2.0
import React, { useId, useState, useSyncExternalStore } from "react";
import { Link } from "../data/router";
import { Icon } from "./icons";

interface Note { id: number; tone: "good" | "bad"; text: string; to?: string }
let notes: Note[] = [];
let next = 1;
const listeners = new Set<() => void>();

function setNotes(list: Note[]): void {
  notes = list;
  listeners.forEach((listener) => listener());
}

/** Tells people what happened, for eight seconds. */
export function tell(tone: Note["tone"], text: string, to?: string): void {
  const id = next;
  next += 1;
  setNotes([...notes.slice(-2), { id, tone, text, to }]);
  window.setTimeout(() => setNotes(notes.filter((note) => note.id !== id)), 8_000);
}

/** Where what is told appears. */
export function Notes(): JSX.Element {
  const shown = useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, () => notes);
  return (
    <div className="notes" role="status" aria-live="polite">
      {shown.map(({ id, tone, text, to }) => (
        <div key={id} className={`note ${tone}`}>
          <Icon name={tone === "good" ? "check" : "alert"} />
          <span>{text}</span>
          {to !== undefined && <Link to={to}>Show</Link>}
          <button aria-label="Dismiss" onClick={() => setNotes(notes.filter((one) => one.id !== id))}>
            <Icon name="cross" size={14} />
          </button>
        </div>
      ))}
    </div>
  );
}

/** A form that does one thing, says that it is at it, and shows why it could not. */
export function Form(
  { label, act, children, disabled = false, tone = "primary" }: {
    label: string; act: () => Promise<void>; children?: React.ReactNode; disabled?: boolean;
    tone?: "primary" | "danger" | "quiet";
  },
): JSX.Element {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const run = async (event: React.FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await act();
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
    }
    setBusy(false);
  };
  return (
    <form onSubmit={(event) => void run(event)} noValidate>
      {children}
      {error !== null && <p className="wrong" role="alert"><Icon name="alert" size={16} />{error}</p>}
      <button className={`button ${tone}`} disabled={disabled || isBusy} aria-busy={isBusy}>
        {isBusy && <span className="spinner" aria-hidden="true" />}{label}
      </button>
    </form>
  );
}

/** A line to write in, with its name and a hint. */
export function Field(
  { name, hint, after, ...rest }: { name: string; hint?: React.ReactNode; after?: React.ReactNode }
    & React.InputHTMLAttributes<HTMLInputElement>,
): JSX.Element {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{name}</label>
      <div className="control">
        <input id={id} aria-describedby={hint === undefined ? undefined : `${id}h`} autoComplete="off" {...rest} />
        {after}
      </div>
      {hint !== undefined && <p className="hint" id={`${id}h`}>{hint}</p>}
    </div>
  );
}

/** Several lines to write in. */
export function TextField(
  { name, hint, ...rest }: { name: string; hint?: React.ReactNode }
    & React.TextareaHTMLAttributes<HTMLTextAreaElement>,
): JSX.Element {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{name}</label>
      <textarea id={id} aria-describedby={hint === undefined ? undefined : `${id}h`} {...rest} />
      {hint !== undefined && <p className="hint" id={`${id}h`}>{hint}</p>}
    </div>
  );
}

/** One of several. */
export function Choice(
  { name, value, of, change, hint }: {
    name: string; value: string; of: [string, string][]; change: (value: string) => void; hint?: React.ReactNode;
  },
): JSX.Element {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{name}</label>
      <select id={id} value={value} onChange={(event) => change(event.target.value)}>
        {of.map(([key, label]) => <option key={key} value={key}>{label}</option>)}
      </select>
      {hint !== undefined && <p className="hint">{hint}</p>}
    </div>
  );
}

/** Parts of a page, each with its address. */
export function Tabs({ now, of }: { now: string; of: [string, string][] }): JSX.Element {
  return (
    <nav className="tabs" aria-label="Parts of this page">
      {of.map(([to, label]) => (
        <Link key={to} to={to} aria-current={to === now ? "page" : undefined}>{label}</Link>
      ))}
    </nav>
  );
}
