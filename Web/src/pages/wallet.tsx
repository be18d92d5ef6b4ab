// SPDX-License-Identifier: Apache-2.0
import React, { useState } from "react";
import { amount, span, unit } from "../data/format";
import { gateway } from "../data/gateway";
import { useResource } from "../data/useResource";
import { Field, Form, Tabs, TextField, tell } from "../parts/act";
import { Card, Empty, Heading, Id, Tile } from "../parts/basics";
import { History } from "../parts/history";
import { Icon } from "../parts/icons";
import { useBalance } from "../wallet/useBalance";
import { canKeepKeys, create, passphraseMin, remove, restore, unlock, useWallet } from "../wallet/wallet";
import { SendPart } from "./walletSend";
import { StakePart, useStakes } from "./walletStake";
import { VotesPart } from "./walletVotes";

/** The wallet of this browser. */
export function WalletPage({ part }: { part: string | undefined }): JSX.Element {
  const { sealed, signer } = useWallet();
  if (!canKeepKeys()) {
    return (
      <>
        <Heading title="Wallet" />
        <Empty icon="lock" title="This page cannot keep keys">
          <p>Browsers give cryptography to secure pages alone. Open the dashboard through https, or on the machine itself as http://127.0.0.1.</p>
        </Empty>
      </>
    );
  }
  if (sealed === null) return <Begin />;
  if (signer === null) return <Locked account={sealed.account} />;
  return <Open account={signer.account} part={part} />;
}

function Begin(): JSX.Element {
  const [first, setFirst] = useState("");
  const [second, setSecond] = useState("");
  const [file, setFile] = useState("");
  const [passphrase, setPassphrase] = useState("");
  const make = async (): Promise<void> => {
    if (first !== second) throw new Error("The two passphrases differ.");
    await create(first);
    tell("good", "Your wallet is ready. Keep a backup of it.", "/wallet/backup");
  };
  return (
    <>
      <Heading title="Make a wallet" lead="A key of your own. It is made here, sealed by your passphrase, and never leaves this browser unsealed." />
      <div className="columns">
        <Card title="A new one">
          <Form label="Make the wallet" act={make} disabled={first.length < passphraseMin}>
            <Field name="Passphrase" type="password" autoComplete="new-password" value={first} onChange={(event) => setFirst(event.target.value)} hint={`At least ${passphraseMin} characters. Nobody can give it back to you.`} />
            <Field name="Passphrase again" type="password" autoComplete="new-password" value={second} onChange={(event) => setSecond(event.target.value)} />
          </Form>
        </Card>
        <Card title="One you have">
          <Form label="Take it" tone="quiet" act={() => restore(file, passphrase)} disabled={file === ""}>
            <TextField name="Wallet file" rows={4} value={file} onChange={(event) => setFile(event.target.value)} hint="The text of the backup you saved" spellCheck={false} />
            <Field name="Its passphrase" type="password" autoComplete="current-password" value={passphrase} onChange={(event) => setPassphrase(event.target.value)} />
          </Form>
        </Card>
      </div>
    </>
  );
}

function Locked({ account }: { account: string }): JSX.Element {
  const [passphrase, setPassphrase] = useState("");
  return (
    <>
      <Heading title="Wallet" lead={<Id value={account} side={10} to={`/accounts/${account}`} />} />
      <Card title="It is locked" className="narrow">
        <Form label="Unlock" act={() => unlock(passphrase)} disabled={passphrase === ""}>
          <Field name="Passphrase" type="password" autoComplete="current-password" value={passphrase} onChange={(event) => setPassphrase(event.target.value)} />
        </Form>
      </Card>
    </>
  );
}

function Open({ account, part }: { account: string; part: string | undefined }): JSX.Element {
  const balance = useBalance(account);
  const stakes = useStakes(account);
  const staked = (stakes.data?.delegations ?? []).reduce(
    (sum, one) => sum + BigInt(one.steady) + BigInt(one.compounding), 0n);
  const rewards = (stakes.data?.delegations ?? []).reduce((sum, one) => sum + BigInt(one.reward), 0n);
  return (
    <>
      <Heading title="Wallet" lead={<Id value={account} side={10} to={`/accounts/${account}`} />}>
        <FaucetButton account={account} isEmpty={balance.data === 0n} done={balance.reload} />
      </Heading>
      <div className="tiles">
        <Tile name="To spend" value={balance.data === undefined ? "…" : amount(balance.data, 2)} note={unit} />
        <Tile name="Staked" value={amount(staked, 2)} note={unit} />
        <Tile name="Rewards" value={amount(rewards)} note={`${unit} to claim`} />
        <Tile name="Votes" value={amount(stakes.data?.power ?? "0", 2)} note="one a token at stake" />
      </div>
      <Tabs
        now={part === undefined ? "/wallet" : `/wallet/${part}`}
        of={[["/wallet", "Activity"], ["/wallet/send", "Send"], ["/wallet/stake", "Stake"], ["/wallet/votes", "Votes"], ["/wallet/backup", "Backup"]]}
      />
      {part === undefined && <History account={account} />}
      {part === "send" && <SendPart balance={balance.data ?? 0n} sent={balance.reload} />}
      {part === "stake" && <StakePart account={account} balance={balance.data ?? 0n} />}
      {part === "votes" && <VotesPart account={account} balance={balance.data ?? 0n} />}
      {part === "backup" && <Backup />}
    </>
  );
}

/** Test money, where the gateway gives any. */
function FaucetButton({ account, isEmpty, done }: { account: string; isEmpty: boolean; done: () => void }): JSX.Element | null {
  const faucet = useResource("faucet", () => gateway.get<{ amount: string; perAccount: number; windowSeconds: number }>("/v1/faucet"));
  const [isBusy, setBusy] = useState(false);
  if (faucet.data === undefined || faucet.data.amount === "0") return null;
  const given = faucet.data.amount;
  const ask = async (): Promise<void> => {
    setBusy(true);
    try {
      const before = BigInt((await gateway.account(account)).balances[0]?.amount ?? "0");
      await gateway.post("/v1/faucet", { account });
      for (let turn = 0; turn < 50; turn += 1) {
        const now = BigInt((await gateway.account(account)).balances[0]?.amount ?? "0");
        if (now > before) break;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      tell("good", `${amount(given)} ${unit} of test money are yours.`);
      done();
    } catch (failure) {
      tell("bad", failure instanceof Error ? failure.message : String(failure));
    }
    setBusy(false);
  };
  return (
    <button
      className={`button ${isEmpty ? "primary" : ""}`} onClick={() => void ask()} disabled={isBusy} aria-busy={isBusy}
      title={`${faucet.data.perAccount} times in ${span(faucet.data.windowSeconds * 1_000)}`}
    >
      <Icon name="drop" />Get {amount(given, 0)} test tokens
    </button>
  );
}

function Backup(): JSX.Element {
  const { sealed } = useWallet();
  const [word, setWord] = useState("");
  if (sealed === null) return <></>;
  const text = JSON.stringify(sealed, null, 2);
  const save = async (): Promise<void> => {
    const link = document.createElement("a");
    link.href = `data:application/json,${encodeURIComponent(text)}`;
    link.download = `atoll-wallet-${sealed.account.slice(0, 8)}.json`;
    link.click();
    tell("good", "Saved. It opens with your passphrase alone.");
  };
  return (
    <div className="columns">
      <Card title="Keep a copy">
        <p>The copy is sealed by your passphrase. With both you can use this account in any browser; with one of them alone nobody can.</p>
        <Form label="Save the wallet file" act={save} />
        <details><summary>Show it</summary><pre className="console" tabIndex={0}>{text}</pre></details>
      </Card>
      <Card title="Remove it from this browser">
        <p>What the account has stays on the chain. Without a copy nobody can ever move it again.</p>
        <Form label="Remove the wallet" tone="danger" disabled={word !== "remove"} act={async () => remove()}>
          <Field name="Write “remove” to confirm" value={word} onChange={(event) => setWord(event.target.value)} />
        </Form>
      </Card>
    </div>
  );
}

