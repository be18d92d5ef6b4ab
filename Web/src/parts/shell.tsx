// SPDX-License-Identifier: Apache-2.0
import React, { useEffect, useState } from "react";
import { useAccess } from "../data/access";
import { acceptChain, remembersOtherChain } from "../data/gateway";
import { useStatus } from "../data/live";
import { amount, brief, moment, unit } from "../data/format";
import { Link, go, usePlace } from "../data/router";
import { useBalance } from "../wallet/useBalance";
import { SignInPage, signOut } from "../pages/signIn";
import { lock, useWallet } from "../wallet/wallet";
import { Icon, Mark } from "./icons";
import type { IconName } from "./icons";
import { Notes } from "./act";

const groups: [string, [string, string, IconName][]][] = [
  ["", [["/", "Overview", "home"], ["/jobs", "Jobs", "play"], ["/wallet", "Wallet", "wallet"]]],
  ["Cloud", [["/providers", "Providers", "server"], ["/validators", "Validators", "shield"], ["/blocks", "Blocks", "blocks"], ["/network", "Network", "globe"]]],
  ["Together", [["/proposals", "Proposals", "vote"], ["/treasury", "Treasury", "coins"], ["/identity", "Identity", "person"]]],
  ["Run", [["/operations", "Operations", "pulse"]]],
];

/** What stands around every page. */
export function Shell({ children }: { children: React.ReactNode }): JSX.Element {
  const place = usePlace();
  const [isOpen, setOpen] = useState(false);
  const access = useAccess();
  const { sealed } = useWallet();
  const isShut = access.isNeeded || access.isRefused;
  // Whoever has no wallet makes one first, to sign in with it.
  const signsIn = isShut && !(place.parts[0] === "wallet" && sealed === null);
  const path = `/${place.parts.join("/")}`;
  useEffect(() => {
    setOpen(false);
    const heading = document.querySelector<HTMLElement>("main h1");
    if (document.activeElement !== document.body) heading?.focus({ preventScroll: true });
  }, [path]);
  return (
    <div className={`shell ${isOpen ? "open" : ""}`}>
      <a className="skip" href="#main">Skip to the content</a>
      <header className="top">
        <button className="menu" aria-label="Menu" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          <Icon name={isOpen ? "cross" : "menu"} />
        </button>
        <Link to="/" className="brand" aria-label="Atoll, the overview"><Mark /><span>Atoll</span></Link>
        <Search />
        <Health />
        <Theme />
        <Purse />
      </header>
      <nav className="side" aria-label="Pages">
        {groups.map(([name, links]) => (
          <div key={name} className="group">
            {name !== "" && <p>{name}</p>}
            {links.map(([to, label, icon]) => {
              const isNow = to === "/" ? path === "/" : place.parts[0] === to.slice(1);
              return (
                <Link key={to} to={to} aria-current={isNow ? "page" : undefined}>
                  <Icon name={icon} /><span>{label}</span>
                </Link>
              );
            })}
          </div>
        ))}
        {access.shown !== null && !isShut && (
          <button className="leave" onClick={() => void signOut()}><Icon name="lock" /><span>Sign out</span></button>
        )}
      </nav>
      {isOpen && <button className="veil" aria-label="Close the menu" onClick={() => setOpen(false)} />}
      <main id="main">{signsIn ? <SignInPage access={access} /> : <><Warnings />{children}</>}</main>
      <Notes />
    </div>
  );
}

function Search(): JSX.Element {
  const [text, setText] = useState("");
  const find = (event: React.FormEvent): void => {
    event.preventDefault();
    const words = text.trim();
    if (/^\d+$/.test(words)) go(`/blocks/${words}`);
    else if (/^[0-9a-f]{64}$/i.test(words)) go(`/accounts/${words.toLowerCase()}?find=1`);
    else if (words !== "") go(`/identity?find=${encodeURIComponent(words)}`);
    setText("");
  };
  return (
    <form className="search" role="search" onSubmit={find}>
      <input
        type="search" value={text} onChange={(event) => setText(event.target.value)}
        aria-label="Find a block, account, job, transaction or name" placeholder="Find a block, account, job or name"
      />
    </form>
  );
}

function Health(): JSX.Element {
  const status = useStatus();
  const access = useAccess();
  if (access.isNeeded || access.isRefused) {
    return <span className="health plain"><i />Private</span>;
  }
  const isDown = status.error !== undefined;
  const tone = isDown ? "bad" : status.data === undefined ? "plain" : status.data.hasQuorum ? "good" : "warn";
  const words = isDown ? "Offline" : status.data === undefined ? "Connecting" : status.data.hasQuorum ? status.data.name : "No quorum";
  return (
    <Link to="/operations" className={`health ${tone}`} aria-label={`The cloud: ${words}`}>
      <i />{words}{status.data !== undefined && !isDown && <b>{status.data.height.toLocaleString("en")}</b>}
    </Link>
  );
}

function Theme(): JSX.Element {
  const [theme, setTheme] = useState(document.documentElement.dataset["theme"] ?? "light");
  const turn = (): void => {
    const next = theme === "dark" ? "light" : "dark";
    document.documentElement.dataset["theme"] = next;
    localStorage.setItem("atoll.theme", next);
    setTheme(next);
  };
  return (
    <button className="round" onClick={turn} aria-label={theme === "dark" ? "Use light colours" : "Use dark colours"}>
      <Icon name={theme === "dark" ? "sun" : "moon"} />
    </button>
  );
}

function Purse(): JSX.Element {
  const { sealed, signer } = useWallet();
  const balance = useBalance(signer?.account ?? null);
  if (sealed === null) return <Link to="/wallet" className="button primary small">Make a wallet</Link>;
  if (signer === null) {
    return <Link to="/wallet" className="button small"><Icon name="lock" size={15} />Unlock</Link>;
  }
  return (
    <span className="purse">
      <Link to="/wallet" aria-label="Your wallet">
        <b>{balance.data === undefined ? "…" : amount(balance.data, 2)}</b> {unit}<code>{brief(signer.account, 4)}</code>
      </Link>
      <button className="round" onClick={lock} aria-label="Lock the wallet"><Icon name="lock" size={15} /></button>
    </span>
  );
}

/** What everybody should know before reading on. */
function Warnings(): JSX.Element | null {
  const status = useStatus();
  const [isAccepted, setAccepted] = useState(false);
  if (status.isStale) {
    return (
      <div className="banner bad" role="alert">
        <Icon name="alert" />Connection lost. What you see is from {moment(status.at)}; it goes on by itself when the gateway answers.
      </div>
    );
  }
  if (status.data !== undefined && !status.data.hasQuorum) {
    return (
      <div className="banner warn" role="alert">
        <Icon name="alert" />Too few validators are in reach, so nothing becomes final now. {status.data.reason ?? ""}
      </div>
    );
  }
  if (status.data !== undefined && !isAccepted && remembersOtherChain(status.data.chain)) {
    const chain = status.data.chain;
    const accept = (): void => {
      acceptChain(chain);
      setAccepted(true);
    };
    return (
      <div className="banner warn" role="alert">
        <Icon name="alert" />
        <span>This address follows another chain than last time. A new local cloud does that; somebody else's gateway does, too.</span>
        <button className="button small" onClick={accept}>I know, go on</button>
      </div>
    );
  }
  return null;
}
