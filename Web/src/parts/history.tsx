// SPDX-License-Identifier: Apache-2.0
import React from "react";
import { brief, words } from "../data/format";
import { gateway } from "../data/gateway";
import type { Schemas } from "../data/gateway";
import { Link } from "../data/router";
import { useResource } from "../data/useResource";
import { Amount, Card, Empty, Loaded, Table } from "./basics";

/** What happened to an account, newest first. */
export function History({ account }: { account: string }): JSX.Element {
  const page = useResource(`history ${account}`, () => gateway.get<Schemas["EventPage"]>(`/v1/accounts/${account}/events?limit=50`), 4_000);
  return (
    <Card title="Activity">
      <Loaded of={page}>
        {(value) => {
          const events = value.events as unknown as { [name: string]: unknown }[];
          if (events.length === 0) return <Empty icon="clock" title="Nothing happened yet" />;
          return (
            <Table
              caption="Activity" head={["What", "Amount", "With", "Block"]} numeric={[1]}
              rows={events.map((event) => {
                const isGiven = event["to"] === account;
                const other = isGiven ? event["from"] : event["to"];
                return {
                  key: `${String(event["height"])}.${String(event["index"])}`,
                  cells: [
                    `${String(event["module"])}: ${words(String(event["name"]))}`,
                    typeof event["amount"] === "string"
                      ? <span className={isGiven ? "plus" : ""}>{isGiven ? "+" : ""}<Amount of={event["amount"]} /></span> : "—",
                    typeof other === "string" ? <Link to={`/accounts/${other}`}><code>{brief(other)}</code></Link> : "—",
                    <Link to={`/blocks/${String(event["height"])}`}>{String(event["height"])}</Link>,
                  ],
                };
              })}
            />
          );
        }}
      </Loaded>
    </Card>
  );
}
