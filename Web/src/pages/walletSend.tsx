// SPDX-License-Identifier: Apache-2.0
import React, { useState } from "react";
import { transfer } from "../../../SDKs/javascript/src/actions/transfer";
import { parseAmount } from "../../../SDKs/javascript/src/codec/amount";
import { amount, unit } from "../data/format";
import { gateway } from "../data/gateway";
import type { Schemas } from "../data/gateway";
import { Field, Form, tell } from "../parts/act";
import { Card } from "../parts/basics";
import { session } from "../wallet/wallet";

/** Whose account is meant: its 64 digits, or a name that stands for it. */
async function accountOf(text: string): Promise<string> {
  const words = text.trim().toLowerCase();
  if (/^[0-9a-f]{64}$/.test(words)) return words;
  if (!/^[a-z0-9-]{3,32}$/.test(words)) throw new Error("An account has 64 digits, or a name.");
  const name = await gateway.get<Schemas["Name"]>(`/v1/names/${encodeURIComponent(words)}`);
  if (name.target === undefined) throw new Error(`${words} stands for no account.`);
  return name.target;
}

/** Sends money. */
export function SendPart({ balance, sent }: { balance: bigint; sent: () => void }): JSX.Element {
  const [to, setTo] = useState("");
  const [text, setText] = useState("");
  const act = async (): Promise<void> => {
    const outcome = await transfer(await session(), await accountOf(to), parseAmount(text));
    tell("good", `Sent ${text} ${unit}; final in block ${outcome.height}.`, `/transactions/${outcome.hash}`);
    setText("");
    sent();
  };
  return (
    <Card title="Send" className="narrow">
      <Form label="Send" act={act} disabled={to === "" || text === ""}>
        <Field name="To" value={to} onChange={(event) => setTo(event.target.value)} hint="An account's 64 digits, or a name" spellCheck={false} />
        <Field name={`Amount in ${unit}`} inputMode="decimal" value={text} onChange={(event) => setText(event.target.value)} hint={`You have ${amount(balance)}; the fee is about 0.0005`} />
      </Form>
    </Card>
  );
}
