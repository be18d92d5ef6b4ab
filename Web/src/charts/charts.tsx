// SPDX-License-Identifier: Apache-2.0
// Charts as plain SVG; what they show is also written for those who do not see it.
import React from "react";

/** How a figure went, newest at the right. */
export function Area(
  { values, label, height = 120, format = String }: {
    values: number[]; label: string; height?: number; format?: (value: number) => string;
  },
): JSX.Element {
  const most = Math.max(1, ...values);
  const step = 600 / Math.max(1, values.length - 1);
  const y = (value: number): number => height - 6 - (value / most) * (height - 22);
  const line = values.map((value, place) => `${(place * step).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
  const last = values[values.length - 1] ?? 0;
  return (
    <figure className="chart">
      <svg viewBox={`0 0 600 ${height}`} preserveAspectRatio="none" role="img" aria-label={`${label}: now ${format(last)}, at most ${format(most)}`}>
        <line x1="0" x2="600" y1={y(most)} y2={y(most)} className="grid" />
        <line x1="0" x2="600" y1={y(most / 2)} y2={y(most / 2)} className="grid" />
        <line x1="0" x2="600" y1={y(0)} y2={y(0)} className="grid" />
        <polygon points={`0,${height} ${line} 600,${height}`} className="fill" />
        <polyline points={line} className="line" />
      </svg>
      <figcaption aria-hidden="true"><span>{format(most)}</span></figcaption>
    </figure>
  );
}

/** Parts of a whole as a ring, with their names beside it. */
export function Ring(
  { parts, label, centre }: {
    parts: { name: string; value: number; shown: string }[]; label: string; centre?: React.ReactNode;
  },
): JSX.Element {
  const sum = parts.reduce((all, part) => all + part.value, 0);
  const around = 2 * Math.PI * 54;
  let begin = 0;
  return (
    <div className="ring">
      <div className="drawing">
        <svg viewBox="0 0 140 140" role="img" aria-label={`${label}: ${parts.map((part) => `${part.name} ${part.shown}`).join(", ")}`}>
          <circle cx="70" cy="70" r="54" className="track" />
          {sum > 0 && parts.map((part, place) => {
            const length = (part.value / sum) * around;
            const arc = (
              <circle
                key={part.name} cx="70" cy="70" r="54" className={`slice s${place % 6}`}
                strokeDasharray={`${Math.max(0, length - 2)} ${around}`} strokeDashoffset={-begin}
                transform="rotate(-90 70 70)"
              />
            );
            begin += length;
            return arc;
          })}
        </svg>
        {centre !== undefined && <div className="centre">{centre}</div>}
      </div>
      <ul>
        {parts.map((part, place) => (
          <li key={part.name}><i className={`s${place % 6}`} /><span>{part.name}</span><b>{part.shown}</b></li>
        ))}
      </ul>
    </div>
  );
}

/** How full something is, with a mark where it matters. */
export function Meter(
  { value, most, label, tone = "", mark }: {
    value: number; most: number; label: string; tone?: string; mark?: number;
  },
): JSX.Element {
  const part = most > 0 ? Math.min(100, (100 * value) / most) : 0;
  return (
    <svg className={`meter ${tone}`} viewBox="0 0 100 6" preserveAspectRatio="none" role="img" aria-label={label}>
      <rect width="100" height="6" className="track" />
      <rect width={part} height="6" className="bar" />
      {mark !== undefined && <rect x={Math.min(99.5, (100 * mark) / most)} width="0.7" height="6" className="at" />}
    </svg>
  );
}

/** Several parts of one bar. */
export function Stack({ parts, label }: { parts: { value: number; tone: string }[]; label: string }): JSX.Element {
  const sum = parts.reduce((all, part) => all + part.value, 0);
  let begin = 0;
  return (
    <svg className="meter stack" viewBox="0 0 100 6" preserveAspectRatio="none" role="img" aria-label={label}>
      <rect width="100" height="6" className="track" />
      {sum > 0 && parts.map(({ value, tone }) => {
        const width = (100 * value) / sum;
        const bar = <rect key={tone} x={begin} width={width} height="6" className={tone} />;
        begin += width;
        return bar;
      })}
    </svg>
  );
}
