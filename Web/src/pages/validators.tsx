// SPDX-License-Identifier: Apache-2.0
import React from "react";
import { Meter } from "../charts/charts";
import { amount, count, percent } from "../data/format";
import { gateway } from "../data/gateway";
import type { Schemas } from "../data/gateway";
import { useStatus } from "../data/live";
import { Link } from "../data/router";
import { useResource } from "../data/useResource";
import { Amount, Badge, Card, Facts, Heading, Id, Loaded, Table, Tile } from "../parts/basics";

type Member = Schemas["Member"];

function State({ of, connected }: { of: Member; connected: boolean | undefined }): JSX.Element {
  if (of.state !== "active") return <Badge tone={of.state === "jailed" ? "bad" : "plain"}>{of.state}</Badge>;
  return connected === false ? <Badge tone="warn">out of reach</Badge> : <Badge tone="good">active</Badge>;
}

/** Those who vote on blocks. */
export function ValidatorsPage(): JSX.Element {
  const page = useResource("members", () => gateway.get<Schemas["MemberPage"]>("/v1/validators"), 4_000);
  const status = useStatus();
  const reach = new Map(status.data?.validators.map((one) => [one.publicKey, one.connected]));
  return (
    <>
      <Heading title="Validators" lead="They order and sign the blocks; more than two thirds of their weight must agree" />
      <Loaded of={page} lines={6}>
        {(value) => (
          <>
            <div className="tiles">
              <Tile name="Epoch" value={count(value.epoch)} />
              <Tile name="Seats" value={count(value.seats)} />
              <Tile name="Weight" value={count(value.totalWeight)} note={`${count(Math.floor((value.totalWeight * 2) / 3) + 1)} make a quorum`} />
              <Tile name="Least stake" value={amount(value.stakeMin, 0)} note="to take a seat" />
            </div>
            <Card>
              <Table
                caption="Validators" head={["Name", "State", "Share of the votes", "Bond", "Behind it", "Action"]} numeric={[3, 4]}
                rows={value.validators.map((one) => ({
                  key: one.account,
                  cells: [
                    <Link to={`/validators/${one.account}`}><b>{one.name}</b></Link>,
                    <State of={one} connected={reach.get(one.publicKey)} />,
                    <span className="share"><Meter label={percent(one.weight ?? 0, value.totalWeight)} value={one.weight ?? 0} most={value.totalWeight} />{percent(one.weight ?? 0, value.totalWeight)}</span>,
                    <Amount of={one.bond} places={0} />, <Amount of={one.backing} places={0} />,
                    <Link className="button small" to={`/wallet/stake?operator=${one.account}`} aria-label={`Stake behind ${one.name}`}>Stake</Link>,
                  ],
                }))}
              />
            </Card>
          </>
        )}
      </Loaded>
    </>
  );
}

/** One validator. */
export function ValidatorPage({ account }: { account: string }): JSX.Element {
  const member = useResource(`member ${account}`, () => gateway.get<Member>(`/v1/validators/${encodeURIComponent(account)}`), 4_000);
  const pool = useResource(member.data === undefined || member.data.backing === "0" ? null : `pool ${account}`, () => gateway.get<Schemas["Pool"]>(`/v1/pools/${encodeURIComponent(account)}`), 4_000);
  return (
    <>
      <Heading title={member.data?.name ?? "Validator"} lead={<Id value={account} side={12} to={`/accounts/${account}`} />}>
        <Link className="button primary" to={`/wallet/stake?operator=${account}`}>Stake behind it</Link>
      </Heading>
      <Loaded of={member} lines={6}>
        {(value) => (
          <div className="columns">
            <Card title="Membership">
              <Facts of={[
                ["State", <State of={value} connected={undefined} />], ["Weight", count(value.weight ?? 0)],
                ["Bond of its own", <Amount of={value.bond} />], ["Given by the genesis", count(value.granted)],
                ["Slashed", <Amount of={value.slashed} />], ["Since block", count(value.sinceHeight)],
                ["Votes with key", <Id value={value.publicKey} />], ["Fees go to", <Id value={value.fees} to={`/accounts/${value.fees}`} />],
              ]} />
            </Card>
            <Card title="Who stands behind it">
              {pool.data === undefined
                ? <p className="muted">Nobody stands behind it yet.</p>
                : (
                  <Facts of={[
                    ["Stake of others", <Amount of={pool.data.backing} />], ["Paid out", <Amount of={pool.data.steady} />],
                    ["Compounding", <Amount of={pool.data.compounding} />], ["Commission", `${pool.data.commission / 10_000} %`],
                    ["Rewards on their way", <Amount of={pool.data.flowing} />], ["Leaving", <Amount of={pool.data.leaving} />],
                    ["Insured", pool.data.insuredSinceEpoch === undefined ? "no" : `since epoch ${pool.data.insuredSinceEpoch}`],
                  ]} />
                )}
            </Card>
          </div>
        )}
      </Loaded>
    </>
  );
}
