// SPDX-License-Identifier: Apache-2.0
import React, { useState } from "react";
import { lockForVotes } from "../../../SDKs/javascript/src/actions/lockForVotes";
import { propose } from "../../../SDKs/javascript/src/actions/propose";
import { parseAmount } from "../../../SDKs/javascript/src/codec/amount";
import { modules } from "../../../SDKs/javascript/src/messages/message";
import { amount, span, unit } from "../data/format";
import { gateway } from "../data/gateway";
import type { Schemas } from "../data/gateway";
import { useFigures, useRules } from "../data/law";
import { Link, go, usePlace } from "../data/router";
import { useResource } from "../data/useResource";
import { Choice, Field, Form, TextField, tell } from "../parts/act";
import { Card, Facts, Heading } from "../parts/basics";
import { session, useWallet } from "../wallet/wallet";

/** The most bytes of a title. */
const titleBytesMax = 128;

/** Writes a proposal, shows what it would change, and hands it in. */
export function NewProposalPage(): JSX.Element {
  const { query } = usePlace();
  const kind = query.get("kind") === "text" ? "text" : "parameter";
  const { signer, sealed } = useWallet();
  const figures = useFigures();
  const rules = useRules().data?.kinds.find((one) => one.kind === kind);
  const stakes = useResource(signer === null ? null : `stakes ${signer.account}`, () => gateway.get<Schemas["Stakes"]>(`/v1/stakes/${signer!.account}`), 3_000);
  const [title, setTitle] = useState("");
  const [why, setWhy] = useState("");
  const [figure, setFigure] = useState("governance.depositMin");
  const [value, setValue] = useState("");
  const [module = "", name = ""] = figure.split(".");
  const now = figures.data?.[module]?.[name];
  const law = figures.data?.["governance"];
  const [deposit, least] = [String(law?.["depositMin"] ?? "0"), String(law?.["proposerMin"] ?? "0")];
  const power = BigInt(stakes.data?.power ?? "0");
  const missing = law === undefined ? 0n : parseAmount(least) - power;
  const options = Object.entries(figures.data ?? {}).flatMap(([module, list]) =>
    Object.keys(list).map((name): [string, string] => [`${module}.${name}`, `${module} · ${name}`]));
  const lock = async (): Promise<void> => {
    await lockForVotes(await session(), missing);
    tell("good", `${amount(missing)} ${unit} vote for you now.`);
    stakes.reload();
  };
  const act = async (): Promise<void> => {
    const open = await session();
    const text = why.trim() === "" ? "0".repeat(64) : (await gateway.upload(new TextEncoder().encode(why))).digest;
    const written = typeof now === "number" ? String(Number(value)) : JSON.stringify(value.trim());
    const outcome = await propose(open, {
      kind, title: title.trim(), text, messages: [], upgrade: null, ratifies: null,
      changes: kind === "text" ? [] : [{ module: modules[module as keyof typeof modules], name, value: written }],
    }, parseAmount(deposit));
    const answer = await gateway.get<{ events: { [name: string]: unknown }[] }>(`/v1/transactions/${outcome.hash}`);
    const number = answer.events.find((event) => event["name"] === "proposed")?.["number"];
    tell("good", "Proposed. It is talked about first, then voted on.");
    go(number === undefined ? "/proposals" : `/proposals/${String(number)}`);
  };
  const isReady = signer !== null && missing <= 0n && title.trim() !== "" && (kind === "text" || value.trim() !== "");
  return (
    <>
      <Heading title="Propose something" lead="What passes carries itself out; no key of anybody's is needed" />
      <div className="columns wide-first">
        <Card title="The proposal">
          <Form label="Propose it" act={act} disabled={!isReady}>
            <Choice name="Kind" value={kind} change={(next) => go(`/proposals/new?kind=${next}`, true)} of={[["parameter", "Change a figure"], ["text", "Ask a question"]]} />
            <Field name="Title" maxLength={titleBytesMax} value={title} onChange={(event) => setTitle(event.target.value)} />
            <TextField name="Why" rows={4} value={why} onChange={(event) => setWhy(event.target.value)} hint="Kept under its hash, which the proposal names" />
            {kind === "parameter" && (
              <>
                <Choice name="Figure" value={figure} change={setFigure} of={options} />
                <Field name="New value" value={value} onChange={(event) => setValue(event.target.value)} hint={now === undefined ? "" : `It is ${String(now)} now. The ledger tries the change and refuses one out of range at once.`} />
              </>
            )}
          </Form>
        </Card>
        <div className="stack">
          <Card title="What will happen">
            {kind === "parameter" && value.trim() !== "" && (
              <p className="change"><code>{figure}</code><span><s>{String(now ?? "…")}</s> → <b>{value}</b></span></p>
            )}
            {rules !== undefined && (
              <Facts of={[
                ["It is discussed for", span(rules.discussionMilliseconds)],
                ["Then voted on for", span(rules.votingMilliseconds)],
                ["Then waits for", span(rules.timeLockMilliseconds)],
                ["Needs a turnout of", `${(rules.houses[0]?.quorum ?? 0) / 10_000} %`],
                ["And of those", `${(rules.houses[0]?.approval ?? 0) / 10_000} % yes`],
                ["Your deposit", `${deposit} ${unit}`],
              ]} />
            )}
            <p className="hint">The deposit comes back unless nobody cared to vote, or it was vetoed.</p>
          </Card>
          {signer === null
            ? <p className="hint"><Link to="/wallet">{sealed === null ? "Make a wallet" : "Unlock your wallet"}</Link> to propose.</p>
            : missing > 0n && (
              <Card title="First, some stake">
                <p>Proposing needs {least} {unit} at stake; you have {amount(power)}.</p>
                <Form label={`Lock ${amount(missing)} ${unit} for votes`} act={lock} />
              </Card>
            )}
        </div>
      </div>
    </>
  );
}
