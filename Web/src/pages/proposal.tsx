// SPDX-License-Identifier: Apache-2.0
import React, { useEffect, useState } from "react";
import { vote } from "../../../SDKs/javascript/src/actions/vote";
import { moment, span } from "../data/format";
import { gateway } from "../data/gateway";
import type { Schemas } from "../data/gateway";
import { useFigures, useRules } from "../data/law";
import { Link } from "../data/router";
import { useResource } from "../data/useResource";
import { Form, tell } from "../parts/act";
import { Amount, Badge, Card, Facts, Heading, Id, Loaded, Table } from "../parts/basics";
import { note } from "../parts/firstSteps";
import { Icon } from "../parts/icons";
import { Tally } from "../parts/tally";
import { session, useWallet } from "../wallet/wallet";
import { stageName, stageTone } from "./proposals";

type Proposal = Schemas["Proposal"];
/** The most bytes of a proposal's text that are shown. */
const textMax = 65_536;
const nobody = "0".repeat(64);
const stages = ["discussion", "voting", "queued", "executed"];

/** One proposal from its first word to what it changed. */
export function ProposalPage({ number }: { number: string }): JSX.Element {
  const proposal = useResource(`proposal ${number}`, () => gateway.get<Proposal>(`/v1/proposals/${encodeURIComponent(number)}`), 1_000);
  const title = proposal.data?.title ?? `Proposal ${number}`;
  return (
    <>
      <Heading title={title} lead={proposal.data !== undefined && <>Proposal #{proposal.data.number} by <Id value={proposal.data.proposer} to={`/accounts/${proposal.data.proposer}`} /></>}>
        {proposal.data !== undefined && <Badge tone={stageTone(proposal.data.stage)}>{stageName(proposal.data.stage)}</Badge>}
      </Heading>
      <Loaded of={proposal} lines={6}>
        {(value) => (
          <>
            <Stages of={value} />
            <div className="columns wide-first">
              <div className="stack">
                <Votes of={value} voted={proposal.reload} />
                <Changes of={value} />
                {value.text !== nobody && <Text digest={value.text} />}
              </div>
              <Card title="Facts">
                <Facts of={[
                  ["Kind", value.kind], ["Deposit", <Amount of={value.deposit} />],
                  ["This stage since", moment(value.since)], ["It ends", moment(value.ends)],
                  ["Votes counted from", value.snapshot === 0 ? "—" : <Link to={`/blocks/${value.snapshot}`}>block {value.snapshot}</Link>],
                ]} />
              </Card>
            </div>
          </>
        )}
      </Loaded>
    </>
  );
}

function useNow(): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), 1_000);
    return () => window.clearInterval(timer);
  }, []);
  return now;
}

function Stages({ of }: { of: Proposal }): JSX.Element {
  const now = useNow();
  const goesOn = stages.indexOf(of.stage) < 3 && stages.includes(of.stage);
  const place = stages.includes(of.stage) ? stages.indexOf(of.stage) : 2;
  const labels = ["Discussion", "Voting", "Passed", "Carried out"];
  const last = goesOn || of.stage === "executed" ? labels : [...labels.slice(0, 2), of.stage];
  return (
    <ol className="progress" aria-label="Stages">
      {last.map((label, at) => (
        <li key={label} className={at < place || of.stage === "executed" ? "done" : at === place ? (goesOn ? "now" : "bad") : ""} aria-current={at === place ? "step" : undefined}>
          <span className="disc">{at < place || of.stage === "executed" ? <Icon name="check" size={14} /> : goesOn || at < place ? at + 1 : <Icon name="cross" size={14} />}</span>
          {label}{at === place && goesOn && <small>{span(of.ends - now)} left</small>}
        </li>
      ))}
    </ol>
  );
}

function Votes({ of, voted }: { of: Proposal; voted: () => void }): JSX.Element {
  const { sealed, signer } = useWallet();
  const rules = useRules().data?.kinds.find((one) => one.kind === of.kind);
  const cast = (choice: "yes" | "no" | "abstain" | "veto") => async (): Promise<void> => {
    await vote(await session(), BigInt(of.number), choice);
    note("vote");
    tell("good", `You voted ${choice}.`);
    voted();
  };
  return (
    <Card title="Votes">
      {of.tallies.length === 0 ? <p className="muted">Voting begins when the discussion ends.</p>
        : of.tallies.map((tally, place) => (
          <div key={place}>
            {of.tallies.length > 1 && <h3>{rules?.houses[place]?.electorate ?? ""}</h3>}
            <Tally of={tally} quorum={rules?.houses[place]?.quorum} />
          </div>
        ))}
      {of.stage === "voting" && signer !== null && (
        <div className="ballot" role="group" aria-label="Your vote">
          <Form label="Yes" act={cast("yes")} /><Form label="No" tone="quiet" act={cast("no")} />
          <Form label="Abstain" tone="quiet" act={cast("abstain")} /><Form label="Veto" tone="danger" act={cast("veto")} />
        </div>
      )}
      {of.stage === "voting" && signer === null && (
        <p className="hint"><Link to="/wallet">{sealed === null ? "Make a wallet" : "Unlock your wallet"}</Link> to vote with what it had at stake when voting began.</p>
      )}
    </Card>
  );
}

function Changes({ of }: { of: Proposal }): JSX.Element | null {
  const figures = useFigures();
  if (of.changes.length === 0 && of.messages === 0) return null;
  return (
    <Card title="What it does">
      {of.changes.length > 0 && (
        <Table
          caption="Changes" head={["Figure", "Now", "Then"]}
          rows={of.changes.map((one) => ({
            key: `${one.module} ${one.name}`,
            cells: [
              <><span className="muted">{one.module}.</span>{one.name}</>,
              String(figures.data?.[one.module]?.[one.name] ?? "…"), <b>{one.value.replace(/^"|"$/g, "")}</b>,
            ],
          }))}
        />
      )}
      {of.messages > 0 && <p>It sends {of.messages} {of.messages === 1 ? "message" : "messages"} to the cloud's modules.</p>}
      {["discussion", "voting", "queued"].includes(of.stage) && <Rehearsal of={of} />}
    </Card>
  );
}

/** What the state would differ in if it were carried out now: the ledger tries it and undoes it. */
function Rehearsal({ of }: { of: Proposal }): JSX.Element | null {
  const [found, setFound] = useState<{ refusal?: string; changes: { module: string; key: string; words?: string }[] } | null>(null);
  if (of.changes.length === 0 && of.messages === 0) return null;
  const act = async (): Promise<void> => setFound(await gateway.get(`/v1/proposals/${of.number}/changes`));
  return (
    <>
      <Form label="Simulate it" tone="quiet" act={act} />
      {found?.refusal !== undefined && <p className="wrong"><Icon name="alert" size={16} />It would be refused now: {found.refusal}</p>}
      {found !== null && found.refusal === undefined && (
        <ul className="checks" aria-label="What would change">
          {found.changes.map((one) => (
            <li key={`${one.module} ${one.key}`} className="holds">
              <Icon name="check" size={16} />
              <div><b>{one.words ?? `${one.module} writes a value`}</b><span>key {one.key}</span></div>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Text({ digest }: { digest: string }): JSX.Element {
  const text = useResource(`blob ${digest}`, async () =>
    new TextDecoder().decode((await gateway.bytes(`/v1/blobs/${digest}`)).subarray(0, textMax)));
  return <Card title="Why"><Loaded of={text}>{(value) => <p className="prose">{value}</p>}</Loaded></Card>;
}
