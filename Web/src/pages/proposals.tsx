// SPDX-License-Identifier: Apache-2.0
import React from "react";
import { span } from "../data/format";
import { gateway } from "../data/gateway";
import type { Schemas } from "../data/gateway";
import { useRules } from "../data/law";
import { Link, usePlace } from "../data/router";
import { useResource } from "../data/useResource";
import { Badge, Card, Empty, Heading, Loaded, Table } from "../parts/basics";
import type { Tone } from "../parts/basics";
import { Icon } from "../parts/icons";
import { Tally } from "../parts/tally";

/** What a stage means at a glance. */
export const stageTone = (stage: string): Tone =>
  stage === "executed" ? "good" : ["rejected", "vetoed", "failed"].includes(stage) ? "bad" : stage === "withdrawn" ? "plain" : "info";

/** What a stage is called. */
export const stageName = (stage: string): string =>
  ({ discussion: "being discussed", voting: "voting", queued: "passed, waiting" })[stage] ?? stage;

/** Everything that was proposed. */
export function ProposalsPage(): JSX.Element {
  const cursor = usePlace().query.get("cursor");
  const path = `/v1/proposals?limit=50${cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`}`;
  const page = useResource(path, () => gateway.get<Schemas["ProposalPage"]>(path), 2_000);
  const rules = useRules();
  return (
    <>
      <Heading title="Proposals" lead="Who has tokens at stake decides; what passed carries itself out">
        <Link to="/proposals/new" className="button primary"><Icon name="vote" />Propose something</Link>
      </Heading>
      <Loaded of={page}>
        {(value) => value.proposals.length === 0
          ? (
            <Card>
              <Empty icon="vote" title="Nothing was proposed yet">
                <p>Change a figure of the cloud, or ask a question and see what people say.</p>
                <Link to="/proposals/new" className="button primary">Propose something</Link>
              </Empty>
            </Card>
          )
          : (
            <ul className="proposals">
              {[...value.proposals].reverse().map((one) => (
                <li key={one.number} className="card">
                  <header>
                    <span className="muted">#{one.number}</span>
                    <Badge tone={stageTone(one.stage)}>{stageName(one.stage)}</Badge>
                    <Badge>{one.kind}</Badge>
                    {["discussion", "voting", "queued"].includes(one.stage) && <span className="muted">{span(one.ends - Date.now())} left</span>}
                  </header>
                  <h2><Link to={`/proposals/${one.number}`}>{one.title}</Link></h2>
                  {one.tallies.map((tally, place) => <Tally key={place} of={tally} />)}
                </li>
              ))}
            </ul>
          )}
      </Loaded>
      {page.data?.next !== undefined && <Link className="button" to={`/proposals?cursor=${page.data.next}`}>More</Link>}
      <Card title="How it is decided">
        <Loaded of={rules}>
          {({ kinds }) => (
            <Table
              caption="Rules by kind" head={["Kind", "Who", "Quorum", "Approval", "Discussion", "Voting", "Waiting"]}
              rows={kinds.map((one) => ({
                key: one.kind,
                cells: [
                  one.kind, one.houses.map((house) => house.electorate).join(" and "),
                  one.houses.map((house) => `${house.quorum / 10_000} %`).join(", "),
                  one.houses.map((house) => `${house.approval / 10_000} %`).join(", "),
                  span(one.discussionMilliseconds), span(one.votingMilliseconds), span(one.timeLockMilliseconds),
                ],
              }))}
            />
          )}
        </Loaded>
      </Card>
    </>
  );
}
