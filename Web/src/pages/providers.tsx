// SPDX-License-Identifier: Apache-2.0
import React from "react";
import { Meter } from "../charts/charts";
import { count, percent } from "../data/format";
import { gateway } from "../data/gateway";
import type { Schemas } from "../data/gateway";
import { Link, go, usePlace } from "../data/router";
import { useResource } from "../data/useResource";
import { Choice } from "../parts/act";
import { Amount, Badge, Card, Empty, Facts, Heading, Id, Loaded, Table } from "../parts/basics";
import type { Tone } from "../parts/basics";
import { brief } from "../data/format";

type Provider = Schemas["Provider"];
const tone = (state: string): Tone => (state === "bonded" ? "good" : state === "jailed" ? "bad" : "plain");
/** The best score: what reputation counts to. */
const scoreMax = 1_000;

/** How well a provider did what it promised. */
export function Score({ of }: { of: Provider }): JSX.Element {
  const level = of.score >= 600 ? "good" : of.score >= 400 ? "" : "bad";
  return (
    <span className="share">
      <Meter tone={level} label={`Score ${of.score} of ${scoreMax}`} value={of.score} most={scoreMax} />{of.score}
    </span>
  );
}

const orders: { [name: string]: (left: Provider, right: Provider) => number } = {
  score: (left, right) => right.score - left.score,
  price: (left, right) => (BigInt(left.pricePerMillionFuel) < BigInt(right.pricePerMillionFuel) ? -1 : 1),
  done: (left, right) => right.completed - left.completed,
};

/** Those whose machines run the work. */
export function ProvidersPage(): JSX.Element {
  const sort = usePlace().query.get("sort") ?? "score";
  const page = useResource("providers", () => gateway.get<Schemas["ProviderPage"]>("/v1/providers?limit=100"), 4_000);
  return (
    <>
      <Heading title="Providers" lead="Machines that run the work, with what the ledger measured of them">
        <Choice name="Order by" value={sort} change={(next) => go(`/providers?sort=${next}`, true)} of={[["score", "Quality"], ["price", "Price"], ["done", "Jobs done"]]} />
      </Heading>
      <Card>
        <Loaded of={page} lines={5}>
          {(value) => value.providers.length === 0
            ? <Empty icon="server" title="Nobody offers a machine yet" />
            : (
              <Table
                caption="Providers" head={["Provider", "State", "Quality", "Done", "Faults", "Base price", "Per million fuel", "Slots", "Bond"]} numeric={[3, 4, 5, 6, 7, 8]}
                rows={[...value.providers].sort(orders[sort] ?? orders["score"]).map((one) => ({
                  key: one.account,
                  cells: [
                    <Link to={`/providers/${one.account}`}><code>{brief(one.account, 8)}</code></Link>,
                    <Badge tone={tone(one.state)}>{one.state}</Badge>, <Score of={one} />, count(one.completed),
                    count(one.faults), <Amount of={one.basePrice} />, <Amount of={one.pricePerMillionFuel} />,
                    count(one.slots), <Amount of={one.bond} places={0} />,
                  ],
                }))}
              />
            )}
        </Loaded>
      </Card>
    </>
  );
}

/** One provider. */
export function ProviderPage({ account }: { account: string }): JSX.Element {
  const page = useResource("providers", () => gateway.get<Schemas["ProviderPage"]>("/v1/providers?limit=100"), 4_000);
  return (
    <>
      <Heading title="Provider" lead={<Id value={account} side={12} to={`/accounts/${account}`} />} />
      <Loaded of={page}>
        {({ providers }) => {
          const one = providers.find((each) => each.account === account);
          if (one === undefined) return <Empty icon="server" title="This account offers no machine here" />;
          const all = one.completed + one.faults;
          return (
            <div className="columns">
              <Card title="Quality, as the ledger measured it">
                <Score of={one} />
                <Facts of={[
                  ["Jobs done", count(one.completed)], ["Faults", count(one.faults)],
                  ["Kept its word", all === 0 ? "no job yet" : percent(one.completed, all)],
                  ["Slashed", <Amount of={one.slashed} />],
                ]} />
              </Card>
              <Card title="What it offers">
                <Facts of={[
                  ["State", <Badge tone={tone(one.state)}>{one.state}</Badge>], ["Runs", one.capabilities.join(", ")],
                  ["Base price", <Amount of={one.basePrice} />], ["Per million fuel", <Amount of={one.pricePerMillionFuel} />],
                  ["Slots", count(one.slots)], ["Bond", <Amount of={one.bond} />], ["Since block", count(one.sinceHeight)],
                  ["Reached at", <code>{one.endpoint}</code>], ["Key", <Id value={one.publicKey} />],
                ]} />
              </Card>
            </div>
          );
        }}
      </Loaded>
    </>
  );
}
