// SPDX-License-Identifier: Apache-2.0
import React, { useId, useState } from "react";
import { amount, brief, unit } from "../data/format";
import { Link } from "../data/router";
import type { Resource } from "../data/useResource";
import { Icon } from "./icons";
import type { IconName } from "./icons";

/** A page's heading with what can be done there. */
export function Heading(
  { title, lead, children }: { title: string; lead?: React.ReactNode; children?: React.ReactNode },
): JSX.Element {
  React.useEffect(() => {
    document.title = `${title} · Atoll`;
  }, [title]);
  return (
    <div className="heading">
      <div>
        <h1 tabIndex={-1}>{title}</h1>
        {lead !== undefined && <p className="lead">{lead}</p>}
      </div>
      {children !== undefined && <div className="actions">{children}</div>}
    </div>
  );
}

/** A framed part of a page. */
export function Card(
  { title, aside, children, className = "" }: {
    title?: React.ReactNode; aside?: React.ReactNode; children: React.ReactNode; className?: string;
  },
): JSX.Element {
  const id = useId();
  return (
    <section className={`card ${className}`} aria-labelledby={title === undefined ? undefined : id}>
      {title !== undefined && (
        <header>
          <h2 id={id}>{title}</h2>
          {aside}
        </header>
      )}
      {children}
    </section>
  );
}

/** One figure with its name. */
export function Tile(
  { name, value, note, tone }: {
    name: string; value: React.ReactNode; note?: React.ReactNode; tone?: "good" | "warn" | "bad";
  },
): JSX.Element {
  return (
    <div className={`tile ${tone ?? ""}`}>
      <span className="name">{name}</span>
      <span className="value">{value}</span>
      {note !== undefined && <span className="note">{note}</span>}
    </div>
  );
}

/** A word with a colour that means something. */
export function Badge(
  { tone = "plain", children }: { tone?: Tone; children: React.ReactNode },
): JSX.Element {
  return <span className={`badge ${tone}`}>{children}</span>;
}
export type Tone = "plain" | "good" | "warn" | "bad" | "info";

/** What to show while there is nothing, and what to do about it. */
export function Empty(
  { icon = "box", title, children }: { icon?: IconName; title: string; children?: React.ReactNode },
): JSX.Element {
  return (
    <div className="empty">
      <Icon name={icon} size={28} />
      <p className="title">{title}</p>
      {children}
    </div>
  );
}

/** What to show when something could not be had. */
export function Failure({ error, retry }: { error: Error; retry?: () => void }): JSX.Element {
  const isUnreachable = error instanceof TypeError || error.name === "AbortError";
  return (
    <div className="failure" role="alert">
      <Icon name="alert" size={22} />
      <div>
        <p className="title">{isUnreachable ? "The gateway cannot be reached" : "That did not work"}</p>
        <p>{isUnreachable ? "Is the cloud running? It is asked again as soon as it answers." : error.message}</p>
      </div>
      {retry !== undefined && <button className="button" onClick={retry}>Try again</button>}
    </div>
  );
}

/** Grey shapes where something will be. */
export function Skeleton({ lines = 3 }: { lines?: number }): JSX.Element {
  return (
    <div className="skeleton" role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, place) => <span key={place} />)}
    </div>
  );
}

/** Shows a resource in whichever state it is. */
export function Loaded<Value>(
  { of, lines, children }: { of: Resource<Value>; lines?: number; children: (value: Value) => React.ReactNode },
): JSX.Element {
  if (of.data !== undefined) return <>{children(of.data)}</>;
  if (of.error !== undefined) return <Failure error={of.error} retry={of.reload} />;
  return <Skeleton lines={lines} />;
}

/** An identifier, shortened, with a button that copies the whole. */
export function Id({ value, to, side = 6 }: { value: string; to?: string; side?: number }): JSX.Element {
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(value).catch(() => undefined);
    setCopied(true);
    window.setTimeout(() => setCopied(false), 1_200);
  };
  const text = <code title={value}>{brief(value, side)}</code>;
  return (
    <span className="id">
      {to === undefined ? text : <Link to={to}>{text}</Link>}
      <button className="copy" onClick={() => void copy()} aria-label={isCopied ? "Copied" : `Copy ${brief(value)}`}>
        <Icon name={isCopied ? "check" : "copy"} size={13} />
      </button>
    </span>
  );
}

/** An amount with its unit. */
export function Amount({ of, places = 4 }: { of: string | bigint; places?: number }): JSX.Element {
  return <span className="amount">{amount(of, places)}<small> {unit}</small></span>;
}

/** Names and values, one a line. */
export function Facts({ of }: { of: [string, React.ReactNode][] }): JSX.Element {
  return (
    <dl className="facts">
      {of.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A table that scrolls within itself on a small screen. */
export function Table(
  { head, rows, caption, numeric = [] }: {
    head: string[]; rows: { key: string; cells: React.ReactNode[] }[]; caption: string; numeric?: number[];
  },
): JSX.Element {
  return (
    <div className="table" tabIndex={0} role="region" aria-label={`Table: ${caption}`}>
      <table>
        <thead>
          <tr>{head.map((name, place) => <th key={name} scope="col" className={numeric.includes(place) ? "number" : ""}>{name}</th>)}</tr>
        </thead>
        <tbody>
          {rows.map(({ key, cells }) => (
            <tr key={key}>
              {cells.map((cell, place) => (
                <td key={place} data-name={head[place]} className={numeric.includes(place) ? "number" : ""}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
