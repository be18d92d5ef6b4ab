// SPDX-License-Identifier: Apache-2.0
import React, { useState } from "react";
import { claimRewards } from "../../../SDKs/javascript/src/actions/claimRewards";
import { delegate } from "../../../SDKs/javascript/src/actions/delegate";
import { undelegate } from "../../../SDKs/javascript/src/actions/undelegate";
import { parseAmount } from "../../../SDKs/javascript/src/codec/amount";
import { amount, unit } from "../data/format";
import { gateway } from "../data/gateway";
import type { Schemas } from "../data/gateway";
import { Link, usePlace } from "../data/router";
import { useResource } from "../data/useResource";
import type { Resource } from "../data/useResource";
import { Choice, Field, Form, tell } from "../parts/act";
import { Amount, Card, Empty, Id, Loaded } from "../parts/basics";
import { session } from "../wallet/wallet";

/** What an account has at stake. */
export const useStakes = (account: string): Resource<Schemas["Stakes"]> =>
  useResource(`stakes ${account}`, () => gateway.get<Schemas["Stakes"]>(`/v1/stakes/${account}`), 3_000);

/** Stakes behind a validator, takes rewards, takes stake back. */
export function StakePart({ account, balance }: { account: string; balance: bigint }): JSX.Element {
  const { query } = usePlace();
  const stakes = useStakes(account);
  const members = useResource("members", () => gateway.get<Schemas["MemberPage"]>("/v1/validators"));
  const active = (members.data?.validators ?? []).filter((one) => one.state === "active");
  const [chosen, setChosen] = useState(query.get("operator") ?? "");
  const [text, setText] = useState("");
  const [compounds, setCompounds] = useState(false);
  const operator = chosen === "" ? active[0]?.account ?? "" : chosen;
  const nameOf = (id: string): string => members.data?.validators.find((one) => one.account === id)?.name ?? id;
  const stake = async (): Promise<void> => {
    const outcome = await delegate(await session(), operator, parseAmount(text), compounds);
    tell("good", `${text} ${unit} stand behind ${nameOf(operator)} since block ${outcome.height}.`, `/transactions/${outcome.hash}`);
    setText("");
    stakes.reload();
  };
  const claim = async (id: string): Promise<void> => {
    await claimRewards(await session(), id);
    tell("good", `The rewards of ${nameOf(id)} are yours.`);
    stakes.reload();
  };
  const leave = async (id: string, units: bigint, isCompounding: boolean): Promise<void> => {
    await undelegate(await session(), id, units, isCompounding);
    tell("good", "It comes back when the unbonding time is over.");
    stakes.reload();
  };
  return (
    <div className="columns">
      <Card title="Stake">
        <Form label="Stake" act={stake} disabled={text === "" || operator === ""}>
          <Choice name="Behind" value={operator} change={setChosen} of={active.map((one) => [one.account, one.name])} hint={<Link to="/validators">Compare validators</Link>} />
          <Field name={`Amount in ${unit}`} inputMode="decimal" value={text} onChange={(event) => setText(event.target.value)} hint={`You have ${amount(balance)}. What is at stake also votes, and can be slashed when the validator cheats.`} />
          <label className="check"><input type="checkbox" checked={compounds} onChange={(event) => setCompounds(event.target.checked)} />Add rewards to the stake</label>
        </Form>
      </Card>
      <Card title="At stake">
        <Loaded of={stakes}>
          {(value) => value.delegations.length === 0
            ? <Empty icon="shield" title="You stand behind nobody yet" />
            : (
              <ul className="stakes">
                {value.delegations.map((one) => {
                  const isCompounding = BigInt(one.steady) === 0n;
                  const units = isCompounding ? BigInt(one.compounding) : BigInt(one.steady);
                  return (
                    <li key={one.operator}>
                      <div>
                        <b>{nameOf(one.operator)}</b> <Id value={one.operator} to={`/validators/${one.operator}`} />
                        <p><Amount of={BigInt(one.steady) + BigInt(one.compounding)} /> <span className="muted">earned <Amount of={one.reward} places={6} /></span></p>
                      </div>
                      <Form label="Claim" tone="quiet" act={() => claim(one.operator)} />
                      <Form label="Take back" tone="quiet" act={() => leave(one.operator, units, isCompounding)} />
                    </li>
                  );
                })}
              </ul>
            )}
        </Loaded>
      </Card>
    </div>
  );
}
