// SPDX-License-Identifier: Apache-2.0
import React from "react";
import { ago, brief } from "../data/format";
import { gateway } from "../data/gateway";
import type { Schemas } from "../data/gateway";
import { Link, usePlace } from "../data/router";
import { useResource } from "../data/useResource";
import { Tabs } from "../parts/act";
import { Amount, Badge, Card, Empty, Heading, Loaded, Table } from "../parts/basics";
import type { Tone } from "../parts/basics";
import { Icon } from "../parts/icons";
import { useWallet } from "../wallet/wallet";

/** What a job's state means at a glance. */
export const jobTone = (state: string): Tone =>
  state === "settled" ? "good" : state === "expired" || state === "undetermined" ? "bad" : state === "cancelled" ? "plain" : "info";

/** The jobs of everybody, or one's own. */
export function JobsPage(): JSX.Element {
  const { query } = usePlace();
  const { sealed } = useWallet();
  const isMine = query.get("of") !== "all" && sealed !== null;
  const cursor = query.get("cursor");
  const path = isMine ? `/v1/accounts/${sealed.account}/jobs` : "/v1/jobs";
  const whole = `${path}?limit=20${cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`}`;
  const page = useResource(whole, () => gateway.get<Schemas["JobPage"]>(whole), 2_000);
  return (
    <>
      <Heading title="Jobs" lead="Programs that providers run, check against each other, and are paid for">
        <Link to="/jobs/new" className="button primary"><Icon name="play" />Run a job</Link>
      </Heading>
      {sealed !== null && <Tabs now={isMine ? "/jobs" : "/jobs?of=all"} of={[["/jobs", "Mine"], ["/jobs?of=all", "Open to providers"]]} />}
      <Card>
        <Loaded of={page} lines={5}>
          {(value) => value.jobs.length === 0
            ? (
              <Empty icon="play" title={isMine ? "You have not run anything yet" : "No job waits or runs now"}>
                <p>Bring a WebAssembly program, or try the word counter that comes along.</p>
                <Link to="/jobs/new" className="button primary">Run a job</Link>
              </Empty>
            )
            : (
              <>
                <Table
                  caption="Jobs" head={["Job", "State", "Replicas", "Cost", "Most", "Opened"]} numeric={[2, 3, 4]}
                  rows={value.jobs.map((job) => ({
                    key: job.job,
                    cells: [
                      <Link to={`/jobs/${job.job}`}><code>{brief(job.job, 8)}</code></Link>,
                      <Badge tone={jobTone(job.state)}>{job.state}</Badge>, job.replicas,
                      job.settlement === undefined ? "—" : <Amount of={job.settlement.cost} />,
                      <Amount of={job.maxCost} />, ago(job.openedAt),
                    ],
                  }))}
                />
                {value.next !== undefined && (
                  <Link className="button" to={`/jobs?${isMine ? "" : "of=all&"}cursor=${value.next}`}>Older</Link>
                )}
              </>
            )}
        </Loaded>
      </Card>
    </>
  );
}
