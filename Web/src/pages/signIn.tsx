// SPDX-License-Identifier: Apache-2.0
import React, { useState } from "react";
import { login, logout } from "../../../SDKs/javascript/src/actions/login";
import { GatewayClient } from "../../../SDKs/javascript/src/client/client";
import type { Access } from "../data/access";
import { show, showNothing } from "../data/access";
import { gateway } from "../data/gateway";
import { Link } from "../data/router";
import { Field, Form, tell } from "../parts/act";
import { Card, Empty, Heading, Id } from "../parts/basics";
import { openSigner, unlock, useWallet } from "../wallet/wallet";

/** Logs in with the open wallet. */
async function signIn(): Promise<void> {
  const { token, account, expires } = await login(gateway, openSigner());
  show(token, account, expires);
}

/** Ends the session here and at the gateway. */
export async function signOut(): Promise<void> {
  await logout(gateway).catch(() => undefined);
  showNothing();
  tell("good", "You have signed out.");
}

/** In place of every page, where the gateway wants to know who asks. */
export function SignInPage({ access }: { access: Access }): JSX.Element {
  return (
    <>
      <Heading title="Sign in" lead="This gateway answers those it knows." />
      {access.isRefused && access.shown?.account != null && <Refused account={access.shown.account} />}
      <div className="columns">
        <WithWallet />
        <WithKey />
      </div>
    </>
  );
}

function Refused({ account }: { account: string }): JSX.Element {
  return (
    <Card className="unsure">
      <Empty icon="lock" title="This gateway knows your signature, and does not let you read yet">
        <p>Ask its owner to put your account into a team: <Id value={account} side={10} /></p>
        <button className="button" onClick={() => void signOut()}>Sign out</button>
      </Empty>
    </Card>
  );
}

function WithWallet(): JSX.Element {
  const { sealed, signer } = useWallet();
  const [passphrase, setPassphrase] = useState("");
  if (sealed === null) {
    return (
      <Card title="With your wallet">
        <Empty icon="wallet" title="There is no wallet in this browser">
          <Link to="/wallet" className="button primary">Make or restore one</Link>
        </Empty>
      </Card>
    );
  }
  const act = async (): Promise<void> => {
    if (signer === null) await unlock(passphrase);
    await signIn();
  };
  return (
    <Card title="With your wallet">
      <p>Your wallet signs a text that names this gateway. It lasts an hour and moves no money.</p>
      <Form label="Sign in" act={act} disabled={signer === null && passphrase === ""}>
        {signer === null && (
          <Field name="Passphrase" type="password" autoComplete="current-password" value={passphrase} onChange={(event) => setPassphrase(event.target.value)} />
        )}
      </Form>
    </Card>
  );
}

function WithKey(): JSX.Element {
  const [text, setText] = useState("");
  const act = async (): Promise<void> => {
    // Asked for by itself, so that a key that is not taken is said here.
    await new GatewayClient("", { accessKey: text.trim() }).status();
    show(text.trim());
  };
  return (
    <Card title="With a key">
      <p>A key of the owner's, of your team's, or one you made. It is kept until this tab is closed.</p>
      <Form label="Use the key" tone="quiet" act={act} disabled={!/^\s*(atoll_\w+|[0-9a-f]{64})\s*$/.test(text)}>
        <Field name="Key" type="password" autoComplete="off" spellCheck={false} value={text} onChange={(event) => setText(event.target.value)} hint="It begins with atoll_" />
      </Form>
    </Card>
  );
}
