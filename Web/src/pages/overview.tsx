// SPDX-License-Identifier: Apache-2.0
import React from "react";
import { Area } from "../charts/charts";
import { ago, brief, count } from "../data/format";
import { gateway } from "../data/gateway";
import type { Schemas } from "../data/gateway";
import { perSecond, useBlocks, useEvents, useStatus } from "../data/live";
import { Link } from "../data/router";
import { useResource } from "../data/useResource";
import { Amount, Badge, Card, Empty, Failure, Heading, Loaded, Skeleton, Table, Tile } from "../parts/basics";
import { EventRow } from "../parts/events";
import { FirstSteps } from "../parts/firstSteps";
import { Icon } from "../parts/icons";
import { stageName, stageTone } from "./proposals";
import { Score } from "./providers";

/** How many seconds the chart of transactions shows. */
const seconds = 60;

/** What happens with everything else and says nothing by itself. */
const quiet = new Set(["accounts.feePaid", "governance.powerChanged"]);

/** What the cloud does now. */
export function OverviewPage(): JSX.Element {
  const status = useStatus();
  const blocks = useBlocks();
  const providers = useResource("providers", () => gateway.get<Schemas["ProviderPage"]>("/v1/providers?limit=100"), 5_000);
  const proposals = useResource("newest proposals", () => gateway.get<Schemas["ProposalPage"]>("/v1/proposals?limit=100"), 5_000);
  const { events, isOpen } = useEvents();
  const told = events.filter((event) => !quiet.has(event.name));
  if (status.data === undefined) {
    return (
      <>
        <Heading title="Overview" />
        {status.error === undefined ? <Skeleton lines={6} /> : <Failure error={status.error} retry={status.reload} />}
      </>
    );
  }
  const list = blocks.data ?? [];
  const rates = perSecond(list, seconds);
  const now = list[list.length - 1];
  const online = status.data.validators.filter((one) => one.connected).length;
  const active = providers.data?.providers.filter((one) => one.state === "bonded") ?? [];
  return (
    <>
      <Heading title="Overview" lead={`${status.data.name}, as this gateway sees it`}>
        <Link to="/jobs/new" className="button primary"><Icon name="play" />Run a job</Link>
      </Heading>
      <FirstSteps />
      <div className="tiles">
        <Tile name="Block" value={count(status.data.height)} note={now === undefined ? "" : ago(now.time)} />
        <Tile name="Transactions a second" value={(rates.slice(-10).reduce((sum, one) => sum + one, 0) / 10).toFixed(1)} note={`${count(rates.reduce((sum, one) => sum + one, 0))} in the last minute`} />
        <Tile
          name="Validators" value={`${online} / ${status.data.validators.length}`}
          note={status.data.hasQuorum ? "a quorum is in reach" : "no quorum"} tone={status.data.hasQuorum ? "good" : "bad"}
        />
        <Tile name="Providers" value={providers.data === undefined ? "…" : count(active.length)} note={`${count(active.reduce((sum, one) => sum + one.slots, 0))} slots for work`} />
      </div>
      <div className="columns wide-first even">
        <Card title="Transactions" aside={<span className="muted">last minute</span>}>
          <Area values={rates} label="Transactions a second" format={(value) => `${value}/s`} />
          <Blocks of={list} />
        </Card>
        <Card title="As it happens" aside={<Badge tone={isOpen ? "good" : "warn"}>{isOpen ? "live" : "waiting"}</Badge>}>
          {told.length === 0
            ? <Empty icon="pulse" title="Quiet just now"><p>What happens on the chain appears here at once.</p></Empty>
            : <ul className="events">{told.slice(0, 7).map((event) => <EventRow key={event.id} event={event} />)}</ul>}
        </Card>
      </div>
      <div className="columns wide-first even">
        <Card title="Providers" aside={<Link to="/providers">All</Link>}>
          <Loaded of={providers} lines={3}>
            {(value) => value.providers.length === 0 ? <Empty icon="server" title="Nobody offers a machine yet" /> : (
              <Table
                caption="The best providers" head={["Provider", "Quality", "Jobs done", "Per million fuel"]} numeric={[2, 3]}
                rows={[...value.providers].sort((left, right) => right.score - left.score).slice(0, 5).map((one) => ({
                  key: one.account,
                  cells: [<Link to={`/providers/${one.account}`}><code>{brief(one.account, 8)}</code></Link>, <Score of={one} />, count(one.completed), <Amount of={one.pricePerMillionFuel} />],
                }))}
              />
            )}
          </Loaded>
        </Card>
        <Card title="Proposals" aside={<Link to="/proposals">All</Link>}>
          <Loaded of={proposals} lines={3}>
            {(value) => value.proposals.length === 0 ? <Empty icon="vote" title="Nothing was proposed yet" /> : (
              <ul className="lines">
                {value.proposals.slice(-4).reverse().map((one) => (
                  <li key={one.number} className="split"><Link to={`/proposals/${one.number}`}>{one.title}</Link><Badge tone={stageTone(one.stage)}>{stageName(one.stage)}</Badge></li>
                ))}
              </ul>
            )}
          </Loaded>
        </Card>
      </div>
    </>
  );
}

/** The newest blocks, each as high as it is full. */
function Blocks({ of }: { of: Schemas["Block"][] }): JSX.Element {
  const shown = of.slice(-36);
  const most = Math.max(4, ...shown.map((block) => block.transactions.length));
  return (
    <>
      <h3>Blocks</h3>
      <ol className="blockrow" aria-label="The newest blocks">
        {shown.map((block) => (
          <li key={block.height}>
            <Link to={`/blocks/${block.height}`} aria-label={`Block ${block.height}, ${block.transactions.length} transactions`} title={`Block ${block.height} · ${block.transactions.length} transactions`}>
              <svg viewBox="0 0 10 40" preserveAspectRatio="none" aria-hidden="true">
                <rect width="10" height="40" className="track" />
                <rect
                  width="10" y={40 - 4 - (36 * block.transactions.length) / most}
                  height={4 + (36 * block.transactions.length) / most} className="bar"
                />
              </svg>
            </Link>
          </li>
        ))}
      </ol>
    </>
  );
}
