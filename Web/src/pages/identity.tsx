// SPDX-License-Identifier: Apache-2.0
import React, { useState } from "react";
import { createIdentity } from "../../../SDKs/javascript/src/actions/createIdentity";
import { newSeed, signerOf } from "../../../SDKs/javascript/src/crypto/signer";
import { base58 } from "../../../SDKs/javascript/src/bytes/base58";
import { fromHex, toHex } from "../../../SDKs/javascript/src/bytes/hex";
import { proofFile } from "../../../SDKs/javascript/src/verify/files";
import { count, moment } from "../data/format";
import { gateway } from "../data/gateway";
import type { Schemas } from "../data/gateway";
import { Link, go, usePlace } from "../data/router";
import { useResource } from "../data/useResource";
import { Field, Form, tell } from "../parts/act";
import { Badge, Card, Empty, Facts, Heading, Id, Loaded, Table } from "../parts/basics";
import { CredentialCard } from "./credential";
import { session, useWallet } from "../wallet/wallet";

/** Who somebody is on this chain. */
export function IdentityPage(): JSX.Element {
  const find = usePlace().query.get("find") ?? "";
  const { sealed, signer } = useWallet();
  const [text, setText] = useState(find);
  return (
    <>
      <Heading title="Identity" lead="Names, keys and credentials that no company can take away" />
      <Card className="narrow">
        <Form label="Look it up" act={async () => go(`/identity?find=${encodeURIComponent(text.trim())}`)} disabled={text.trim() === ""}>
          <Field name="A name, an account or a did:" value={text} onChange={(event) => setText(event.target.value)} spellCheck={false} />
        </Form>
      </Card>
      {find !== "" && <Found text={find} />}
      {sealed !== null && <Card title="Yours"><Record did={didOf(sealed.account)} account={sealed.account} none={signer === null ? <p className="hint"><Link to="/wallet">Unlock your wallet</Link> to begin your identity's log.</p> : <Begin />} /></Card>}
      <div className="columns">
        <CredentialCard />
        <Issuers />
      </div>
    </>
  );
}

const didOf = (account: string): string =>
  /^[0-9a-f]{64}$/.test(account) ? `did:atoll:z${base58(fromHex(account))}` : account;

function Found({ text }: { text: string }): JSX.Element {
  const isName = /^[a-z0-9-]{3,32}$/i.test(text) && !/^[0-9a-f]{64}$/i.test(text);
  if (isName) return <NameCard name={text.toLowerCase()} />;
  return <Card title="Found"><Record did={text.startsWith("did:") ? text : didOf(text.toLowerCase())} none={<Empty icon="person" title="No log of this identity has begun" />} /></Card>;
}

function NameCard({ name }: { name: string }): JSX.Element {
  const record = useResource(`name ${name}`, () => gateway.get<Schemas["Name"]>(`/v1/names/${encodeURIComponent(name)}`));
  return (
    <Card title={name}>
      <Loaded of={record}>
        {(one) => (
          <Facts of={[
            ["State", <Badge tone={one.state === "held" ? "good" : "info"}>{one.state}</Badge>],
            ["Stands for", one.target === undefined ? "nobody" : <Id value={one.target} to={`/accounts/${one.target}`} />],
            ["Held by", one.owner === undefined ? "nobody" : <Id value={one.owner} to={`/accounts/${one.owner}`} />],
            ["Until", one.expires === undefined ? "—" : moment(one.expires)],
          ]} />
        )}
      </Loaded>
    </Card>
  );
}

/** Whether the state holds a log of an account's identity; the proof says so even of nothing. */
async function hasLog(account: string): Promise<boolean> {
  const file = proofFile.read(await gateway.bytes(`/v1/proofs/identities/01${account}`));
  return file[0]?.entries[0]?.value !== null;
}

function Record({ did, none, account }: { did: string; none: React.ReactNode; account?: string }): JSX.Element {
  const record = useResource(`record ${did}`, async () => {
    if (account !== undefined && !(await hasLog(account))) return null;
    return gateway.get<Schemas["IdentityRecord"]>(`/v1/identities/${encodeURIComponent(did)}/record`).catch((failure: { status?: number }) => {
      if (failure.status === 404) return null;
      throw failure;
    });
  }, 2_000);
  return (
    <Loaded of={record}>
      {(one) => one === null ? none : (
        <>
          <Facts of={[
            ["Identity", <code className="wrap">{one.did}</code>], ["State", <Badge tone={one.isDeactivated ? "bad" : "good"}>{one.isDeactivated ? "ended" : "in use"}</Badge>],
            ["Entries of its log", count(one.entries)], ["Signs with", <Id value={one.controller} />], ["Proven at block", count(one.height)],
          ]} />
          <details><summary>Its document</summary><pre className="console" tabIndex={0}>{JSON.stringify(one.document, null, 2)}</pre></details>
        </>
      )}
    </Loaded>
  );
}

/** Begins the log of the wallet's identity with a spare key that only a backup holds. */
function Begin(): JSX.Element {
  const act = async (): Promise<void> => {
    const seed = await newSeed();
    const spare = await signerOf(seed);
    const link = document.createElement("a");
    link.href = `data:text/plain,${encodeURIComponent(`Spare key of an Atoll identity, 32 bytes:\n${toHex(seed)}\n`)}`;
    link.download = "atoll-identity-spare-key.txt";
    // Saved first: an identity whose spare key is lost cannot be taken back.
    link.click();
    await createIdentity(await session(), spare.publicKey);
    tell("good", "Your identity's log has begun. Keep its spare key somewhere else.");
  };
  return (
    <>
      <p>Its log is on the chain: keys can change and you stay the same person. A spare key is saved to your disk; with it you take the identity back when this wallet is lost.</p>
      <Form label="Begin my identity" act={act} />
    </>
  );
}

function Issuers(): JSX.Element {
  const page = useResource("issuers", () => gateway.get<Schemas["IssuerPage"]>("/v1/issuers"));
  return (
    <Card title="Who attests">
      <Loaded of={page}>
        {({ issuers }) => issuers.length === 0
          ? <Empty icon="shield" title="Nobody attests on this chain yet"><p>Issuers leave a bond and attest what people may then show without asking again.</p></Empty>
          : <Table caption="Issuers" head={["Issuer", "State", "Attests"]} rows={issuers.map((one) => ({ key: one.account, cells: [<Id value={one.account} to={`/identity?find=${one.did}`} />, <Badge>{one.state}</Badge>, JSON.stringify(one.authorities)] }))} />}
      </Loaded>
    </Card>
  );
}
