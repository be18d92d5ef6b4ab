// SPDX-License-Identifier: Apache-2.0
import React from "react";
import { Meter, Ring } from "../charts/charts";
import { amount, approximate, percent, unit } from "../data/format";
import { gateway } from "../data/gateway";
import type { Schemas } from "../data/gateway";
import { useResource } from "../data/useResource";
import { Amount, Card, Empty, Heading, Id, Loaded, Table, Tile } from "../parts/basics";

interface Asset { asset: number; symbol: string; supply: string }
interface Pool {
  number: number; name: string; owner: string;
  holdings: { asset: number; amount: string; limit?: string; spentInPeriod?: string }[];
}
interface Grant { number: number; receiver: string; asset: number; total: string; claimed: string; earned: string }

/** What there is of the token, where it is, and what the treasury holds. */
export function TreasuryPage(): JSX.Element {
  const all = useResource("treasury", async () => {
    const [assets, pools, grants, members] = await Promise.all([
      gateway.get<{ assets: Asset[] }>("/v1/assets?limit=100"),
      gateway.get<{ treasuries: Pool[] }>("/v1/treasuries?limit=100"),
      gateway.get<{ grants: Grant[] }>("/v1/grants?limit=100"),
      gateway.get<Schemas["MemberPage"]>("/v1/validators"),
    ]);
    return { assets: assets.assets, pools: pools.treasuries, grants: grants.grants, members: members.validators };
  }, 4_000);
  const providers = useResource("bonds", () => gateway.get<Schemas["ProviderPage"]>("/v1/providers?limit=100"), 10_000);
  return (
    <>
      <Heading title="Treasury" lead="What there is of the token, where it is, and what is held in common" />
      <Loaded of={all} lines={6}>
        {({ assets, pools, grants, members }) => {
          const supply = BigInt(assets.find((one) => one.asset === 0)?.supply ?? "0");
          const staked = members.reduce((sum, one) => sum + BigInt(one.backing) + BigInt(one.bond), 0n);
          const bonded = (providers.data?.providers ?? []).reduce((sum, one) => sum + BigInt(one.bond), 0n);
          const pooled = pools.flatMap((one) => one.holdings).filter((one) => one.asset === 0)
            .reduce((sum, one) => sum + BigInt(one.amount), 0n);
          const granted = grants.filter((one) => one.asset === 0).reduce((sum, one) => sum + BigInt(one.total) - BigInt(one.claimed), 0n);
          const free = supply - staked - bonded - pooled - granted;
          const part = (name: string, value: bigint): { name: string; value: number; shown: string } => ({
            name, value: approximate(value), shown: amount(value, 0),
          });
          return (
            <>
              <div className="tiles">
                <Tile name="Supply" value={amount(supply, 0)} note={unit} />
                <Tile name="Behind validators" value={amount(staked, 0)} note={percent(approximate(staked), approximate(supply), 3)} />
                <Tile name="Providers' bonds" value={amount(bonded, 0)} note={percent(approximate(bonded), approximate(supply), 3)} />
                <Tile name="In pools" value={amount(pooled, 0)} note={`${pools.length} ${pools.length === 1 ? "pool" : "pools"}`} />
              </div>
              <div className="columns">
                <Card title="Where it is">
                  <Ring
                    label="Where the token is" centre={<><b>{amount(supply / 1_000_000n, 1)} M</b><span>{unit}</span></>}
                    parts={[part("Accounts", free), part("Behind validators", staked), part("Providers' bonds", bonded), part("Pools", pooled), part("Grants", granted)]}
                  />
                </Card>
                <Card title="Assets">
                  <Table
                    caption="Assets" head={["Asset", "Symbol", "Supply"]} numeric={[2]}
                    rows={assets.map((one) => ({ key: String(one.asset), cells: [one.asset, one.symbol, amount(one.supply, 2)] }))}
                  />
                </Card>
              </div>
              <Card title="Pools">
                {pools.length === 0
                  ? <Empty icon="coins" title="There is no pool yet"><p>A chain's genesis makes them, or a proposal does.</p></Empty>
                  : (
                    <Table
                      caption="Pools" head={["Pool", "Holds", "Owner"]} numeric={[1]}
                      rows={pools.map((one) => ({
                        key: String(one.number),
                        cells: [
                          one.name, one.holdings.map((held) => <div key={held.asset}><Amount of={held.amount} /></div>),
                          <Id value={one.owner} to={`/accounts/${one.owner}`} />,
                        ],
                      }))}
                    />
                  )}
              </Card>
              <Card title="Grants">
                {grants.length === 0
                  ? <Empty icon="clock" title="Nothing is granted" />
                  : (
                    <Table
                      caption="Grants" head={["To", "Amount", "Earned by now", "Taken"]} numeric={[1]}
                      rows={grants.map((one) => ({
                        key: String(one.number),
                        cells: [
                          one.receiver.startsWith("pool ") ? one.receiver : <Id value={one.receiver} to={`/accounts/${one.receiver}`} />,
                          <Amount of={one.total} />,
                          <Meter label={`Earned ${amount(one.earned)}`} value={approximate(one.earned)} most={approximate(one.total)} />,
                          amount(one.claimed),
                        ],
                      }))}
                    />
                  )}
              </Card>
            </>
          );
        }}
      </Loaded>
    </>
  );
}
