// SPDX-License-Identifier: Apache-2.0
import React, { useState } from "react";
import { verifyBalance } from "../../../SDKs/javascript/src/actions/verifyBalance";
import { amount, count, unit } from "../data/format";
import { gateway, genesis } from "../data/gateway";
import type { Schemas } from "../data/gateway";
import { Link, usePlace } from "../data/router";
import { useResource } from "../data/useResource";
import { useStakes } from "./walletStake";
import { Form } from "../parts/act";
import { Amount, Badge, Card, Facts, Heading, Id, Loaded, Table } from "../parts/basics";
import { History } from "../parts/history";
import { jobTone } from "./jobs";
import { brief } from "../data/format";

/** What everybody can see of an account. */
export function AccountPage({ account }: { account: string }): JSX.Element {
  const isSearch = usePlace().query.get("find") === "1";
  const view = useResource(`account ${account}`, () => gateway.account(encodeURIComponent(account)), 4_000);
  const stakes = useStakes(account);
  const jobs = useResource(`jobs of ${account}`, () => gateway.get<Schemas["JobPage"]>(`/v1/accounts/${encodeURIComponent(account)}/jobs?limit=10`));
  const [proven, setProven] = useState<{ amount: bigint; height: bigint } | null>(null);
  const check = async (): Promise<void> => setProven(await verifyBalance(gateway, await genesis(), account));
  return (
    <>
      <Heading title="Account" lead={<Id value={account} side={12} />} />
      {isSearch && (
        <p className="hint">The same digits may name something else: <Link to={`/jobs/${account}`}>a job</Link>, <Link to={`/transactions/${account}`}>a transaction</Link>, <Link to={`/validators/${account}`}>a validator</Link>.</p>
      )}
      <div className="columns">
        <Card title="What it has">
          <Loaded of={view}>
            {(value) => (
              <>
                {value.balances.length === 0 && <p className="muted">Nothing, and it never was used.</p>}
                <Facts of={[
                  ...value.balances.map((one): [string, React.ReactNode] => [one.asset === 0 ? unit : `asset ${one.asset}`, one.asset === 0 ? <Amount of={one.amount} /> : amount(one.amount)]),
                  ["Next transaction", count(value.nonce)],
                ]} />
              </>
            )}
          </Loaded>
          <Form label="Check the balance here" tone="quiet" act={check} />
          {proven !== null && <p className="proven"><Badge tone="good">proven</Badge> {amount(proven.amount)} {unit} in the state of block {count(proven.height)}, which a quorum signed</p>}
        </Card>
        <Card title="At stake">
          <Loaded of={stakes}>
            {(value) => (
              <Facts of={[
                ["Votes", <Amount of={value.power} />], ["Locked for votes", <Amount of={value.lockedForVotes} />],
                ["Stands behind", value.delegations.length === 0 ? "nobody" : value.delegations.map((one) => <div key={one.operator}><Id value={one.operator} to={`/validators/${one.operator}`} /></div>)],
                ...value.bonds.map((one): [string, React.ReactNode] => [`Bond as ${one.role}`, <Amount of={one.base} />]),
              ]} />
            )}
          </Loaded>
        </Card>
      </div>
      {(jobs.data?.jobs.length ?? 0) > 0 && (
        <Card title="Jobs">
          <Table
            caption="Jobs" head={["Job", "State", "Most"]} numeric={[2]}
            rows={jobs.data!.jobs.map((one) => ({
              key: one.job,
              cells: [<Link to={`/jobs/${one.job}`}><code>{brief(one.job, 8)}</code></Link>, <Badge tone={jobTone(one.state)}>{one.state}</Badge>, <Amount of={one.maxCost} />],
            }))}
          />
        </Card>
      )}
      <History account={account} />
    </>
  );
}
