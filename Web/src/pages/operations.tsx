// SPDX-License-Identifier: Apache-2.0
import React from "react";
import { Area } from "../charts/charts";
import { bytes, count, span } from "../data/format";
import { gateway } from "../data/gateway";
import type { Schemas } from "../data/gateway";
import { useBlocks } from "../data/live";
import { useResource } from "../data/useResource";
import { Badge, Card, Facts, Heading, Id, Loaded, Table, Tile } from "../parts/basics";
import { Icon } from "../parts/icons";

/** One line of the metrics. */
interface Sample { name: string; labels: string; value: number }
interface Alert { tone: "bad" | "warn"; text: string; what: string }

/** The samples of a text in Prometheus' form. */
export function samplesOf(text: string): Sample[] {
  return text.split("\n").flatMap((line) => {
    const match = /^([a-zA-Z_:][\w:]*)(\{.*\})? ([-+.\deE]+|NaN)$/.exec(line);
    return match === null ? [] : [{ name: match[1]!, labels: match[2] ?? "", value: Number(match[3]) }];
  });
}

function alertsOf(status: Schemas["Status"], isReady: boolean): Alert[] {
  const alerts: Alert[] = [];
  if (!isReady) alerts.push({ tone: "bad", text: "The gateway says it is not ready", what: "It does not follow the chain; load balancers leave it out." });
  if (!status.hasQuorum) alerts.push({ tone: "bad", text: "No quorum is in reach", what: status.reason ?? "Nothing becomes final until validators come back." });
  for (const one of status.validators.filter((each) => !each.connected)) {
    alerts.push({ tone: "warn", text: `${one.name} is out of reach`, what: "The others go on; look at its machine." });
  }
  if (status.lastBlockAgeMilliseconds > 10_000) alerts.push({ tone: "warn", text: `The last block is ${span(status.lastBlockAgeMilliseconds)} old`, what: "A block comes about every second." });
  if (status.pendingTransactions > 10_000) alerts.push({ tone: "warn", text: `${count(status.pendingTransactions)} transactions wait`, what: "Fees and block sizes decide how fast they go." });
  return alerts;
}

/** How the gateway and its chain are doing. */
export function OperationsPage(): JSX.Element {
  const all = useResource("operations", async () => {
    const [status, ready, metrics] = await Promise.all([
      gateway.status(), fetch("/readyz").then((answer) => answer.ok), gateway.open("/metrics").then((answer) => answer.text()),
    ]);
    return { status, isReady: ready, samples: samplesOf(metrics) };
  }, 3_000);
  const blocks = useBlocks();
  const gaps = (blocks.data ?? []).slice(1).map((one, place) => one.time - (blocks.data?.[place]?.time ?? one.time));
  return (
    <>
      <Heading title="Operations" lead="What needs a person, and the figures behind it" />
      <Loaded of={all} lines={8}>
        {({ status, isReady, samples }) => {
          const alerts = alertsOf(status, isReady);
          return (
            <>
              {alerts.length === 0
                ? <div className="banner good"><Icon name="check" />All is well: nothing needs a person now.</div>
                : (
                  <ul className="alerts" aria-label="Alerts">
                    {alerts.map((one) => <li key={one.text} className={`banner ${one.tone}`}><Icon name="alert" /><div><b>{one.text}</b> {one.what}</div></li>)}
                  </ul>
                )}
              <div className="tiles">
                <Tile name="Last block" value={`${(status.lastBlockAgeMilliseconds / 1_000).toFixed(1)} s`} note="ago" />
                <Tile name="Stake in reach" value={`${Math.round((100 * status.stakeConnected) / Math.max(1, status.stakeTotal))} %`} note={`${count(status.quorum)} make a quorum`} tone={status.hasQuorum ? "good" : "bad"} />
                <Tile name="Waiting transactions" value={count(status.pendingTransactions)} />
                <Tile name="Kept files" value={bytes(status.blobBytes)} />
              </div>
              <div className="columns">
                <Card title="Time between blocks"><Area values={gaps} label="Milliseconds between blocks" format={(value) => `${Math.round(value)} ms`} /></Card>
                <Card title="This gateway">
                  <Facts of={[
                    ["Version", status.version], ["Role", status.role], ["Ready", <Badge tone={isReady ? "good" : "bad"}>{isReady ? "yes" : "no"}</Badge>],
                    ["Key", <Id value={status.publicKey} />], ["Chain", <Id value={status.chain} />], ["State root", <Id value={status.stateRoot} />],
                  ]} />
                </Card>
              </div>
              <Card title="Figures" aside={<a href="/metrics">Prometheus text</a>}>
                <Table caption="Figures" head={["Figure", "Labels", "Value"]} numeric={[2]} rows={samples.slice(0, 200).map((one) => ({ key: one.name + one.labels, cells: [<code>{one.name}</code>, <code className="muted">{one.labels}</code>, count(Math.round(one.value * 1_000) / 1_000)] }))} />
              </Card>
            </>
          );
        }}
      </Loaded>
    </>
  );
}
