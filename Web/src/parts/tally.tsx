// SPDX-License-Identifier: Apache-2.0
import React from "react";
import { Meter, Stack } from "../charts/charts";
import { amount, approximate, percent } from "../data/format";
import type { Schemas } from "../data/gateway";

type Count = Schemas["Proposal"]["tallies"][number];
const choices = [["yes", "good"], ["no", "bad"], ["abstain", "plain"], ["veto", "warn"]] as const;

/** What people said, and how many of those who could. */
export function Tally({ of, quorum }: { of: Count; quorum?: number }): JSX.Element {
  const cast = choices.reduce((sum, [name]) => sum + approximate(of[name]), 0);
  const total = approximate(of.total);
  const words = choices.map(([name]) => `${name} ${percent(approximate(of[name]), cast)}`).join(", ");
  return (
    <div className="tally">
      <Stack label={`Votes: ${words}`} parts={choices.map(([name, tone]) => ({ value: approximate(of[name]), tone }))} />
      <ul>
        {choices.map(([name, tone]) => (
          <li key={name}><i className={tone} />{name} <b>{percent(approximate(of[name]), cast)}</b> <span className="muted">{amount(of[name], 0)}</span></li>
        ))}
      </ul>
      <div className="turnout">
        <span>Turnout <b>{percent(cast, total)}</b>{quorum !== undefined && <span className="muted"> of {quorum / 10_000} % needed</span>}</span>
        <Meter label={`Turnout ${percent(cast, total)}`} value={cast} most={total} mark={quorum === undefined ? undefined : (quorum / 1e6) * total} />
      </div>
    </div>
  );
}
