// SPDX-License-Identifier: Apache-2.0
import React from "react";
import { words } from "../data/format";
import { gateway } from "../data/gateway";
import type { Schemas } from "../data/gateway";
import { Link } from "../data/router";
import { useResource } from "../data/useResource";
import { Amount, Badge, Card, Facts, Heading, Id, Loaded } from "../parts/basics";

/** What became of a transaction. */
export function TransactionPage({ hash }: { hash: string }): JSX.Element {
  const outcome = useResource(`tx ${hash}`, () => gateway.get<Schemas["Outcome"]>(`/v1/transactions/${encodeURIComponent(hash)}`));
  return (
    <>
      <Heading title="Transaction" lead={<Id value={hash} side={12} />} />
      <Loaded of={outcome}>
        {(one) => {
          const refusal = one.refusal as { module: string; name: string; detail: string } | null;
          const events = (one as unknown as { events: { [name: string]: unknown }[] }).events;
          return (
            <div className="columns">
              <Card title="Outcome">
                <Facts of={[
                  ["Verdict", <Badge tone={one.verdict === "applied" ? "good" : "bad"}>{one.verdict}</Badge>],
                  ["Block", <Link to={`/blocks/${one.height}`}>{one.height}</Link>], ["Fee", <Amount of={one.fee} places={6} />],
                ]} />
                {refusal !== null && <p className="wrong">{refusal.module}: {words(refusal.name)}. {refusal.detail}</p>}
              </Card>
              <Card title="What it did">
                <ul className="lines">
                  {events.map((event) => (
                    <li key={String(event["index"])}>
                      <b>{String(event["module"])}</b> {words(String(event["name"]))}
                      {typeof event["amount"] === "string" && <> <Amount of={event["amount"]} /></>}
                    </li>
                  ))}
                </ul>
              </Card>
            </div>
          );
        }}
      </Loaded>
    </>
  );
}
