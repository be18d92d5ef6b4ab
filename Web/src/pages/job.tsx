// SPDX-License-Identifier: Apache-2.0
import React, { useState } from "react";
import { cancelJob } from "../../../SDKs/javascript/src/actions/cancelJob";
import { verifyReceipt } from "../../../SDKs/javascript/src/actions/verifyReceipt";
import type { Check } from "../../../SDKs/javascript/src/verify/lightClient";
import { ago, bytes, capital, count, moment, words } from "../data/format";
import { gateway, genesis } from "../data/gateway";
import type { Schemas } from "../data/gateway";
import { useResource } from "../data/useResource";
import { Form, tell } from "../parts/act";
import { Amount, Badge, Card, Facts, Heading, Id, Loaded, Table } from "../parts/basics";
import { note } from "../parts/firstSteps";
import { Icon } from "../parts/icons";
import { session, useWallet } from "../wallet/wallet";
import { jobTone } from "./jobs";

type Job = Schemas["Job"];
/** The most bytes of an output that the page shows. */
const shownMax = 65_536;
const stages = ["open", "running", "revealing", "settled"];

/** One job from its order to its receipt. */
export function JobPage({ id }: { id: string }): JSX.Element {
  const [hasEnded, setEnded] = useState(false);
  const job = useResource(`job ${id}`, async () => {
    const view = await gateway.job(id);
    if (view.settlement !== undefined) setEnded(true);
    return view;
  }, hasEnded ? 0 : 700);
  return (
    <>
      <Heading title="Job" lead={<Id value={id} side={12} />} />
      <Loaded of={job} lines={6}>
        {(view) => (
          <>
            <Progress job={view} />
            <div className="columns wide-first">
              <div className="stack">
                {view.result !== undefined && <Output id={id} job={view} />}
                <Work job={view} />
              </div>
              <div className="stack">
                {view.settlement !== undefined && <Receipt id={id} />}
                <Terms job={view} />
                <Cancel job={view} />
              </div>
            </div>
          </>
        )}
      </Loaded>
    </>
  );
}

function Progress({ job }: { job: Job }): JSX.Element {
  const ended = job.settlement !== undefined;
  const place = ended ? 3 : stages.indexOf(job.state);
  const labels = ["Ordered", "Running", "Results shown", ended ? capital(words(job.state)) : "Settled"];
  return (
    <ol className="progress" aria-label="Progress">
      {labels.map((label, at) => (
        <li key={at} className={at < place || ended ? "done" : at === place ? "now" : ""} aria-current={at === place ? "step" : undefined}>
          <span className="disc">{at < place || (ended && at === place) ? <Icon name={ended && at === 3 && job.state !== "settled" ? "cross" : "check"} size={14} /> : at + 1}</span>
          {label}
        </li>
      ))}
    </ol>
  );
}

function Output({ id, job }: { id: string; job: Job }): JSX.Element {
  const [stream, setStream] = useState<"stdout" | "stderr">("stdout");
  const text = useResource(`${id} ${stream}`, async () => {
    const all = await gateway.bytes(`/v1/jobs/${id}/${stream}`);
    return { text: new TextDecoder().decode(all.subarray(0, shownMax)), size: all.length };
  });
  const { outcome, code } = job.result!;
  return (
    <Card
      title="Output"
      aside={<Badge tone={outcome === "exited" && code === 0 ? "good" : "bad"}>{outcome === "exited" ? `exit ${code}` : words(outcome)}</Badge>}
    >
      <div className="tabs" role="group" aria-label="Which output">
        {(["stdout", "stderr"] as const).map((name) => (
          <button key={name} aria-pressed={stream === name} onClick={() => setStream(name)}>{name === "stdout" ? "Standard output" : "Standard error"}</button>
        ))}
      </div>
      <Loaded of={text} lines={4}>
        {(value) => (
          <>
            <pre className="console" tabIndex={0}>{value.size === 0 ? <span className="muted">nothing was written</span> : value.text}</pre>
            {value.size > shownMax && <p className="hint">The first {bytes(shownMax)} of {bytes(value.size)}. <a href={`/v1/jobs/${id}/${stream}`} download>All of it</a></p>}
          </>
        )}
      </Loaded>
    </Card>
  );
}

function Work({ job }: { job: Job }): JSX.Element {
  const { settlement } = job;
  const rows = settlement !== undefined
    ? settlement.executions.map((one) => ({
      key: one.provider,
      cells: [
        <Id value={one.provider} to={`/providers/${one.provider}`} />,
        <Badge tone={one.finding === "agreed" ? "good" : one.finding === "dissented" ? "bad" : "plain"}>{one.finding}</Badge>,
        <Amount of={one.paid} />, <Amount of={one.slashed} />,
      ],
    }))
    : job.leases.map((one) => ({
      key: one.provider,
      cells: [
        <Id value={one.provider} to={`/providers/${one.provider}`} />, <Badge tone="info">{one.state}</Badge>,
        <Amount of={one.basePrice} />, ago(one.assignedAt),
      ],
    }));
  return (
    <Card title={settlement === undefined ? "Who works on it" : "Who worked on it"}>
      {rows.length === 0
        ? <p className="muted">{settlement === undefined ? `${job.bids.length} bids so far; the cheapest who reserved a slot get it.` : "Nobody was paid for it."}</p>
        : <Table caption="Providers" numeric={[2, 3]} head={settlement === undefined ? ["Provider", "State", "Base price", "Since"] : ["Provider", "Result", "Paid", "Slashed"]} rows={rows} />}
    </Card>
  );
}

function Terms({ job }: { job: Job }): JSX.Element {
  const { settlement, result } = job;
  const facts: [string, React.ReactNode][] = [
    ["State", <Badge tone={jobTone(job.state)}>{job.state}</Badge>],
    ["Ordered by", <Id value={job.client} to={`/accounts/${job.client}`} />],
    ["Ordered", moment(job.openedAt)], ["Providers asked for", job.replicas],
    ["Held", <Amount of={job.maxCost} />],
  ];
  if (settlement !== undefined) {
    facts.push(["Cost", <Amount of={settlement.cost} />], ["Given back", <Amount of={settlement.refund} />]);
  }
  if (result !== undefined) facts.push(["Fuel used", count(result.fuelUsed)]);
  facts.push(["Program", <Id value={job.moduleDigest} />], ["Input", <Id value={job.inputDigest} />]);
  return <Card title="Terms"><Facts of={facts} /></Card>;
}

function Cancel({ job }: { job: Job }): JSX.Element | null {
  const { signer } = useWallet();
  if (job.settlement !== undefined || job.state !== "open" || signer?.account !== job.client) return null;
  const act = async (): Promise<void> => {
    await cancelJob(await session(), job.job);
    tell("good", "The order is taken back.");
  };
  return <Card title="Changed your mind?"><Form label="Take the order back" tone="quiet" act={act} /></Card>;
}

const meanings: { [name in Check["name"]]: string } = {
  chain: "It is of this chain", quorum: "More than two thirds of the stake signed its block",
  state: "It is in the state they signed", time: "Its times are in order",
  receipt: "Signatures, votes and money add up", output: "The output is the one agreed on",
};

/** The receipt, checked in this browser with the genesis alone. */
function Receipt({ id }: { id: string }): JSX.Element {
  const [checks, setChecks] = useState<Check[] | null>(null);
  const verify = async (): Promise<void> => {
    const found = await verifyReceipt(gateway, await genesis(), id);
    setChecks(found.checks);
    note("verify");
  };
  const holds = checks !== null && checks.every((one) => one.finding === "holds");
  return (
    <Card
      title="Receipt" className={checks === null ? "" : holds ? "sure" : "unsure"}
      aside={checks !== null && <Badge tone={holds ? "good" : "bad"}>{holds ? "verified" : "does not hold"}</Badge>}
    >
      {checks === null
        ? <p>Do not take the gateway's word for it: your browser checks the validators' signatures, the state's proof and every provider's signature.</p>
        : (
          <ul className="checks">
            {checks.map((one) => (
              <li key={one.name} className={one.finding}>
                <Icon name={one.finding === "holds" ? "check" : one.finding === "fails" ? "cross" : "clock"} size={16} />
                <div><b>{meanings[one.name]}</b><span>{one.words}</span></div>
              </li>
            ))}
          </ul>
        )}
      <div className="actions">
        <Form label={checks === null ? "Verify" : "Verify again"} act={verify} tone={checks === null ? "primary" : "quiet"} />
        <a className="button quiet" href={`/v1/jobs/${id}/receipt`} download={`${id.slice(0, 12)}.receipt`}>Save the file</a>
      </div>
    </Card>
  );
}
