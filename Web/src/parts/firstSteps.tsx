// SPDX-License-Identifier: Apache-2.0
// For those who are here for the first time: from nothing to a passed proposal.
import React, { useState } from "react";
import { gateway } from "../data/gateway";
import type { Schemas } from "../data/gateway";
import { Link } from "../data/router";
import { useResource } from "../data/useResource";
import { useBalance } from "../wallet/useBalance";
import { useWallet } from "../wallet/wallet";
import { Icon } from "./icons";
import type { IconName } from "./icons";

const doneKey = "atoll.steps";

/** Whether a step that the chain does not show was taken in this browser. */
export const wasTaken = (step: string): boolean => (localStorage.getItem(doneKey) ?? "").split(" ").includes(step);

/** Notes that a step was taken. */
export function note(step: string): void {
  if (!wasTaken(step)) localStorage.setItem(doneKey, `${localStorage.getItem(doneKey) ?? ""} ${step}`.trim());
}

/** The steps, until all are taken or they are put away. */
export function FirstSteps(): JSX.Element | null {
  const { sealed } = useWallet();
  const account = sealed?.account ?? null;
  const [isAway, setAway] = useState(wasTaken("away"));
  const balance = useBalance(isAway ? null : account);
  const stakes = useResource(isAway || account === null ? null : `stakes ${account}`, () => gateway.get<Schemas["Stakes"]>(`/v1/stakes/${account}`), 5_000);
  const jobs = useResource(isAway || account === null ? null : `jobs ${account}`, () => gateway.get<Schemas["JobPage"]>(`/v1/accounts/${account}/jobs?limit=1`), 5_000);
  const steps: [string, string, string, IconName, boolean][] = [
    ["Make a wallet", "A key of your own, sealed in this browser", "/wallet", "wallet", account !== null],
    ["Get test tokens", "Free on a local cloud", "/wallet", "drop", (balance.data ?? 0n) > 0n],
    ["Run a job", "A WebAssembly program, on two strangers' machines", "/jobs/new", "play", (jobs.data?.jobs.length ?? 0) > 0],
    ["Verify its receipt", "Checked here, against the validators' signatures", jobs.data?.jobs[0] === undefined ? "/jobs" : `/jobs/${jobs.data.jobs[0].job}`, "check", wasTaken("verify")],
    ["Stake", "Stand behind a validator", "/wallet/stake", "shield", (stakes.data?.delegations.length ?? 0) > 0],
    ["Pass a proposal", "Lock tokens, propose, vote, watch it happen", "/proposals/new", "vote", wasTaken("vote")],
  ];
  const taken = steps.filter(([, , , , isDone]) => isDone).length;
  if (isAway || taken === steps.length) return null;
  const next = steps.findIndex(([, , , , isDone]) => !isDone);
  const putAway = (): void => {
    note("away");
    setAway(true);
  };
  return (
    <section className="steps" aria-label="First steps">
      <header>
        <h2>From nothing to a working cloud</h2>
        <span className="muted">{taken} of {steps.length}</span>
        <button className="button quiet small" onClick={putAway}>Put away</button>
      </header>
      <ol>
        {steps.map(([name, words, to, icon, isDone], place) => (
          <li key={name} className={isDone ? "done" : place === next ? "next" : ""}>
            <Link to={to}>
              <span className="disc"><Icon name={isDone ? "check" : icon} size={17} /></span>
              <b>{name}</b>
              <span>{words}</span>
            </Link>
          </li>
        ))}
      </ol>
    </section>
  );
}
