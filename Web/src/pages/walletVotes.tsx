// SPDX-License-Identifier: Apache-2.0
import React, { useState } from "react";
import { lockForVotes } from "../../../SDKs/javascript/src/actions/lockForVotes";
import { unlock } from "../../../SDKs/javascript/src/actions/unlock";
import { parseAmount } from "../../../SDKs/javascript/src/codec/amount";
import { amount, unit } from "../data/format";
import { Link } from "../data/router";
import { Field, Form, tell } from "../parts/act";
import { Amount, Card, Facts, Loaded } from "../parts/basics";
import { session } from "../wallet/wallet";
import { useStakes } from "./walletStake";

/** Locks tokens so that they vote. */
export function VotesPart({ account, balance }: { account: string; balance: bigint }): JSX.Element {
  const stakes = useStakes(account);
  const [text, setText] = useState("");
  const [back, setBack] = useState("");
  const act = async (): Promise<void> => {
    await lockForVotes(await session(), parseAmount(text));
    tell("good", `${text} ${unit} vote for you now.`, "/proposals");
    setText("");
    stakes.reload();
  };
  const release = async (): Promise<void> => {
    await unlock(await session(), parseAmount(back));
    tell("good", `${back} ${unit} are free again.`);
    setBack("");
    stakes.reload();
  };
  return (
    <div className="columns">
      <Card title="Lock for votes">
        <p>Locked tokens stay yours and vote. Proposing needs some, too: <Link to="/proposals">see the rules</Link>.</p>
        <Form label="Lock" act={act} disabled={text === ""}>
          <Field name={`Amount in ${unit}`} inputMode="decimal" value={text} onChange={(event) => setText(event.target.value)} hint={`You have ${amount(balance)}`} />
        </Form>
      </Card>
      <Card title="What votes for you">
        <Loaded of={stakes}>
          {(value) => (
            <Facts of={[
              ["Votes of your own", <Amount of={value.power} />],
              ["Locked", <Amount of={value.lockedForVotes} />],
              ["Given to you by others", <Amount of={value.receivedPower} />],
            ]} />
          )}
        </Loaded>
        <Form label="Unlock" tone="quiet" act={release} disabled={back === ""}>
          <Field name={`Take back, in ${unit}`} inputMode="decimal" value={back} onChange={(event) => setBack(event.target.value)} hint="What a vote holds comes free when that vote ends" />
        </Form>
      </Card>
    </div>
  );
}
