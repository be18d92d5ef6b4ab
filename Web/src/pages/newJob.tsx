// SPDX-License-Identifier: Apache-2.0
import React, { useState } from "react";
import { openJob } from "../../../SDKs/javascript/src/actions/openJob";
import { parseAmount } from "../../../SDKs/javascript/src/codec/amount";
import { amount, bytes, unit } from "../data/format";
import { gateway } from "../data/gateway";
import { Link, go } from "../data/router";
import { useResource } from "../data/useResource";
import { Choice, Field, Form, TextField, tell } from "../parts/act";
import { Card, Facts, Heading } from "../parts/basics";
import { Icon } from "../parts/icons";
import { session, useWallet } from "../wallet/wallet";

/** The most bytes of a program that this page takes: 32 MiB. */
const programBytesMax = 32 << 20;
/** What the word counter gets to count unless something else is written. */
const sampleText = "the reef keeps the sea out\nand the lagoon keeps the light in\n";

interface Program { name: string; content: Uint8Array }
interface Quote { costMin: string; costMax: string; transactionFee: string; providers: number }

/** Chooses a program, says what it may cost, and orders it. */
export function NewJobPage(): JSX.Element {
  const { sealed, signer } = useWallet();
  const [program, setProgram] = useState<Program | null>(null);
  const [input, setInput] = useState("");
  const [words, setWords] = useState("");
  const [replicas, setReplicas] = useState("2");
  const [fuel, setFuel] = useState("1000");
  const [most, setMost] = useState("");
  const millions = /^\d{1,9}$/.test(fuel) && Number(fuel) > 0 ? Number(fuel) : null;
  const quote = useResource(
    millions === null ? null : `quote ${millions} ${replicas}`,
    () => gateway.post<Quote>("/v1/quotes", { fuelMax: millions! * 1_000_000, replicas: Number(replicas) }), 0);
  const sample = async (): Promise<void> => {
    const response = await fetch("/assets/wordcount.wasm");
    if (!response.ok) return tell("bad", "This gateway has no sample program.");
    setProgram({ name: "wordcount.wasm", content: new Uint8Array(await response.arrayBuffer()) });
    if (input === "") setInput(sampleText);
  };
  const run = async (): Promise<void> => {
    if (program === null || millions === null) throw new Error("Choose a program first.");
    const opened = await openJob(await session(), {
      module: program.content, standardInput: new TextEncoder().encode(input),
      arguments: words.split(/\s+/).filter((word) => word !== ""), replicas: Number(replicas),
      fuelMax: BigInt(millions) * 1_000_000n, maxCost: most.trim() === "" ? undefined : parseAmount(most),
    });
    tell("good", "Ordered. Providers are bidding.", `/jobs/${opened.job}`);
    go(`/jobs/${opened.job}`);
  };
  return (
    <>
      <Heading title="Run a job" lead="Strangers run it, their results are compared, and the ledger pays for exactly what was used" />
      <div className="columns wide-first">
        <Card title="Program">
          <Picker program={program} take={setProgram} />
          {program === null && (
            <p className="or">or <button className="button small" onClick={() => void sample()}>Use the word counter</button></p>
          )}
          <Form label="Run it" act={run} disabled={program === null || signer === null || millions === null}>
            <TextField name="Input" rows={5} value={input} onChange={(event) => setInput(event.target.value)} hint="What the program reads from its standard input" spellCheck={false} />
            <Field name="Arguments" value={words} onChange={(event) => setWords(event.target.value)} hint="Separated by spaces" />
            <Choice
              name="Providers that run it" value={replicas} change={setReplicas}
              of={[["1", "1 — signed by its provider"], ["2", "2 — results must be equal"], ["3", "3 — a majority must agree"], ["5", "5 — a majority must agree"]]}
            />
            <details>
              <summary>Limits</summary>
              <Field name="Fuel, in millions" inputMode="numeric" value={fuel} onChange={(event) => setFuel(event.target.value)} hint="About one a WebAssembly instruction; what is not used is not paid" />
              <Field name={`The most it may cost, in ${unit}`} inputMode="decimal" value={most} onChange={(event) => setMost(event.target.value)} hint="What the dearest providers would ask when empty" />
            </details>
          </Form>
          {signer === null && (
            <p className="hint">{sealed === null ? "Ordering needs a wallet. " : "Your wallet is locked. "}<Link to="/wallet">{sealed === null ? "Make one" : "Unlock it"}</Link></p>
          )}
        </Card>
        <Card title="What it costs">
          {quote.error !== undefined && <p className="wrong"><Icon name="alert" size={16} />{quote.error.message}</p>}
          {quote.data !== undefined && (
            <Facts of={[
              ["At the lowest prices", `${amount(quote.data.costMin)} ${unit}`],
              ["At the highest", `${amount(quote.data.costMax)} ${unit}`],
              ["Fee of the order", `${amount(quote.data.transactionFee, 6)} ${unit}`],
              ["Providers now", quote.data.providers],
            ]} />
          )}
          <p className="hint">That is for all the fuel it may use. The money is held while the job lives; what was not used comes back when it settles.</p>
        </Card>
      </div>
    </>
  );
}

function Picker({ program, take }: { program: Program | null; take: (program: Program | null) => void }): JSX.Element {
  const [isOver, setOver] = useState(false);
  const read = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    if (file.size > programBytesMax) return tell("bad", `A program may have ${bytes(programBytesMax)}; this one has ${bytes(file.size)}.`);
    const content = new Uint8Array(await file.arrayBuffer());
    const isModule = content[0] === 0 && content[1] === 0x61 && content[2] === 0x73 && content[3] === 0x6d;
    if (!isModule) return tell("bad", `${file.name} is no WebAssembly program.`);
    take({ name: file.name, content });
  };
  if (program !== null) {
    return (
      <div className="picked">
        <Icon name="box" size={22} />
        <div><b>{program.name}</b><span className="muted">{bytes(program.content.length)}</span></div>
        <button className="button quiet small" onClick={() => take(null)}>Another</button>
      </div>
    );
  }
  return (
    <label
      className={`drop ${isOver ? "over" : ""}`}
      onDragOver={(event) => { event.preventDefault(); setOver(true); }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => { event.preventDefault(); setOver(false); void read(event.dataTransfer.files[0]); }}
    >
      <Icon name="upload" size={24} />
      <b>Drop a .wasm file here, or choose one</b>
      <span className="muted">WebAssembly with WASI preview 1</span>
      <input type="file" accept=".wasm,application/wasm" onChange={(event) => void read(event.target.files?.[0])} />
    </label>
  );
}
